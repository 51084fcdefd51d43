using System.Text.RegularExpressions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>What a plate's form says of its car.</summary>
public enum PlateKind
{
    /// <summary>Five characters after province and office: 粤B12345.</summary>
    Civil,

    /// <summary>New energy, small: a letter D, A, B, C, E, F, G, H, J or K first of six.</summary>
    NewEnergySmall,

    /// <summary>New energy, large: that letter last of six.</summary>
    NewEnergyLarge,

    /// <summary>警.</summary>
    Police,

    /// <summary>The armed forces: two letters, five digits.</summary>
    Army,

    /// <summary>The armed police: WJ.</summary>
    ArmedPolice,

    /// <summary>使, also in front.</summary>
    Embassy,

    /// <summary>领.</summary>
    Consulate,

    /// <summary>学: driving schools.</summary>
    School,

    /// <summary>挂: trailers.</summary>
    Trailer,

    /// <summary>粤Z…港.</summary>
    HongKong,

    /// <summary>粤Z…澳.</summary>
    Macau,

    /// <summary>应急: fire and rescue.</summary>
    Emergency,

    /// <summary>Tractors and farm machines: province, two digits of the county, five characters.</summary>
    Farm,

    /// <summary>民航: vehicles of airports.</summary>
    Aviation
}

/// <summary>A plate taken apart.</summary>
/// <param name="Text">In its one form.</param>
/// <param name="Kind">What its form says.</param>
/// <param name="Colours">The colours that such plates have.</param>
public sealed record ParsedPlate(string Text, PlateKind Kind, params IReadOnlyList<PlateColour> Colours)
{
    /// <summary>New energy, small or large.</summary>
    public bool NewEnergy => Kind is PlateKind.NewEnergySmall or PlateKind.NewEnergyLarge;
}

/// <summary>The forms of plates (GA 36 and those of the armed forces). It says what a plate is; a text that is none of them is still a
/// car that parked, and kept as it was read.</summary>
public static partial class PlateGrammar
{
    /// <summary>Takes a plate apart as it is read or typed; null where it has none of the forms. Full-width characters, spaces, dots
    /// and dashes do not matter; the letters O and I, which plates do not have, are the digits 0 and 1, but for an office O.</summary>
    public static ParsedPlate? Parse(string? text)
    {
        if (Plate.Normalize(text) is not { Length: >= 6 and <= 9 } plate)
            return null;
        var t = plate[..2] + plate[2..].Replace('O', '0').Replace('I', '1');
        return Emergency().IsMatch(t) ? new(t, PlateKind.Emergency, PlateColour.White)
            : Police().IsMatch(t) ? new(t, PlateKind.Police, PlateColour.White)
            : ArmedPolice().IsMatch(t) ? new(t, PlateKind.ArmedPolice, PlateColour.White)
            : Embassy().IsMatch(t) ? new(t, PlateKind.Embassy, PlateColour.Black)
            : Consulate().IsMatch(t) ? new(t, PlateKind.Consulate, PlateColour.Black)
            : School().IsMatch(t) ? new(t, PlateKind.School, PlateColour.Yellow)
            : Trailer().IsMatch(t) ? new(t, PlateKind.Trailer, PlateColour.Yellow)
            : Border().IsMatch(t) ? new(t, t[^1] == '港' ? PlateKind.HongKong : PlateKind.Macau, PlateColour.Black)
            : Aviation().IsMatch(t) ? new(t, PlateKind.Aviation, PlateColour.Green)
            : EnergySmall().IsMatch(t) ? new(t, PlateKind.NewEnergySmall, PlateColour.Green)
            : EnergyLarge().IsMatch(t) ? new(t, PlateKind.NewEnergyLarge, PlateColour.YellowGreen)
            : Civil().IsMatch(t) ? new(t, PlateKind.Civil, PlateColour.Blue, PlateColour.Yellow)
            : Farm().IsMatch(t) ? new(t, PlateKind.Farm, PlateColour.Green)
            : Army().IsMatch(t) ? new(t, PlateKind.Army, PlateColour.White)
            : null;
    }

    /// <summary>The form under which a car is known, so that it is the same at entry and exit and on every list:
    /// <see cref="Plate.Normalize"/> and, where the text then is a plate but for the letters O and I, digits in their place. Null where
    /// there is no plate.</summary>
    public static string? Normalize(string? text) => Plate.Normalize(text) is not { } plate ? null
        : plate.Length > 2 && plate.AsSpan(2).ContainsAny('O', 'I') && Parse(plate) is { } parsed ? parsed.Text
        : plate;

    /// <summary>The same of a part of a plate, to search by.</summary>
    public static string? Part(string? text) => Normalize(text) ?? Plate.Part(text);

    /// <summary>The kind of vehicle that has such a plate: yellow and yellow-green are for large ones, but for driving schools.</summary>
    public static VehicleKind VehicleOf(string? plate, PlateColour colour) => Parse(plate)?.Kind switch
    {
        PlateKind.Trailer => VehicleKind.Large,
        PlateKind.School => VehicleKind.Small,
        PlateKind.Farm => VehicleKind.Other,
        _ => colour is PlateColour.Yellow or PlateColour.YellowGreen ? VehicleKind.Large : VehicleKind.Small
    };

    /// <summary>The colour of such a plate; unknown where it has none of the forms. Ordinary plates are blue, those of large vehicles
    /// yellow.</summary>
    public static PlateColour ColourOf(string? plate, VehicleKind vehicle) => Parse(plate) switch
    {
        null => PlateColour.Unknown,
        { Kind: PlateKind.Civil } when vehicle is VehicleKind.Large => PlateColour.Yellow,
        var parsed => parsed.Colours[0]
    };

    [GeneratedRegex($"^[{Provinces.All}][A-Z][A-HJ-NP-Z0-9]{{5}}$")]
    private static partial Regex Civil();

    [GeneratedRegex($"^[{Provinces.All}][A-Z][A-HJK][A-HJ-NP-Z0-9][0-9]{{4}}$")]
    private static partial Regex EnergySmall();

    [GeneratedRegex($"^[{Provinces.All}][A-Z][0-9]{{5}}[A-HJK]$")]
    private static partial Regex EnergyLarge();

    [GeneratedRegex($"^[{Provinces.All}][A-Z][A-HJ-NP-Z0-9]{{4}}警$")]
    private static partial Regex Police();

    [GeneratedRegex($"^WJ[{Provinces.All}]?[0-9]{{4}}[0-9A-HJ-NP-Z]$")]
    private static partial Regex ArmedPolice();

    [GeneratedRegex("^[VZKHBSLJNGCEABDFMPRTY][A-Z][0-9]{5}$")]
    private static partial Regex Army();

    [GeneratedRegex($"^(使[0-9]{{6}}|[0-9]{{6}}使|[{Provinces.All}][A-Z]?[0-9]{{4,6}}使)$")]
    private static partial Regex Embassy();

    [GeneratedRegex($"^[{Provinces.All}][A-Z][A-HJ-NP-Z0-9]{{4}}领$")]
    private static partial Regex Consulate();

    [GeneratedRegex($"^[{Provinces.All}][A-Z][A-HJ-NP-Z0-9]{{4}}学$")]
    private static partial Regex School();

    [GeneratedRegex($"^[{Provinces.All}][A-Z][A-HJ-NP-Z0-9]{{4}}挂$")]
    private static partial Regex Trailer();

    [GeneratedRegex("^粤Z[A-HJ-NP-Z0-9]{4}[港澳]$")]
    private static partial Regex Border();

    [GeneratedRegex($"^[{Provinces.All}][A-Z][A-HJ-NP-Z0-9]{{4}}应急$|^[{Provinces.All}][SX][0-9]{{4}}应急$")]
    private static partial Regex Emergency();

    [GeneratedRegex($"^[{Provinces.All}][0-9]{{2}}[A-HJ-NP-Z0-9]{{5}}$")]
    private static partial Regex Farm();

    [GeneratedRegex("^民航[A-HJ-NP-Z0-9]{5}$")]
    private static partial Regex Aviation();
}
