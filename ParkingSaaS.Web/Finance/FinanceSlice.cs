using MudBlazor;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Web.Finance.Clearing;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Finance;

/// <summary>The books, and how takings are shared out.</summary>
sealed class FinanceSlice : IWebSlice
{
    public void AddServices(IServiceCollection services, Settings settings) =>
        services.AddSingleton(new OrderPart(10, typeof(OrderReviewsPart), FinancePermissions.Reviews))
            .AddSingleton(new OrderPart(20, typeof(ChannelMessagesPart), FinancePermissions.Books));

    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Finance, 10, "books", "Books", Icons.Material.Outlined.MenuBook, FinancePermissions.Books),
        new(MenuGroup.Finance, 20, "reviews", "Reviews", Icons.Material.Outlined.Rule, FinancePermissions.Reviews),
        new(MenuGroup.Finance, 40, "clearing", "Clearing", Icons.Material.Outlined.PieChart, FinancePermissions.Clearing)
    ];

    public void MapEndpoints(IEndpointRouteBuilder app) => app.MapClearingFiles();
}
