using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Reports;

/// <summary>How full the lots are, as a workbook.</summary>
static class OccupancyFile
{
    public static void MapOccupancyFile(this IEndpointRouteBuilder app) =>
        app.MapGet("/occupancy.xlsx", async (HttpContext http, LotKind? kind, OccupancyFigures figures, Principals principals, CitySessions sessions,
            IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            var actor = principals.ActorOf(http.User);
            await using var s = await sessions.OpenAsync(actor, LotPermissions.View, ct);
            var now = await figures.RunAsync(actor, kind, StringComparer.CurrentCulture, ct);
            http.Response.AsWorkbook($"{texts["Lots by area"]} {s.City.Zone.Local(s.Now):yyyy-MM-dd HHmm}");
            await Xlsx.WriteAsync(http.Response.BodyWriter.AsStream(), texts["Lots by area"], s.City.Currency,
                Columns(texts), Rows(now, texts).ToAsyncEnumerable(), ct);
        }).RequireAuthorization(LotPermissions.View);

    static IEnumerable<Line> Rows(Occupancy now, IStringLocalizer<Texts> texts) =>
    [
        .. now.Areas.Select(a => new Line(texts["Area"], new string(' ', 2 * a.Depth) + a.Name, null, a.Places)),
        .. now.Roads.Select(r => new Line(texts["Road"], r.Name ?? texts["On no road"], r.Area, r.Places)),
        new Line(texts["Total"], null, null, now.Total)
    ];

    static List<XlsxColumn<Line>> Columns(IStringLocalizer<Texts> texts) =>
    [
        new(texts["Grouped by"], 10, l => l.By),
        new(texts["Name"], 28, l => l.Name),
        new(texts["Part of"], 20, l => l.Of),
        new(texts["Number of lots"], 10, l => l.Places.Lots),
        new(texts["Capacity"], 12, l => l.Places.Capacity),
        new(texts["Cars in now"], 12, l => l.Places.Parked),
        new(texts["Free"], 12, l => l.Places.Free),
        new(texts["Occupancy, %"], 14, l => l.Places.Percent)
    ];

    sealed record Line(string By, string? Name, string? Of, Places Places);
}
