using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Accounts;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Reports;

/// <summary>The home page and the reports.</summary>
static class ReportsSetup
{
    public static IServiceCollection AddReportPages(this IServiceCollection services) => services
        .AddMenu(10, "", "Home", "home", ReportPermissions.Home)
        .AddMenu(400, "reports/income", "Income", "bar_chart", ReportPermissions.Income)
        .AddSingleton<PdfPrinter>(sp => new PdfPrinter(sp.GetRequiredService<IServiceScopeFactory>(), sp.GetRequiredService<ILoggerFactory>(),
            sp.GetRequiredService<TimeProvider>()));

    /// <summary>The reports as files.</summary>
    public static void MapReportFiles(this IEndpointRouteBuilder app)
    {
        app.MapGet("/reports/income.xlsx", async (HttpContext http, DateOnly from, DateOnly to, Guid? lot, DailyIncome income,
            Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            if (!(await income.RunAsync(principals.ActorOf(http.User), from, to, lot, ct)).Try(out var rows, out var error))
            {
                await Results.Text(texts.Of(error), statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
                return;
            }
            http.Response.AsWorkbook($"{texts["Income"]} {from:yyyy-MM-dd} {to:yyyy-MM-dd}");
            await Xlsx.WriteAsync(http.Response.BodyWriter.AsStream(), texts["Income"], Columns(texts), rows.ToAsyncEnumerable(), ct);
        }).RequireAuthorization(ReportPermissions.Income);

        app.MapGet("/reports/income.pdf", async (HttpContext http, DateOnly from, DateOnly to, Guid? lot, DailyIncome income, PdfPrinter printer,
            CityDirectory cities, TimeProvider clock, Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            var actor = principals.ActorOf(http.User);
            if (!(await income.RunAsync(actor, from, to, lot, ct)).Try(out var rows, out var error))
                return Results.Text(texts.Of(error), statusCode: StatusCodes.Status400BadRequest);
            var printed = await printer.PrintAsync<IncomePaper>(new Dictionary<string, object?>
            {
                [nameof(IncomePaper.City)] = cities.Get(actor.City),
                [nameof(IncomePaper.Rows)] = rows,
                [nameof(IncomePaper.From)] = from,
                [nameof(IncomePaper.To)] = to,
                [nameof(IncomePaper.Lot)] = lot is null || rows.Count == 0 ? null : rows[0].Lot,
                [nameof(IncomePaper.Printed)] = clock.GetUtcNow(),
                [nameof(IncomePaper.By)] = actor.Name
            }, ct);
            return printed.Try(out var pdf, out error)
                ? Results.File(pdf, "application/pdf", $"{texts["Income"]} {from:yyyy-MM-dd} {to:yyyy-MM-dd}.pdf")
                : Results.Text(texts.Of(error), statusCode: StatusCodes.Status503ServiceUnavailable);
        }).RequireAuthorization(ReportPermissions.Income);
    }

    static List<XlsxColumn<IncomeRow>> Columns(IStringLocalizer<Texts> texts) =>
    [
        new(texts["Date"], 12, r => r.Date),
        new(texts["Lot"], 28, r => r.Lot),
        new(texts["Method"], 16, r => texts.Method(r.Method)),
        new(texts["How many"], 12, r => r.Count),
        new(texts["Amount"], 14, r => r.Amount)
    ];
}
