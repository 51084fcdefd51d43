using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>A plate as a person typed it.</summary>
/// <param name="Foreign">It has none of the forms of <see cref="PlateGrammar"/>, and the person says that it is right.</param>
public readonly record struct TypedPlate(string? Text, bool Foreign = false)
{
    public static implicit operator TypedPlate(string? text) => new(text);

    /// <summary>What the person is to be asked before these are kept; null where nothing is to be asked. What devices read is kept
    /// whatever its form; who types is more often mistaken than a foreign guest is there.</summary>
    /// <param name="foreign">The person was asked, and said yes.</param>
    /// <param name="plates">What comes new, not what was kept before.</param>
    public static ForeignPlate? Ask(bool foreign, params IEnumerable<string?> plates)
    {
        var unknown = foreign ? [] : plates.Where(IsForeign).Take(MostNamed + 1).ToList();
        return unknown.Count == 0 ? null : new(string.Join(", ", unknown.Take(MostNamed)) + (unknown.Count > MostNamed ? " …" : ""));
    }

    /// <summary>A plate, but of no form that is known.</summary>
    public static bool IsForeign(string? plate) => Plate.Normalize(plate) is not null && PlateGrammar.Parse(plate) is null;

    const int MostNamed = 5;
}

/// <summary>A person typed what has none of the forms known here. With the word that it is a foreign plate it is taken.</summary>
/// <param name="Plates">The texts, parted by commas.</param>
public sealed record ForeignPlate(string Plates) : Error("plate-foreign", Plates);
