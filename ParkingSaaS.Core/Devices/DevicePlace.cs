using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Which place suits which kind of device.</summary>
public static class DevicePlace
{
    /// <summary>True where the kind stands at a lane, false where it watches a berth.</summary>
    public static bool AtLane(this DeviceKind kind) => kind is not DeviceKind.BerthSensor;

    /// <summary>True where cars pass the lane in the way that the kind watches.</summary>
    public static bool Suits(this DeviceKind kind, LaneDirection direction) => kind switch
    {
        DeviceKind.EntryCamera => direction is LaneDirection.Entry or LaneDirection.Both,
        DeviceKind.ExitCamera => direction is LaneDirection.Exit or LaneDirection.Both,
        _ => true
    };

    /// <summary>Checks that exactly the place which the kind needs is given, that it belongs to the lot and is in use.</summary>
    internal static async Task<InvalidField?> CheckAsync(CitySession s, Guid lotId, DeviceKind kind, Guid? laneId, Guid? berthId,
        CancellationToken ct)
    {
        var (needed, field) = kind.AtLane() ? (laneId, "LaneId") : (berthId, "BerthId");
        var (other, otherField) = kind.AtLane() ? (berthId, "BerthId") : (laneId, "LaneId");
        if (other is not null)
            return new InvalidField(otherField, "invalid");
        if (needed is null)
            return new InvalidField(field, "required");
        if (!kind.AtLane())
            return await s.Db.Set<Berth>().AnyAsync(b => b.Id == berthId && b.LotId == lotId && b.RetiredAt == null, ct)
                ? null
                : new InvalidField(field, "invalid");
        var lane = await s.Db.Set<Lane>().AsNoTracking().FirstOrDefaultAsync(l => l.Id == laneId && l.LotId == lotId && l.RetiredAt == null, ct);
        return lane is not null && kind.Suits(lane.Direction) ? null : new InvalidField(field, "invalid");
    }
}
