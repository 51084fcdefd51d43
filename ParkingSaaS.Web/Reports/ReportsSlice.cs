using Microsoft.Extensions.Localization;
using MudBlazor;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Payments;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Reports;

/// <summary>The home page, and the reports, also as files.</summary>
sealed class ReportsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Overview, 10, "", "Home", Icons.Material.Outlined.Home, ReportPermissions.Home),
        new(MenuGroup.Overview, 210, "occupancy", "Lots by area", Icons.Material.Outlined.DonutSmall, LotPermissions.View),
        new(MenuGroup.Reports, 400, "reports/income", "Income", Icons.Material.Outlined.BarChart, ReportPermissions.Income)
    ];

    public void AddServices(IServiceCollection services, Settings settings) => services
        .AddSingleton(new LotPart(10, typeof(LotTodayPart), ReportPermissions.Home))
        .AddSingleton<WhatIfRuns>();

    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        app.MapOccupancyFile();
        app.MapPriceBoard();

        app.MapGet("/reports/income.xlsx", async (HttpContext http, DateOnly from, DateOnly to, Guid? lot, DailyIncome income,
            CityDirectory cities, Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            var actor = principals.ActorOf(http.User);
            if (!(await income.RunAsync(actor, from, to, lot, ct)).Try(out var rows, out var error))
            {
                await Results.Text(texts.Of(error), statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
                return;
            }
            http.Response.AsWorkbook($"{texts["Income"]} {from:yyyy-MM-dd} {to:yyyy-MM-dd}");
            await Xlsx.WriteAsync(http.Response.BodyWriter.AsStream(), texts["Income"], cities.Get(actor.City).Currency,
                Columns(texts), rows.ToAsyncEnumerable(), ct);
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
            return PdfPrinter.Answer(printed, $"{texts["Income"]} {from:yyyy-MM-dd} {to:yyyy-MM-dd}", texts);
        }).RequireAuthorization(ReportPermissions.Income);

        app.MapGet("/reports/what-if/{id:guid}/{part}.xlsx", async (HttpContext http, Guid id, string part, WhatIfRuns runs, CityDirectory cities,
            Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            var actor = principals.ActorOf(http.User);
            if (Principals.SessionOf(http.User) is not { } session || runs.Of(session) is not { Result: { } result } run
                || run.Id != id || part is not ("sums" or "orders"))
            {
                await Results.NotFound().ExecuteAsync(http);
                return;
            }
            var title = texts["What if"].Value;
            http.Response.AsWorkbook($"{title} {run.Question.From:yyyy-MM-dd} {run.Question.To:yyyy-MM-dd}");
            var (to, city) = (http.Response.BodyWriter.AsStream(), cities.Get(actor.City));
            if (part == "sums")
                await Xlsx.WriteAsync(to, title, city.Currency, SumColumns(texts), Sums(texts, result).ToAsyncEnumerable(), ct);
            else
                await Xlsx.WriteAsync(to, title, city.Currency, OrderColumns(texts, city.Zone), result.Dearer.Concat(result.Cheaper).ToAsyncEnumerable(), ct);
        }).RequireAuthorization(ReportPermissions.WhatIf);
    }

    static IEnumerable<(string Group, string Name, WhatIfSum Sum)> Sums(IStringLocalizer<Texts> texts, WhatIfResult result) =>
    [
        (texts["Total"], "", result.Total),
        .. result.Lots.Select(l => (texts["Lot"].Value, l.Name, l.Sum)),
        .. result.Vehicles.Select(v => (texts["Vehicle"].Value, texts.Of(v.Kind), v.Sum)),
        .. result.Hours.Select((sum, hour) => (texts["Hour of entry"].Value, $"{hour:00}:00", sum))
    ];

    static List<XlsxColumn<(string Group, string Name, WhatIfSum Sum)>> SumColumns(IStringLocalizer<Texts> texts) =>
    [
        new(texts["Grouped by"], 16, r => r.Group),
        new(texts["Name"], 28, r => r.Name),
        new(texts["Orders"], 12, r => r.Sum.Orders),
        new(texts["Charged then"], 14, r => r.Sum.Then),
        new(texts["Charged now"], 14, r => r.Sum.Now),
        new(texts["Difference"], 14, r => r.Sum.Difference),
        new(texts["Pay less"], 12, r => r.Sum.Cheaper),
        new(texts["Pay more"], 12, r => r.Sum.Dearer),
        new(texts["Unchanged"], 12, r => r.Sum.Unchanged)
    ];

    static List<XlsxColumn<WhatIfOrder>> OrderColumns(IStringLocalizer<Texts> texts, CityZone zone) =>
    [
        new(texts["Plate"], 14, o => o.Plate),
        new(texts["Lot"], 24, o => o.Lot),
        new(texts["Entered"], 20, o => zone.Local(o.EnteredAt)),
        new(texts["Left"], 20, o => zone.Local(o.ExitedAt)),
        new(texts["Charged then"], 14, o => o.Then),
        new(texts["Charged now"], 14, o => o.Now),
        new(texts["Difference"], 14, o => o.Now - o.Then),
        new(texts["Order number"], 38, o => o.Id.ToString())
    ];

    static List<XlsxColumn<IncomeRow>> Columns(IStringLocalizer<Texts> texts) =>
    [
        new(texts["Date"], 12, r => r.Date),
        new(texts["Lot"], 28, r => r.Lot),
        new(texts["Method"], 16, r => texts.Method(r.Method)),
        new(texts["How many"], 12, r => r.Count),
        new(texts["Amount"], 14, r => r.Amount)
    ];
}
