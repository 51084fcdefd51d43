using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>Works a scope out to the ids of lots and companies.</summary>
static class ScopeResolver
{
    public static async Task<VisibleScope> ResolveAsync(CityDb db, Scope scope, CancellationToken ct)
    {
        if (scope.IsWholeCity)
            return VisibleScope.City;
        var lots = db.Set<Lot>().IgnoreQueryFilters([CityDb.ScopeFilter]);
        var companies = db.Set<Company>().IgnoreQueryFilters([CityDb.ScopeFilter]);
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
        return new VisibleScope(false, await lots.Select(l => l.Id).ToArrayAsync(ct), await companies.Select(c => c.Id).ToArrayAsync(ct));
    }

    /// <summary>An area and all areas under it.</summary>
    public static async Task<List<Guid>> AreasBelowAsync(CityDb db, Guid root, CancellationToken ct)
    {
        var areas = await db.Set<Area>().Select(a => new { a.Id, Parent = a.ParentId }).ToListAsync(ct);
        var found = new List<Guid> { root };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(areas.Where(a => a.Parent == found[i] && !found.Contains(a.Id)).Select(a => a.Id));
        return found;
    }
}
