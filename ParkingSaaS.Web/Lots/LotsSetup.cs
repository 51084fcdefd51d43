using ParkingSaaS.Core.Lots;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Lots;

/// <summary>The pages of areas, roads, companies and lots.</summary>
static class LotsSetup
{
    public static IServiceCollection AddLotPages(this IServiceCollection services) => services
        .AddMenu(200, "lots", "Lots", "local_parking", LotPermissions.View)
        .AddMenu(600, "areas", "Areas", "account_tree", LotPermissions.ManageAreas)
        .AddMenu(605, "roads", "Roads", "add_road", LotPermissions.ManageAreas)
        .AddMenu(607, "lot-groups", "Lot groups", "workspaces", LotPermissions.ManageAreas)
        .AddMenu(610, "companies", "Companies", "apartment", LotPermissions.ManageCompanies);
}
