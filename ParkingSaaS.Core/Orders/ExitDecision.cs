using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>Who decides what a car pays, in the one order that docs/exit-decision.md describes: black list, white list, special plates,
/// passes, tariff. Of lists the first that knows the car decides; passes free a part of a stay, see <see cref="StayCover"/>.</summary>
/// <param name="Rule">The list's entry; null where passes and the tariff decide.</param>
/// <param name="Group">The name of the group that the entry names; null where it names a plate or a form.</param>
public sealed record ExitDecision(PlateRule? Rule, string? Group = null)
{
    /// <summary>Nothing is charged.</summary>
    public bool Free => Rule?.Kind is PlateListKind.White or PlateListKind.Special;

    /// <summary>Its gate stays closed when it comes.</summary>
    public bool Refused => Rule?.Kind is PlateListKind.Black;

    /// <summary>What the order says of it; null where the tariff decides.</summary>
    public FeeNote? Note => Rule is null ? null : new FeeNote(Rule.Kind switch
    {
        PlateListKind.Black => FeeNoteCode.BlackList,
        PlateListKind.White => FeeNoteCode.WhiteList,
        _ => FeeNoteCode.SpecialPlate
    }, Rule.Reason.Length > 0 ? $"{Group ?? Rule.Pattern}, {Rule.Reason}" : $"{Group ?? Rule.Pattern}");

    /// <summary>Asks the lists about a plate in a lot at an instant. A car without a plate is on none.</summary>
    public static async ValueTask<ExitDecision> OfAsync(CitySession s, Guid lotId, string? plate, DateTimeOffset at, CancellationToken ct)
    {
        if (plate is null)
            return new(null as PlateRule);
        // Lists hold in a lot whoever looks at its order.
        var rules = s.Db.PlateRules.AsNoTracking().IgnoreQueryFilters([Storage.CityDb.ReachFilter]);
        var found = await rules.Where(r => r.Pattern == plate || r.Wild)
            .Concat(s.Db.PlateGroupPlates.Where(p => p.Plate == plate).Join(rules, p => p.GroupId, r => r.GroupId, (_, r) => r))
            .Select(r => new { Rule = r, Group = s.Db.PlateGroups.Where(g => g.Id == r.GroupId).Select(g => g.Name).FirstOrDefault() })
            .ToListAsync(ct);
        var day = s.City.Zone.Date(at);
        var decides = found.Where(f => f.Rule.Covers(plate, lotId, day)).OrderBy(f => f.Rule.Kind).ThenBy(f => f.Rule.Wild)
            .ThenBy(f => f.Group is not null).ThenBy(f => f.Rule.Id).FirstOrDefault();
        return new(decides?.Rule, decides?.Group);
    }
}
