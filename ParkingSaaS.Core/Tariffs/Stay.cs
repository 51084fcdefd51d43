namespace ParkingSaaS.Core.Tariffs;

/// <summary>
/// What a fee depends on besides tariff and calendar. Entry and exit are instants; parts of a second are dropped from
/// both, and every whole second counts. Groups, a mark by hand and earlier stays, in order, matter to tariffs that name them.
/// </summary>
public readonly record struct Stay(
    DateTimeOffset Entry,
    DateTimeOffset Exit,
    VehicleKind Vehicle = VehicleKind.Small,
    PlateColour Colour = PlateColour.Blue,
    bool NewEnergy = false,
    IReadOnlyList<string>? Groups = null,
    bool ByHand = false,
    IReadOnlyList<EarlierStay>? Earlier = null);

/// <summary>A stay of the same car before, over by the time the next begins.</summary>
public readonly record struct EarlierStay(DateTimeOffset Entry, DateTimeOffset Exit);

public enum VehicleKind { Small, Large, Other }

public enum PlateColour { Blue, Yellow, Green, YellowGreen, White, Black, Unknown }

public static class PlateColours
{
    /// <summary>Green plates, and those of yellow and green, are of electric and hybrid vehicles (GA 36-2018).</summary>
    public static bool IsNewEnergy(this PlateColour colour) => colour is PlateColour.Green or PlateColour.YellowGreen;
}
