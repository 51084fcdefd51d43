using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using MudBlazor;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Vehicles;

namespace ParkingSaaS.Web.Orders;

/// <summary>The pages of orders and the booth, and the orders that the list shows as a workbook.</summary>
sealed class OrdersSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Operations, 20, "booth", "Booth", Icons.Material.Outlined.Toll, OrderPermissions.Booth),
        new(MenuGroup.Operations, 40, "orders/desk", "Exceptions", Icons.Material.Outlined.Rule, OrderPermissions.Booth),
        new(MenuGroup.Operations, 50, "orders", "Orders", Icons.Material.Outlined.ReceiptLong, OrderPermissions.View),
        new(MenuGroup.Finance, 5, "arrears", "Arrears", Icons.Material.Outlined.MoneyOff, OrderPermissions.View)
    ];

    public void AddServices(IServiceCollection services, Settings settings) =>
        services.AddSingleton(new OwnerPart(typeof(OwnerOrders), OrderPermissions.View));

    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        app.MapGet("/orders/pictures/{passage:guid}/{number:int}", (HttpContext http, Guid passage, int number, PassagePictures pictures,
            Principals principals, CancellationToken ct) =>
            http.PictureAsync(() => pictures.FindAsync(principals.ActorOf(http.User), passage, number, ct))).RequireAuthorization(OrderPermissions.View);
        app.MapGet("/orders/export.xlsx", async (HttpContext http, [AsParameters] OrderFilter filter, CitySessions sessions,
            Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), OrderPermissions.View, ct);
            var rows = filter.Apply(s, await s.Db.Set<Area>().AsNoTracking().ToListAsync(ct)).OrderByDescending(o => o.Start).ThenByDescending(o => o.Id);
            await http.Response.WriteListAsync(s, texts["Orders"], Columns(texts, s.City.Zone), rows, ct);
        }).RequireAuthorization(OrderPermissions.View);
        app.MapGet("/arrears/export.xlsx", async (HttpContext http, [AsParameters] ArrearsFilter filter, CitySessions sessions,
            Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), OrderPermissions.View, ct);
            var rows = filter.Apply(s, await s.Db.Set<Area>().AsNoTracking().ToListAsync(ct), s.Actor.May(VehiclePermissions.ViewOwners))
                .OrderByDescending(r => r.Owed).ThenBy(r => r.Plate);
            await http.Response.WriteListAsync(s, texts["Arrears"], ArrearsColumns(texts, s.City.Zone), rows, ct);
        }).RequireAuthorization(OrderPermissions.View);
    }

    static List<XlsxColumn<ArrearsRow>> ArrearsColumns(IStringLocalizer<Texts> texts, CityZone zone) =>
    [
        new(texts["Plate"], 14, r => r.Plate),
        new(texts["Owner"], 20, r => r.Owner),
        new(texts["Orders"], 10, r => r.Orders),
        new(texts["Owed"], 12, r => new Money(r.Owed)),
        new(texts["Owes since"], 20, r => r.Since is { } at ? zone.Local(at) : null),
        new(texts["Left last without paying"], 20, r => r.Latest is { } at ? zone.Local(at) : null)
    ];

    static List<XlsxColumn<OrderRow>> Columns(IStringLocalizer<Texts> texts, CityZone zone) =>
    [
        new(texts["Plate"], 14, o => o.Plate),
        new(texts["Lot"], 24, o => o.Lot),
        new(texts["State"], 16, o => texts.Of(o.State)),
        new(texts["Vehicle"], 12, o => texts.Of(o.Vehicle)),
        new(texts["Entered"], 20, o => o.EnteredAt is { } at ? zone.Local(at) : null),
        new(texts["Left"], 20, o => o.ExitedAt is { } at ? zone.Local(at) : null),
        new(texts["Receivable"], 12, o => o.Fee),
        new(texts["Amount received"], 12, o => new Money(o.Received)),
        new(texts["Owed"], 12, o => o.ToPay),
        new(texts["Anomalies"], 24, o => o.Anomalies is OrderAnomaly.None ? null : texts.Anomalies(o.Anomalies)),
        new(texts["Order number"], 38, o => o.Id.ToString())
    ];
}
