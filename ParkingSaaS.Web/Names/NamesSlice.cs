using MudBlazor;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Names;

/// <summary>What the city's names are in other languages.</summary>
sealed class NamesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
        [new(MenuGroup.System, 605, "names", "Names in other languages", Icons.Material.Outlined.Translate, NamePermissions.Translate)];
}
