using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>What lists say of some cars and whether they have passes, in memory for one unit of work: a batch of events asks the
/// database once, not once for each car.</summary>
public sealed class PlateLists(CitySession s)
{
    readonly Dictionary<string, List<(PlateRule Rule, string? Group)>> known = [];
    readonly HashSet<string> withPass = [];
    readonly Dictionary<Guid, bool> berthsWithPass = [];

    /// <summary>Reads what concerns these cars.</summary>
    /// <param name="berths">Where they stand, on street.</param>
    public async Task LoadAsync(IEnumerable<string> plates, IEnumerable<Guid> berths, CancellationToken ct)
    {
        await LoadPlatesAsync(plates, ct);
        var missing = berths.Where(b => !berthsWithPass.ContainsKey(b)).Distinct().ToArray();
        if (missing.Length == 0)
            return;
        var found = await Passes.Where(k => missing.Contains(k.BerthId!.Value)).Select(k => k.BerthId!.Value).ToListAsync(ct);
        foreach (var berth in missing)
            berthsWithPass[berth] = found.Contains(berth);
    }

    // Passes hold in a lot whoever looks at its order.
    IQueryable<PassPlate> Passes => s.Db.Set<PassPlate>().AsNoTracking().IgnoreQueryFilters([CityDb.ScopeFilter]);

    async Task LoadPlatesAsync(IEnumerable<string> plates, CancellationToken ct)
    {
        var missing = plates.Where(p => !known.ContainsKey(p)).Distinct().ToArray();
        if (missing.Length == 0)
            return;
        // Lists hold in a lot whoever looks at its order.
        var rules = s.Db.Set<PlateRule>().AsNoTracking().IgnoreQueryFilters([CityDb.ScopeFilter]);
        var found = await rules.Where(r => r.Wild || missing.Contains(r.Pattern)).Select(r => new { Rule = r, r.Pattern })
            .Concat(s.Db.Set<PlateGroupPlate>().Where(p => missing.Contains(p.Plate))
                .Join(rules, p => p.GroupId, r => r.GroupId, (p, r) => new { Rule = r, Pattern = (string?)p.Plate }))
            .Select(f => new { f.Rule, f.Pattern, Group = s.Db.Set<PlateGroup>().Where(g => g.Id == f.Rule.GroupId).Select(g => g.Name).FirstOrDefault() })
            .ToListAsync(ct);
        var everywhere = found.Where(f => f.Rule.Wild).Select(f => (f.Rule, f.Group)).ToList();
        var named = found.Where(f => !f.Rule.Wild).ToLookup(f => f.Pattern, f => (f.Rule, f.Group));
        foreach (var plate in missing)
            known[plate] = [.. named[plate], .. everywhere];
        withPass.UnionWith(await Passes.Where(k => missing.Contains(k.Plate)).Select(k => k.Plate!).ToListAsync(ct));
    }

    /// <summary>Whether a car, or the berth where it stands, has or had a pass of any kind.</summary>
    public async ValueTask<bool> HaveHadPassAsync(string? plate, Guid? berth, CancellationToken ct)
    {
        await LoadAsync(plate is null ? [] : [plate], berth is null ? [] : [berth.Value], ct);
        return plate is not null && withPass.Contains(plate) || berth is not null && berthsWithPass[berth.Value];
    }

    /// <summary>Asks the lists about a plate, in a lot at an instant. A car without a plate is on none.</summary>
    public async ValueTask<ExitDecision> DecideAsync(Guid lotId, string? plate, DateTimeOffset at, CancellationToken ct)
    {
        if (plate is null)
            return new ExitDecision(null as PlateRule);
        await LoadPlatesAsync([plate], ct);
        var day = s.City.Zone.Date(at);
        var (rule, group) = known[plate].Where(f => f.Rule.Covers(plate, lotId, day)).OrderBy(f => f.Rule.Kind).ThenBy(f => f.Rule.Wild)
            .ThenBy(f => f.Group is not null).ThenBy(f => f.Rule.Id).FirstOrDefault();
        return new ExitDecision(rule, group);
    }
}
