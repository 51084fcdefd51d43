using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Tests.Orders;

/// <summary>A true history of a street, and what the sensors of its berths made of it: they tell when a car comes and goes and every quarter
/// of an hour that it is still there or that nobody is, and lose, delay, double and reorder what they tell; now and then the same second is
/// told both ways.</summary>
public sealed class BerthWalk : ToldHistory
{
    /// <summary>One car on a berth, by what was told of it first; null for what was not.</summary>
    public sealed record TrueStay(string Plate, bool PlateTold, DateTimeOffset? In, DateTimeOffset? Out);

    /// <summary>The berths' sensors, and their stays in order.</summary>
    public Dictionary<Guid, List<TrueStay>> Berths { get; } = [];

    static readonly TimeSpan Pace = TimeSpan.FromMinutes(15);

    int messages, cars;

    public BerthWalk(int seed, IReadOnlyList<Device> sensors, DateTimeOffset start, TimeSpan duration)
        : base(seed)
    {
        foreach (var sensor in sensors)
        {
            List<TrueStay> stays = [];
            for (var at = start + Between(1, 200); at < start + duration;)
            {
                var plate = $"粤S{++cars % 100_000:00000}";
                var left = at + Between(2, 600);
                var (entered, told) = Tell(sensor, plate, at, left, before: null);
                at = left + Between(1, 120);
                stays.Add(new TrueStay(plate, told, entered, Tell(sensor, null, left, at, before: Chance(0.8) ? plate : null).First));
            }
            Berths[sensor.BerthId!.Value] = stays;
        }
        Sort();
    }

    /// <summary>Tells the berth's state from one change to the next.</summary>
    (DateTimeOffset? First, bool PlateTold) Tell(Device sensor, string? plate, DateTimeOffset from, DateTimeOffset until, string? before)
    {
        DateTimeOffset? first = null;
        var told = false;
        var away = Chance(0.1) ? Between(3, 300) : TimeSpan.Zero;
        for (var at = from; at < until; at += Pace)
        {
            if (Chance(0.02))
                continue;
            var read = Told(at);
            var seen = plate is not null && Chance(0.8) ? plate : null;
            (first, told) = (first ?? read, told || seen is not null);
            var late = away > TimeSpan.Zero || Chance(0.03);
            var arrival = read + away + (late ? Between(2.1, 60) : TimeSpan.FromSeconds(2 * Share()));
            var e = new DeviceEvent(sensor.Id, sensor.LotId, $"b{++messages}", "t", "{}", new BerthReport(read, late, plate is not null, seen));
            Send(arrival, e);
            // A report of the state before may bear the same second.
            if (at == from && Chance(0.02))
                Send(arrival + TimeSpan.FromSeconds(2 * Share()),
                    e with { MessageId = $"b{++messages}", Report = new BerthReport(read, late, plate is null, before) });
        }
        return (first, told);
    }
}
