using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Payments.Shifts;

/// <summary>Shifts, and what collectors took, as workbooks.</summary>
static class ShiftFiles
{
    public static void MapShiftFiles(this IEndpointRouteBuilder app)
    {
        app.MapGet("/shifts/export.xlsx", async (HttpContext http, [AsParameters] ShiftFilter filter, CitySessions sessions, CityNames names,
            Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), PaymentPermissions.Shift, ct);
            var rows = filter.Apply(s).OrderByDescending(x => x.OpenedAt).ThenByDescending(x => x.Id);
            await http.Response.WriteListAsync(s, texts["Shifts"], Columns(texts, s.City.Zone, name => names.Of(s.City, name)), rows, ct);
        }).RequireAuthorization(PaymentPermissions.Shift);

        app.MapGet("/reports/collectors.xlsx", async (HttpContext http, DateOnly from, DateOnly to, Guid? lot, CollectorReport report, CityDirectory cities,
            CityNames names, Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            var actor = principals.ActorOf(http.User);
            if (!(await report.RunAsync(actor, from, to, lot, ct)).Try(out var rows, out var error))
            {
                await Results.Text(texts.Of(error), statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
                return;
            }
            var city = cities.Get(actor.City);
            http.Response.AsWorkbook($"{texts["By collector"]} {from:yyyy-MM-dd} {to:yyyy-MM-dd}");
            await Xlsx.WriteAsync(http.Response.BodyWriter.AsStream(), texts["By collector"], city.Currency,
                Columns(texts, rows, name => names.Of(city, name)), rows.ToAsyncEnumerable(), ct);
        }).RequireAuthorization(PaymentPermissions.Shifts);
    }

    static List<XlsxColumn<ShiftRow>> Columns(IStringLocalizer<Texts> texts, CityZone zone, Func<string, string> name) =>
    [
        new(texts["Collector"], 18, x => name(x.Collector)),
        new(texts["Lot"], 24, x => name(x.Lot)),
        new(texts["Opened"], 20, x => zone.Local(x.OpenedAt)),
        new(texts["Handed in"], 20, x => x.ClosedAt is { } at ? zone.Local(at) : null),
        new(texts["State"], 14, x => texts.Of(x.State)),
        new(texts["Opening float"], 14, x => new Money(x.Float)),
        new(texts["Expected cash"], 14, x => new Money(x.Expected)),
        new(texts["Counted cash"], 14, x => x.Counted is { } counted ? new Money(counted) : null),
        new(texts["Difference"], 14, x => x.Difference is { } difference ? new Money(difference) : null),
        new(texts["Explanation"], 40, x => x.Explanation)
    ];

    static List<XlsxColumn<CollectorRow>> Columns(IStringLocalizer<Texts> texts, IReadOnlyList<CollectorRow> rows, Func<string, string> name) =>
    [
        new(texts["Collector"], 18, r => name(r.Collector)),
        new(texts["Shifts"], 10, r => r.Shifts),
        new(texts["Not taken over"], 14, r => r.Unconfirmed),
        .. CollectorTable.Methods(rows).SelectMany(method => new XlsxColumn<CollectorRow>[]
        {
            new(texts.Pair(texts.Method(method), texts["How many"]), 16, r => r.Sums.Where(x => x.Method == method).Sum(x => x.Count)),
            new(texts.Pair(texts.Method(method), texts["Collected"]), 16, r => CollectorTable.Taken(r, method)),
            new(texts.Pair(texts.Method(method), texts["Paid back"]), 16, r => CollectorTable.PaidBack(r, method))
        }),
        new(texts["Counted too much"], 14, r => r.Over),
        new(texts["Counted too little"], 14, r => r.Short)
    ];
}
