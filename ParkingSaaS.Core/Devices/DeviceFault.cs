using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>What a device does wrong.</summary>
public enum DeviceFaultKind
{
    /// <summary>Its clock is off by more than <see cref="ClockPolicy.Tolerance"/>, or what it sent as it happened was late by as much.</summary>
    Clock,

    /// <summary>It used the id of a message for another one. Both were kept and acted upon.</summary>
    IdReused,

    /// <summary>It sent what cannot be used.</summary>
    Refused,

    /// <summary>It connects again and again, or two devices have one client id.</summary>
    Reconnects
}

/// <summary>How often a device did something wrong on a day of the city's.</summary>
public sealed class DeviceFault : ILotOwned
{
    public required Guid DeviceId { get; init; }

    public required DateOnly Day { get; init; }

    public required DeviceFaultKind Kind { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required int Count { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    /// <summary>What it was last: seconds of the clock, the id, the code of the refusal.</summary>
    public required string Detail { get; init; }

    /// <summary>Devices in use that somebody should look after: offline after they were here, telling of a fault, having done something wrong
    /// today, such as a clock that is off by more than <see cref="ClockPolicy.Tolerance"/>, or <see cref="Disobeying"/>. All figures and lists of them go
    /// by this.</summary>
    public static IQueryable<Device> InTrouble(CitySession s)
    {
        var today = s.City.Zone.Date(s.Now);
        var disobeying = Disobeying(s).Select(d => d.Id);
        return s.Db.Set<Device>().Where(d => d.RetiredAt == null
            && ((!d.Online && d.LastSeenAt != null) || d.Faults.Count > 0 || disobeying.Contains(d.Id)
                || s.Db.Set<DeviceFault>().Any(f => f.DeviceId == d.Id && f.Day == today)));
    }

    static readonly string[] GateMoves = [DeviceCommand.OpenGate, DeviceCommand.CloseGate];
    static readonly CommandState[] Undecided = [CommandState.Queued, CommandState.Sent];
    static readonly CommandState?[] NotObeyed = [CommandState.Failed, CommandState.Expired];

    /// <summary>Devices of lanes whose gate did not do what it was told. The last move that is decided counts: a gate that obeys again is well, and one
    /// that was never connected is not. A lane's camera may be what moves its barrier.</summary>
    public static IQueryable<Device> Disobeying(CitySession s) => s.Db.Set<Device>().Where(d => d.LaneId != null
        && NotObeyed.Contains(s.Db.Set<DeviceCommand>().Where(c => c.DeviceId == d.Id && GateMoves.Contains(c.Type) && !Undecided.Contains(c.State))
            .OrderByDescending(c => c.CreatedAt).Select(c => (CommandState?)c.State).FirstOrDefault()));

    /// <summary>The longest <see cref="Detail"/>, in characters.</summary>
    public const int MaxDetail = 64;

    /// <summary>Counts faults of today, many in one statement, within the session's transaction if it has one.</summary>
    internal static async Task CountAsync(CitySession s, IEnumerable<(Device Device, DeviceFaultKind Kind, string Detail)> faults, CancellationToken ct)
    {
        // In one order, so that two nodes that count the same devices do not wait for each other.
        var counted = faults.GroupBy(f => (f.Device.Id, f.Device.LotId, f.Kind)).OrderBy(g => g.Key.Id).ThenBy(g => g.Key.Kind).ToList();
        if (counted.Count == 0)
            return;
        await BulkSql.ExecuteAsync(s.Db, """
            INSERT INTO device_faults AS f (device_id, day, kind, lot_id, count, last_at, detail)
            SELECT device, $5, kind, lot, n, $6, detail FROM unnest($1, $2, $3, $4, $7) AS t (device, lot, kind, n, detail)
            ON CONFLICT (device_id, day, kind) DO UPDATE SET count = f.count + excluded.count, last_at = excluded.last_at, detail = excluded.detail
            """, ct,
            counted.Select(g => g.Key.Id).ToArray(), counted.Select(g => g.Key.LotId).ToArray(), counted.Select(g => $"{g.Key.Kind}").ToArray(),
            counted.Select(g => g.Count()).ToArray(), s.City.Zone.Date(s.Now), s.Now,
            counted.Select(g => g.Last().Detail).Select(d => d[..Math.Min(d.Length, MaxDetail)]).ToArray());
    }
}

/// <summary>When a device's clock counts as wrong: the settings under <c>Devices</c>.</summary>
public sealed record ClockPolicy
{
    /// <summary>How far a device's clock may be off, either way.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether a clock that is so far ahead, or behind, counts as wrong; not where nobody knows how far.</summary>
    public bool IsOff(TimeSpan? offset) => offset?.Duration() > Tolerance;
}
