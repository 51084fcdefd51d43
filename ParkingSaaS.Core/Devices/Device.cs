using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>What a device is.</summary>
public enum DeviceKind
{
    /// <summary>Plate camera at a lane that cars enter by.</summary>
    EntryCamera,

    /// <summary>Plate camera at a lane that cars leave by.</summary>
    ExitCamera,

    /// <summary>Gate of a lane.</summary>
    Gate,

    /// <summary>Sensor or camera that watches one berth.</summary>
    BerthSensor
}

/// <summary>A camera, gate or sensor that signs in over MQTT as <c>{city}/{name}</c>.</summary>
public sealed class Device : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The name it signs in with and its topics carry; unique in the city. For vendors that name topics by serial
    /// number, the serial number.</summary>
    public required string Name { get; init; }

    public required DeviceKind Kind { get; set; }

    /// <summary>The dialect it speaks: <c>standard</c>, or a vendor's adapter.</summary>
    public required string Dialect { get; init; }

    /// <summary>The lane it serves, for cameras and gates.</summary>
    public Guid? LaneId { get; set; }

    /// <summary>The berth it watches, for sensors.</summary>
    public Guid? BerthId { get; set; }

    /// <summary>Salted hash of its secret.</summary>
    public required string SecretHash { get; set; }

    /// <summary>Whether its session is up.</summary>
    public bool Online { get; set; }

    /// <summary>The node at which its session is up, or was last.</summary>
    public string? Node { get; set; }

    /// <summary>Counts up when what it may have signed in with no longer holds: connections from before end at every node.</summary>
    public int CredentialsVersion { get; set; }

    public DateTimeOffset? LastSeenAt { get; set; }

    /// <summary>Since when it is known to be away; null while it is here, and where it never was.</summary>
    public DateTimeOffset? OfflineSince { get; set; }

    /// <summary>How far its clock was ahead of ours when it last told of something at once, in seconds; negative where it is behind. What
    /// is on its way counts as behind.</summary>
    public int? ClockOffset { get; set; }

    /// <summary>Battery charge in percent.</summary>
    public int? Battery { get; set; }

    /// <summary>Signal strength in dBm.</summary>
    public int? Signal { get; set; }

    /// <summary>Faults it reports itself.</summary>
    public List<string> Faults { get; set; } = [];

    /// <summary>Its firmware's version.</summary>
    public string? Version { get; set; }

    /// <summary>Taken out of use; it can no longer sign in.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
}

/// <summary>A change in a device's state: came on line, went off line, faults.</summary>
public sealed class DeviceStateChange : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid DeviceId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>online</c>, <c>offline</c> or <c>faults</c>.</summary>
    public required string State { get; init; }

    /// <summary>The reason code or the list of faults.</summary>
    public string Detail { get; init; } = "";

    internal static DeviceStateChange Of(Guid deviceId, Guid lotId, DateTimeOffset at, bool online, string reason) => new()
    {
        Id = Guid.CreateVersion7(),
        LotId = lotId,
        DeviceId = deviceId,
        At = at,
        State = online ? "online" : "offline",
        Detail = reason
    };
}
