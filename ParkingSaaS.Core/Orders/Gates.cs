using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Writes commands for a lane's gate or display, in the transaction that decided them.</summary>
public sealed class Gates
{
    /// <summary>Adds commands for lanes; where a lane has no gate of its own, its camera moves the barrier. Lanes without either
    /// get none.</summary>
    /// <returns>The commands, to be handed to <see cref="CommandSender"/> after the commit.</returns>
    public async Task<List<DeviceCommand>> AddAsync(CitySession s, IReadOnlyCollection<(Guid LaneId, Order? Order, string Type)> wanted,
        CancellationToken ct)
    {
        if (wanted.Count == 0)
            return [];
        var lanes = wanted.Select(w => w.LaneId).Distinct().ToArray();
        var devices = await s.Db.Set<Device>().AsNoTracking().Where(d => d.LaneId != null && lanes.Contains(d.LaneId.Value) && d.RetiredAt == null)
            .ToListAsync(ct);
        var commands = new List<DeviceCommand>();
        foreach (var (lane, order, type) in wanted.Distinct())
        {
            var device = For(devices.Where(d => d.LaneId == lane), type);
            if (device is null)
                continue;
            commands.Add(DeviceCommand.For(s, device, type,
                type == DeviceCommand.ShowText ? $"{order!.Plate} {s.City.Currency.Text(order.Owed)}" : null, order?.Id));
        }
        s.Db.Set<DeviceCommand>().AddRange(commands);
        return commands;
    }

    /// <summary>Adds the command of a person to raise a lane's gate. The id comes from the screen, so that a second click is the
    /// same command.</summary>
    /// <returns>The command, or none where the lane has nothing that could move a gate.</returns>
    public async Task<List<DeviceCommand>> AddByHandAsync(CitySession s, Guid id, Guid laneId, Order? order, string reason,
        CancellationToken ct)
    {
        var devices = await s.Db.Set<Device>().Where(d => d.LaneId == laneId && d.RetiredAt == null).ToListAsync(ct);
        if (For(devices, DeviceCommand.OpenGate) is not { } device)
            return [];
        var command = DeviceCommand.For(s, device, DeviceCommand.OpenGate, null, order?.Id, id, reason);
        s.Db.Set<DeviceCommand>().Add(command);
        return [command];
    }

    static Device? For(IEnumerable<Device> atLane, string type) => type == DeviceCommand.ShowText
        ? atLane.FirstOrDefault(d => d.Kind is DeviceKind.EntryCamera or DeviceKind.ExitCamera && DeviceDialect.ShowsText(d.Dialect))
        : MoverOf(atLane);

    /// <summary>Of the devices in use at a lane the one that raises its barrier: the gate or, where there is none, a camera. Null where the lane
    /// has neither.</summary>
    public static Device? MoverOf(IEnumerable<Device> atLane) =>
        atLane.OrderByDescending(d => d.Kind is DeviceKind.Gate).ThenBy(d => d.Name, StringComparer.Ordinal).FirstOrDefault();
}
