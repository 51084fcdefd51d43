using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Lots;

/// <summary>The areas and companies that a form offers.</summary>
/// <param name="Areas">Areas of the actor's branch, parents before children.</param>
/// <param name="Companies">Companies within reach that do business.</param>
public sealed record Choices(IReadOnlyList<Choice> Areas, IReadOnlyList<Choice> Companies)
{
    /// <summary>Reads them with the session's reach.</summary>
    public static async Task<Choices> LoadAsync(CitySession s)
    {
        var companies = await s.Db.Set<Company>().Where(c => c.RetiredAt == null).OrderBy(c => c.Name)
            .Select(c => new Choice(c.Id, c.Name)).ToListAsync();
        return new Choices(Tree(await s.Db.Set<Area>().AsNoTracking().ToListAsync(), s.Actor.Scope.AreaId), companies);
    }

    /// <summary>The name of what is offered in one of the lists; null where it is in none.</summary>
    public static string? Name(object value, params ReadOnlySpan<IEnumerable<Choice>> lists)
    {
        foreach (var list in lists)
            if (value is Guid id && list.FirstOrDefault(c => c.Id == id) is { } choice)
                return choice.Name;
        return null;
    }

    /// <summary>Areas with the names above them, parents first.</summary>
    /// <param name="areas">All areas.</param>
    /// <param name="top">Only this one and what is under it; null for all.</param>
    public static List<Choice> Tree(IReadOnlyList<Area> areas, Guid? top)
    {
        var tree = new List<Choice>();
        foreach (var root in areas.Where(a => top is null ? a.ParentId is null : a.Id == top).OrderBy(a => a.Name))
            Add(root, "");
        return tree;

        void Add(Area area, string above)
        {
            tree.Add(new Choice(area.Id, above + area.Name));
            foreach (var child in areas.Where(a => a.ParentId == area.Id).OrderBy(a => a.Name))
                Add(child, above + area.Name + " / ");
        }
    }
}
