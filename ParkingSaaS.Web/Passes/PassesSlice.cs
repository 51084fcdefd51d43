using System.Globalization;
using Microsoft.Extensions.Localization;
using MudBlazor;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Passes;

/// <summary>The pages of passes and their products, and the passes that the list shows as a workbook.</summary>
sealed class PassesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Customers, 60, "passes", "Passes", Icons.Material.Outlined.CardMembership, PassPermissions.View),
        new(MenuGroup.Customers, 65, "pass-products", "Pass products", Icons.Material.Outlined.Sell, PassPermissions.View)
    ];

    public void AddServices(IServiceCollection services, Settings settings) =>
        services.AddSingleton(new LotPart(60, typeof(LotPassesPart), PassPermissions.View));

    public void MapEndpoints(IEndpointRouteBuilder app) =>
        app.MapGet("/passes/export.xlsx", async (HttpContext http, [AsParameters] PassFilter filter, CitySessions sessions, Principals principals,
            IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), PassPermissions.View, ct);
            var rows = filter.Apply(s).OrderByDescending(p => p.Number);
            await http.Response.WriteListAsync(s, texts["Passes"], Columns(texts), rows, ct);
        }).RequireAuthorization(PassPermissions.View);

    static List<XlsxColumn<PassRow>> Columns(IStringLocalizer<Texts> texts) =>
    [
        new(texts["Pass number"], 12, p => p.Number.ToString(CultureInfo.InvariantCulture)),
        new(texts["Product"], 20, p => p.Product),
        new(texts["Holder"], 20, p => p.Holder),
        new(texts["Phone"], 16, p => p.Phone),
        new(texts["Plates"], 24, p => p.Berth ?? texts.List(p.Plates.OfType<string>())),
        new(texts["First day"], 12, p => p.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        new(texts["Last day"], 12, p => p.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        new(texts["State"], 16, p => texts.Of(p.State)),
        new(texts["Paid"], 12, p => new Money(p.Paid)),
        new(texts["Lot"], 24, p => p.Lot)
    ];
}
