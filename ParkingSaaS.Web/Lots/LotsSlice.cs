using ParkingSaaS.Core.Lots;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Lots;

/// <summary>The pages of areas, roads, companies and lots.</summary>
sealed class LotsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(200, "lots", "Lots", "local_parking", LotPermissions.View),
        new(600, "areas", "Areas", "account_tree", LotPermissions.ManageAreas),
        new(605, "roads", "Roads", "add_road", LotPermissions.ManageAreas),
        new(607, "lot-groups", "Lot groups", "workspaces", LotPermissions.ManageAreas),
        new(610, "companies", "Companies", "apartment", LotPermissions.ManageCompanies)
    ];

    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        app.MapLotFiles();
        app.MapQrCodes();
    }
}
