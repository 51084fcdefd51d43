using ParkingSaaS.Core.Search;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Search;

/// <summary>The search in the bar of every page.</summary>
sealed class SearchSlice : IWebSlice
{
    public void AddServices(IServiceCollection services, Settings settings) =>
        services.AddSingleton(new BarPart(10, typeof(SearchButton), SearchPermissions.Use));
}
