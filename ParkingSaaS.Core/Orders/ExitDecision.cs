using ParkingSaaS.Core.Tariffs.Engine;
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
    }, (Group ?? Rule.Pattern, Rule.Reason) switch
    {
        (null, "") => $"{Rule.Form}",
        (null, var reason) => reason,
        (var name, "") => name,
        var (name, reason) => $"{name}, {reason}"
    });
}
