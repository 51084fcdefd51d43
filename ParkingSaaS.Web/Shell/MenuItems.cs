using System.Security.Claims;

namespace ParkingSaaS.Web.Shell;

/// <summary>The menu: what the slices bring, gathered once.</summary>
sealed class MenuItems(IEnumerable<IWebSlice> slices, Principals principals)
{
    readonly List<MenuItem> all = [.. slices.SelectMany(s => s.Menu).OrderBy(m => m.Group).ThenBy(m => m.Order)];

    /// <summary>What somebody may open, in order.</summary>
    public List<MenuItem> For(ClaimsPrincipal user) => all.FindAll(m => principals.May(user, m.Permission));

    /// <summary>The entry of that address, whoever may open it.</summary>
    public MenuItem Of(string path) => all.First(m => m.Path == path);
}
