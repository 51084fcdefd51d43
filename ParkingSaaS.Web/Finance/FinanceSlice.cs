using MudBlazor;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Finance;

/// <summary>The books.</summary>
sealed class FinanceSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Finance, 10, "books", "Books", Icons.Material.Outlined.MenuBook, FinancePermissions.Books)
    ];
}
