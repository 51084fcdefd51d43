using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Invoices;

/// <summary>Invoices as a workbook.</summary>
static class InvoiceFiles
{
    public static void MapInvoiceFiles(this IEndpointRouteBuilder app) =>
        app.MapGet("/invoices/export.xlsx", async (HttpContext http, [AsParameters] InvoiceFilter filter, CitySessions sessions, CityNames names,
            Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), InvoicePermissions.View, ct);
            var rows = filter.Apply(s).OrderByDescending(x => x.AskedAt).ThenByDescending(x => x.Id);
            await http.Response.WriteListAsync(s, texts["Invoices"], Columns(texts, s.City.Zone, name => names.Of(s.City, name)), rows, ct);
        }).RequireAuthorization(InvoicePermissions.View);

    static List<XlsxColumn<InvoiceRow>> Columns(IStringLocalizer<Texts> texts, CityZone zone, Func<string, string> name) =>
    [
        new(texts["Asked for"], 20, x => zone.Local(x.AskedAt)),
        new(texts["State"], 14, x => texts.Of(x.State)),
        new(texts["Invoice number"], 26, x => x.Number),
        new(texts["Issued"], 20, x => x.IssuedAt is { } at ? zone.Local(at) : null),
        new(texts["Made out to"], 30, x => x.Buyer),
        new(texts["Tax number"], 22, x => x.BuyerTaxNumber),
        new(texts["Issuer"], 30, x => x.Issuer),
        new(texts["Lot"], 24, x => name(x.Lot)),
        new(texts["Without tax"], 14, x => new Money(x.Net)),
        new(texts["Tax"], 14, x => new Money(x.Tax)),
        new(texts["With tax"], 14, x => new Money(x.Gross)),
        new(texts["Problem"], 40, x => x.Problem)
    ];
}
