using MudBlazor;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Lots;

/// <summary>The pages of areas, roads, companies and lots.</summary>
sealed class LotsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Resources, 200, "lots", "Lots", Icons.Material.Outlined.LocalParking, LotPermissions.View),
        new(MenuGroup.Resources, 600, "areas", "Areas", Icons.Material.Outlined.AccountTree, LotPermissions.ManageAreas),
        new(MenuGroup.Resources, 605, "roads", "Roads", Icons.Material.Outlined.AddRoad, LotPermissions.ManageAreas),
        new(MenuGroup.Resources, 607, "lot-groups", "Lot groups", Icons.Material.Outlined.Workspaces, LotPermissions.ManageAreas),
        new(MenuGroup.System, 610, "companies", "Companies", Icons.Material.Outlined.Apartment, LotPermissions.ManageCompanies)
    ];

    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        app.MapLotFiles();
        app.MapQrCodes();
    }
}
