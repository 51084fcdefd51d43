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
        var readers = await ReadersAsync(s, [.. wanted.Where(w => w.Type == DeviceCommand.ShowText).Select(w => (Guid?)w.Order!.Id)], ct);
        var commands = new List<DeviceCommand>();
        foreach (var (lane, order, type) in wanted.Distinct())
        {
            var atLane = devices.Where(d => d.LaneId == lane);
            if ((type == DeviceCommand.ShowText ? DisplayOf(atLane, readers[order!.Id]) : MoverOf(atLane)) is not { } device)
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
        if (MoverOf(devices) is not { } device)
            return [];
        var command = DeviceCommand.For(s, device, DeviceCommand.OpenGate, null, order?.Id, id, reason);
        s.Db.Set<DeviceCommand>().Add(command);
        return [command];
    }

    /// <summary>Which devices read the cars of these orders leaving, the first one first. A car that turned back and comes again is read anew.</summary>
    static async Task<ILookup<Guid, Guid>> ReadersAsync(CitySession s, Guid?[] orders, CancellationToken ct)
    {
        if (orders.Length > 0) // what was read just now is not saved yet
            await s.Db.Set<Passage>().Where(p => orders.Contains(p.OrderId) && !p.Entering && p.DeviceId != null).LoadAsync(ct);
        return s.Db.Set<Passage>().Local
            .Where(p => orders.Contains(p.OrderId) && p is { Entering: false, DeviceId: not null, Outcome: not PassageOutcome.TurnedBack })
            .OrderBy(p => p.At).ThenBy(p => p.Id).ToLookup(p => p.OrderId!.Value, p => p.DeviceId!.Value);
    }

    /// <summary>Of the devices at an exit the one whose display the driver looks at: the camera that read the car first, else the exit's.</summary>
    static Device? DisplayOf(IEnumerable<Device> atLane, IEnumerable<Guid> readers)
    {
        var cameras = atLane.Where(d => d.Kind is DeviceKind.EntryCamera or DeviceKind.ExitCamera && DeviceDialect.ShowsText(d.Dialect))
            .OrderByDescending(d => d.Kind is DeviceKind.ExitCamera).ThenBy(d => d.Name, StringComparer.Ordinal).ToList();
        return readers.Select(id => cameras.Find(d => d.Id == id)).FirstOrDefault(d => d is not null) ?? cameras.FirstOrDefault();
    }

    /// <summary>Of the devices in use at a lane the one that raises its barrier: the gate or, where there is none, a camera. Null where the lane
    /// has neither.</summary>
    public static Device? MoverOf(IEnumerable<Device> atLane) =>
        atLane.OrderByDescending(d => d.Kind is DeviceKind.Gate).ThenBy(d => d.Name, StringComparer.Ordinal).FirstOrDefault();
}
