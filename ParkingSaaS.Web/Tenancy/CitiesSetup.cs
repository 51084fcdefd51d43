using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tenancy;

/// <summary>The pages of the platform.</summary>
static class CitiesSetup
{
    public static IServiceCollection AddCityPages(this IServiceCollection services) => services
        .AddMenu(100, "platform/cities", "Cities", "location_city", TenancyPermissions.ManageCities);
}
