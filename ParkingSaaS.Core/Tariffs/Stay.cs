namespace ParkingSaaS.Core.Tariffs;

/// <summary>
/// What a fee depends on besides tariff and calendar. Entry and exit are instants; parts of a second are dropped from
/// both, and every whole second counts.
/// </summary>
public readonly record struct Stay(
    DateTimeOffset Entry,
    DateTimeOffset Exit,
    VehicleKind Vehicle = VehicleKind.Small,
    PlateColour Colour = PlateColour.Blue,
    bool NewEnergy = false);

public enum VehicleKind { Small, Large, Other }

public enum PlateColour { Blue, Yellow, Green, YellowGreen, White, Black, Unknown }
