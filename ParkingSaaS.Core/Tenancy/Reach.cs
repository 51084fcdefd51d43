using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>A row that belongs to a lot, and is seen only by those whose reach covers the lot. <c>LotId</c> never changes: it is
/// a concurrency token, and the database refuses to update it.</summary>
public interface ILotOwned
{
    /// <summary>The lot.</summary>
    Guid LotId { get; }
}

/// <summary>A scope worked out to ids: what the query filters compare with.</summary>
public sealed record Reach(bool All, Guid[] Lots, Guid[] Companies)
{
    /// <summary>Everything in the city.</summary>
    public static readonly Reach City = new(true, [], []);

    /// <summary>Nothing at all: what a session starts from.</summary>
    public static readonly Reach Nothing = new(false, [], []);

    internal static async Task<Reach> ResolveAsync(CityDb db, Scope scope, CancellationToken ct)
    {
        if (scope.IsWholeCity)
            return City;
        var lots = db.Lots.IgnoreQueryFilters([CityDb.ReachFilter]);
        var companies = db.Companies.IgnoreQueryFilters([CityDb.ReachFilter]);
        if (scope.AreaId is { } area)
        {
            var areas = await AreasBelowAsync(db, area, ct);
            lots = lots.Where(l => areas.Contains(l.AreaId));
            companies = companies.Where(c => areas.Contains(c.AreaId));
        }
        if (scope.CompanyId is { } company)
        {
            lots = lots.Where(l => l.CompanyId == company);
            companies = companies.Where(c => c.Id == company);
        }
        if (scope.LotIds.Count > 0)
        {
            var ids = scope.LotIds.ToArray();
            lots = lots.Where(l => ids.Contains(l.Id));
            if (scope.CompanyId is null)
                companies = companies.Where(c => false);
        }
        return new Reach(false, await lots.Select(l => l.Id).ToArrayAsync(ct), await companies.Select(c => c.Id).ToArrayAsync(ct));
    }

    /// <summary>An area and all areas under it.</summary>
    internal static async Task<List<Guid>> AreasBelowAsync(CityDb db, Guid root, CancellationToken ct)
    {
        var areas = await db.Areas.Select(a => new { a.Id, Parent = a.ParentId }).ToListAsync(ct);
        var found = new List<Guid> { root };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(areas.Where(a => a.Parent == found[i] && !found.Contains(a.Id)).Select(a => a.Id));
        return found;
    }
}
