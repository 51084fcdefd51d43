using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>Who decides what a car pays, in the one order that docs/exit-decision.md describes: black list, white list, special plates,
/// passes, tariff. Of lists the first that knows the car decides; passes free a part of a stay, see <see cref="StayCover"/>.</summary>
/// <param name="Rule">The list's entry; null where passes and the tariff decide.</param>
public sealed record ExitDecision(PlateRule? Rule)
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
    }, Rule.Reason.Length > 0 ? $"{Rule.Pattern}, {Rule.Reason}" : Rule.Pattern);

    /// <summary>Asks the lists about a plate in a lot at an instant. A car without a plate is on none.</summary>
    public static async ValueTask<ExitDecision> OfAsync(CitySession s, Lot lot, string? plate, DateTimeOffset at, CancellationToken ct)
    {
        if (plate is null)
            return new(null as PlateRule);
        // Lists hold in a lot whoever looks at its order.
        var rules = await s.Db.PlateRules.AsNoTracking().IgnoreQueryFilters([Storage.CityDb.ReachFilter])
            .Where(r => r.Pattern == plate || r.Wild).ToListAsync(ct);
        var day = s.City.Zone.Date(at);
        return new(rules.Where(r => r.Covers(plate, lot.Id, day)).OrderBy(r => r.Kind).ThenBy(r => r.Wild).ThenBy(r => r.Id).FirstOrDefault());
    }
}
