using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>An alarm with the names of what it is about; see <see cref="Alarm"/>.</summary>
public sealed class AlarmRow
{
    public Guid Id { get; init; }
    public AlarmKind Kind { get; init; }
    public AlarmLevel Level { get; init; }
    public Guid? LotId { get; init; }

    /// <summary>The lot's name; null where the alarm is about the whole city.</summary>
    public string? Lot { get; init; }

    public Guid? DeviceId { get; init; }

    /// <summary>The device's name.</summary>
    public string? Device { get; init; }

    public Guid? OrderId { get; init; }

    /// <summary>The plate of the stay; null where none was read, or it is about no stay.</summary>
    public string? Plate { get; init; }

    public long? Value { get; init; }
    public long? Norm { get; init; }
    public DateTimeOffset RaisedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? AcknowledgedAt { get; init; }
    public string? AcknowledgedBy { get; init; }
    public string? Note { get; init; }

    /// <summary>Alarms within the actor's reach, open ones and those of the last year.</summary>
    public static IQueryable<AlarmRow> All(CitySession s) => Alarm.Seen(s).Select(a => new AlarmRow
    {
        Id = a.Id,
        Kind = a.Kind,
        Level = a.Level,
        LotId = a.LotId,
        Lot = s.Db.Set<Lot>().Where(l => l.Id == a.LotId).Select(l => l.Name).FirstOrDefault(),
        DeviceId = a.DeviceId,
        Device = s.Db.Set<Device>().Where(d => d.Id == a.DeviceId).Select(d => d.Name).FirstOrDefault(),
        OrderId = a.OrderId,
        Plate = s.Db.Set<Order>().Where(o => o.Id == a.OrderId).Select(o => o.Plate).FirstOrDefault(),
        Value = a.Value,
        Norm = a.Norm,
        RaisedAt = a.RaisedAt,
        EndedAt = a.EndedAt,
        AcknowledgedAt = a.AcknowledgedAt,
        AcknowledgedBy = a.AcknowledgedBy,
        Note = a.Note
    });
}
