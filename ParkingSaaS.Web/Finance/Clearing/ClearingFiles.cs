using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Finance.Clearing;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Finance.Clearing;

/// <summary>A period that was shared out as a workbook, and each party's statement as a PDF.</summary>
static class ClearingFiles
{
    public static void MapClearingFiles(this IEndpointRouteBuilder app)
    {
        app.MapGet("/clearing/{id:guid}/export.xlsx", async (HttpContext http, Guid id, CitySessions sessions, CityNames names, Principals principals,
            IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), FinancePermissions.Clearing, ct);
            if (await ClearingView.ReadAsync(s, id, ct) is not { } view)
            {
                await Results.NotFound().ExecuteAsync(http);
                return;
            }
            var rows = view.Statements.SelectMany(x => x.Lines.Select(l => (Statement: x.Row, l.Row, l.Lot)));
            http.Response.AsWorkbook($"{texts["Clearing"]} {Show.Day(view.Run.From)} {Show.Day(view.Run.To)}");
            await Xlsx.WriteAsync(http.Response.BodyWriter.AsStream(), texts["Clearing"], s.City.Currency,
            [
                new(texts["Party"], 28, r => names.Of(s.City, r.Statement.Party)),
                new(texts["Lot"], 28, r => names.Of(s.City, r.Lot)),
                new(texts["From"], 12, r => r.Row.From),
                new(texts["To"], 12, r => r.Row.To),
                new(texts["Taken in"], 14, r => r.Row.Base),
                new(texts["Part"], 10, r => Show.Percent(r.Row.BasisPoints)),
                new(texts["Amount"], 14, r => r.Row.Amount),
                new(texts["Account holder"], 28, r => r.Statement.AccountHolder),
                new(texts["Bank and branch"], 28, r => r.Statement.Bank),
                new(texts["Account number"], 24, r => r.Statement.AccountNumber),
                new(texts["Day of the transfer"], 14, r => r.Statement.PaidOn),
                new(texts["Transfer number"], 24, r => r.Statement.Reference)
            ], rows.ToAsyncEnumerable(), ct);
        }).RequireAuthorization(FinancePermissions.Clearing);

        app.MapGet("/clearing/statements/{id:guid}.pdf", async (HttpContext http, Guid id, CitySessions sessions, PdfPrinter printer, CityNames names,
            Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            ClearingView? view;
            DateTimeOffset now;
            await using (var s = await sessions.OpenAsync(principals.ActorOf(http.User), FinancePermissions.Clearing, ct))
            {
                var run = await s.Db.Set<ClearingStatement>().Where(x => x.Id == id).Select(x => x.RunId).FirstOrDefaultAsync(ct);
                (view, now) = (await ClearingView.ReadAsync(s, run, ct), s.Now);
            }
            if (view?.Statements.FirstOrDefault(x => x.Row.Id == id) is not { } statement)
                return Results.NotFound();
            var printed = await printer.PrintAsync<StatementPaper>(new Dictionary<string, object?>
            {
                [nameof(StatementPaper.View)] = view,
                [nameof(StatementPaper.Statement)] = statement,
                [nameof(StatementPaper.Printed)] = now,
                [nameof(StatementPaper.By)] = principals.ActorOf(http.User).Name
            }, ct);
            return PdfPrinter.Answer(printed, $"{texts["Settlement statement"]} {names.Of(view.City, statement.Row.Party)} {view.Period}", texts);
        }).RequireAuthorization(FinancePermissions.Clearing);
    }
}
