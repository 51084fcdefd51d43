using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>A car seen at a lane or a berth, from a device or entered by hand, ready for the rules.</summary>
sealed record PassageEvent
{
    /// <summary>The passage's row id. What a person enters brings its own, so that a second click is the same passage.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Lot Lot { get; init; }
    public required bool Entering { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Somebody may be standing at the gate: neither replayed nor late.</summary>
    public required bool Live { get; init; }

    public bool Replay { get; init; }

    /// <summary>Told as it happened, and at another time by our clock.</summary>
    public bool ClockWrong { get; init; }

    /// <summary>The plate as read; null where none was.</summary>
    public string? PlateRead { get; init => (field, Plate) = (Common.Plate.Normalize(value), PlateGrammar.Normalize(value)); }

    /// <summary>The plate under which the car is known.</summary>
    public string? Plate { get; private init; }

    /// <summary>What the plate says where nobody saw it.</summary>
    public PlateColour Colour
    {
        get => field is PlateColour.Unknown ? PlateGrammar.ColourOf(Plate, VehicleSeen ?? VehicleKind.Small) : field;
        init;
    } = PlateColour.Unknown;

    /// <summary>The kind of vehicle that was seen; null where nobody said.</summary>
    public VehicleKind? VehicleSeen { get; init; }

    /// <summary>What the plate says where nobody saw it.</summary>
    public VehicleKind Vehicle => VehicleSeen ?? PlateGrammar.VehicleOf(Plate, Colour);

    public Guid? LaneId { get; init; }
    public Guid? BerthId { get; init; }

    /// <summary>A berth's report that is not newer than what is known of the berth.</summary>
    public bool Outdated { get; init; }

    public Guid? DeviceId { get; init; }
    public Guid? MessageId { get; init; }
    public double? Confidence { get; init; }
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Who says so: a device's name or an actor's.</summary>
    public required string By { get; init; }

    /// <summary>Passage events with the same key are of the same car (or berth), so their order in time says what happened.
    /// Null where nothing ties a car to another passage event: no plate, no berth.</summary>
    public StayKey? Key => BerthId is { } berth ? new StayKey(Lot.Id, berth, null)
        : Plate is not null ? new StayKey(Lot.Id, null, Plate)
        : null;

    public static PlateColour ColourOf(string? text) =>
        Enum.TryParse<PlateColour>(text, ignoreCase: true, out var colour) && Enum.IsDefined(colour) ? colour : PlateColour.Unknown;

    public static VehicleKind? VehicleOf(string? text) => text?.ToLowerInvariant() switch
    {
        "small" or "car" => VehicleKind.Small,
        "large" or "bus" or "coach" or "truck" => VehicleKind.Large,
        "other" or "motorcycle" => VehicleKind.Other,
        _ => null
    };
}

/// <summary>A berth, or a plate in a lot.</summary>
readonly record struct StayKey(Guid LotId, Guid? BerthId, string? Plate)
{
    public static StayKey? Of(Order order) => order.BerthId is { } berth ? new StayKey(order.LotId, berth, null)
        : order.Plate is not null ? new StayKey(order.LotId, null, order.Plate)
        : null;
}
