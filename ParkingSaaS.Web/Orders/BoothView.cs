using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Orders;

/// <summary>A lane, the car that stands at its exit, and its gate.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Car">The order that waits for payment or for a person; null where nobody waits.</param>
/// <param name="Fee">What the car owes, line by line.</param>
/// <param name="MoreWaiting">Older orders of this lane that still wait; <see cref="BoothView.Most"/> stands for so many or more.</param>
/// <param name="BlackListedFor">Why the black list has the car; null where it does not.</param>
/// <param name="Refused">The car that the black list keeps at the gate; null where nobody stands there for that.</param>
/// <param name="Seen">The car's last reading; null where there is no car.</param>
/// <param name="Gate">What moves the barrier; null where the lane has nothing that could.</param>
/// <param name="Commands">What the lane's devices were told within <see cref="BoothView.CommandsOf"/>, the newest first.</param>
public sealed record BoothLane(Lane Lane, Order? Car, FeeQuote? Fee, int MoreWaiting, string? BlackListedFor, RecentPassage? Refused,
    Passage? Seen, BoothGate? Gate, IReadOnlyList<DeviceCommand> Commands)
{
    /// <summary>Somebody has to do something here.</summary>
    public bool Waits => Car is not null || Refused is not null;

    /// <summary>Since when.</summary>
    public DateTimeOffset? Since => Car?.ExitedAt ?? Refused?.At;

    /// <summary>The newest command to open the gate came to nothing.</summary>
    public bool GateFailed(DateTimeOffset now) =>
        Commands.FirstOrDefault(c => c.Type == DeviceCommand.OpenGate)?.StateBy(now) is CommandState.Failed or CommandState.Expired;
}

/// <summary>The device that moves a lane's barrier.</summary>
/// <param name="Since">When it came on line or went off; null where that is not known, or it never came.</param>
public sealed record BoothGate(Device Device, DateTimeOffset? Since);

/// <summary>What a booth shows.</summary>
/// <param name="Lanes">The chosen lanes.</param>
/// <param name="Passages">The lot's last passages.</param>
/// <param name="Now">When it was read.</param>
public sealed record BoothView(IReadOnlyList<BoothLane> Lanes, IReadOnlyList<RecentPassage> Passages, DateTimeOffset Now)
{
    /// <summary>Nobody counts further at a booth: the list of orders has them all.</summary>
    public const int Most = 99;

    /// <summary>How long a booth shows what a gate was told.</summary>
    public static readonly TimeSpan CommandsOf = TimeSpan.FromMinutes(10);

    /// <summary>So many commands of all lanes together.</summary>
    const int MostCommands = 50;

    /// <summary>Reads it with the session's reach: of each lane the car that stands there, whatever was left behind.</summary>
    public static async Task<BoothView> LoadAsync(CitySession s, Guid lotId, IReadOnlyList<Lane> lanes)
    {
        // An exit without an entry is shown as long as the car may still stand there.
        var since = s.Now - ExitSettlement.StandingWindow;
        var waiting = new Dictionary<Guid, (Order Car, int More)>();
        foreach (var lane in lanes.Where(l => l.Direction is not LaneDirection.Entry))
        {
            var here = Waiting(s, lane, since);
            if (await here.FirstOrDefaultAsync() is { } car)
                waiting[lane.Id] = (car, await here.Skip(1).Take(Most).CountAsync());
        }
        var passages = await RecentPassage.ReadAsync(s, lotId, 20, default);
        var cars = new PlateLists(s);
        await cars.LoadAsync(waiting.Values.Select(w => w.Car.Plate).OfType<string>(), [], default);
        var orders = waiting.Values.Select(w => w.Car.Id).ToArray();
        var seen = await s.Db.Set<Order>().Where(o => orders.Contains(o.Id))
            .SelectMany(o => s.Db.Set<Passage>().Where(p => p.OrderId == o.Id).OrderByDescending(p => p.At).Take(1)).AsNoTracking().ToListAsync();
        var gates = await GatesAsync(s, lanes);
        var commands = await CommandsAsync(s, lanes);
        var view = new List<BoothLane>(lanes.Count);
        foreach (var lane in lanes)
        {
            var (car, more) = waiting.GetValueOrDefault(lane.Id);
            var decision = await cars.DecideAsync(lotId, car?.Plate, s.Now, default);
            view.Add(new BoothLane(lane, car, car?.FeeLines is { } json ? JsonSerializer.Deserialize<FeeQuote>(json, TariffJson.Options) : null,
                more, decision.Refused ? decision.Rule!.Reason : null,
                passages.FirstOrDefault(p => p.LaneId == lane.Id) is { Outcome: PassageOutcome.Refused } last && last.At >= since ? last : null,
                car is null ? null : seen.Find(p => p.OrderId == car.Id), gates.GetValueOrDefault(lane.Id), [.. commands[lane.Id]]));
        }
        return new BoothView(view, passages, s.Now);
    }

    /// <summary>Who waits at a lane, the newest first; in these words by <c>ix_orders_at_exit</c>.</summary>
    internal static IQueryable<Order> Waiting(CitySession s, Lane lane, DateTimeOffset since) => s.Db.Set<Order>().AsNoTracking()
        .Where(o => o.ExitLaneId == lane.Id && (o.State == OrderState.AwaitingPayment || o.State == OrderState.Unresolved)
            && (o.State == OrderState.AwaitingPayment || (o.EnteredAt == null && o.ExitedAt >= since)))
        .OrderByDescending(o => o.ExitedAt);

    /// <summary>What moves the barrier of each lane, as <see cref="Gates"/> chooses it.</summary>
    static async Task<Dictionary<Guid, BoothGate>> GatesAsync(CitySession s, IReadOnlyList<Lane> lanes)
    {
        var devices = await AtLanes(s, lanes).AsNoTracking().Where(d => d.RetiredAt == null)
            .Select(d => new
            {
                Device = d,
                Came = s.Db.Set<DeviceStateChange>().Where(c => c.DeviceId == d.Id && c.State == "online").Max(c => (DateTimeOffset?)c.At)
            }).ToListAsync();
        var gates = new Dictionary<Guid, BoothGate>();
        foreach (var atLane in devices.GroupBy(d => d.Device.LaneId!.Value))
        {
            var mover = Gates.MoverOf(atLane.Select(d => d.Device))!;
            gates[atLane.Key] = new BoothGate(mover, mover.Online ? atLane.First(d => d.Device == mover).Came : mover.OfflineSince);
        }
        return gates;
    }

    static async Task<ILookup<Guid, DeviceCommand>> CommandsAsync(CitySession s, IReadOnlyList<Lane> lanes)
    {
        var since = s.Now - CommandsOf;
        var commands = await AtLanes(s, lanes).Join(s.Db.Set<DeviceCommand>().AsNoTracking().Where(c => c.CreatedAt >= since), d => d.Id, c => c.DeviceId,
            (d, c) => new { LaneId = d.LaneId!.Value, Command = c }).OrderByDescending(x => x.Command.CreatedAt).Take(MostCommands).ToListAsync();
        return commands.ToLookup(x => x.LaneId, x => x.Command);
    }

    static IQueryable<Device> AtLanes(CitySession s, IReadOnlyList<Lane> lanes)
    {
        var ids = lanes.Select(l => l.Id).ToArray();
        return s.Db.Set<Device>().Where(d => d.LaneId != null && ids.Contains(d.LaneId.Value));
    }
}
