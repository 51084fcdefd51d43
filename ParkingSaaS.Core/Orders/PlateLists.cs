using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>What the lists say of some plates, in memory for one unit of work: a batch of events asks the database once, not once for
/// each car.</summary>
public sealed class PlateLists(CitySession s)
{
    readonly Dictionary<string, List<(PlateRule Rule, string? Group)>> known = [];

    /// <summary>Reads what concerns these plates.</summary>
    public async Task LoadAsync(IEnumerable<string> plates, CancellationToken ct)
    {
        var missing = plates.Where(p => !known.ContainsKey(p)).Distinct().ToArray();
        if (missing.Length == 0)
            return;
        // Lists hold in a lot whoever looks at its order.
        var rules = s.Db.PlateRules.AsNoTracking().IgnoreQueryFilters([CityDb.ReachFilter]);
        var found = await rules.Where(r => r.Wild || missing.Contains(r.Pattern)).Select(r => new { Rule = r, r.Pattern })
            .Concat(s.Db.PlateGroupPlates.Where(p => missing.Contains(p.Plate))
                .Join(rules, p => p.GroupId, r => r.GroupId, (p, r) => new { Rule = r, Pattern = (string?)p.Plate }))
            .Select(f => new { f.Rule, f.Pattern, Group = s.Db.PlateGroups.Where(g => g.Id == f.Rule.GroupId).Select(g => g.Name).FirstOrDefault() })
            .ToListAsync(ct);
        var everywhere = found.Where(f => f.Rule.Wild).Select(f => (f.Rule, f.Group)).ToList();
        var named = found.Where(f => !f.Rule.Wild).ToLookup(f => f.Pattern, f => (f.Rule, f.Group));
        foreach (var plate in missing)
            known[plate] = [.. named[plate], .. everywhere];
    }

    /// <summary>Asks the lists about a plate, in a lot at an instant. A car without a plate is on none.</summary>
    public async ValueTask<ExitDecision> DecideAsync(Guid lotId, string? plate, DateTimeOffset at, CancellationToken ct)
    {
        if (plate is null)
            return new ExitDecision(null as PlateRule);
        await LoadAsync([plate], ct);
        var day = s.City.Zone.Date(at);
        var (rule, group) = known[plate].Where(f => f.Rule.Covers(plate, lotId, day)).OrderBy(f => f.Rule.Kind).ThenBy(f => f.Rule.Wild)
            .ThenBy(f => f.Group is not null).ThenBy(f => f.Rule.Id).FirstOrDefault();
        return new ExitDecision(rule, group);
    }
}
