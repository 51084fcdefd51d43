using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Tests.Orders;

/// <summary>A true history of cars in a lot, and what cameras made of it that lose readings, read a standing car again and again, are cut
/// off for hours, tell things twice and out of order. The seed says it all.</summary>
public sealed class Walk
{
    /// <summary>One car in the lot, by what was read of it first; null for what no camera told.</summary>
    public sealed record TrueStay(DateTimeOffset? In, DateTimeOffset? Out);

    /// <summary>One reading on its way to us.</summary>
    public sealed record Delivery(DateTimeOffset Arrival, DeviceEvent Event);

    /// <summary>The cars, and their stays in order.</summary>
    public Dictionary<string, List<TrueStay>> Cars { get; } = [];

    /// <summary>In order of arrival.</summary>
    public List<Delivery> Deliveries { get; } = [];

    readonly Random random;
    int messages;

    public Walk(int seed, int cars, DateTimeOffset start, TimeSpan duration, Device entry, Device exit)
    {
        random = new Random(seed);
        for (var car = 0; car < cars; car++)
        {
            var plate = $"粤{(char)('A' + car / 100_000)}{car % 100_000:00000}";
            List<TrueStay> stays = [];
            var at = start + duration * (0.6 * random.NextDouble());
            for (var stay = random.Next(1, 5); stay > 0 && at < start + duration; stay--)
            {
                var entered = Pass(entry, plate, ref at);
                at += Between(3, 600);
                var left = Pass(exit, plate, ref at);
                at += Between(2, 500);
                stays.Add(new TrueStay(entered, left));
            }
            Cars[plate] = stays;
        }
        Deliveries.Sort((a, b) => a.Arrival.CompareTo(b.Arrival));
    }

    /// <summary>Short times are as frequent as long ones.</summary>
    TimeSpan Between(double from, double to) => TimeSpan.FromMinutes(from * Math.Pow(to / from, random.NextDouble()));

    bool Chance(double of) => random.NextDouble() < of;

    /// <summary>The car stands at the camera, and drives on.</summary>
    /// <returns>The first reading that is told; null where none is.</returns>
    DateTimeOffset? Pass(Device camera, string plate, ref DateTimeOffset at)
    {
        if (Chance(0.02))
            return null;
        DateTimeOffset? first = null;
        var away = Chance(0.15) ? Between(3, 360) : TimeSpan.Zero;
        for (var readings = Chance(0.05) ? random.Next(3, 20) : random.Next(1, 3); readings > 0; readings--)
        {
            var read = new DateTimeOffset(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
            first ??= read;
            var delay = away + TimeSpan.FromSeconds(2 * random.NextDouble());
            var e = new DeviceEvent(camera.Id, camera.LotId, $"w{++messages}", "t", "{}",
                new PassageReport(read, away > TimeSpan.Zero, plate, "blue", "small", 0.98, null, []));
            Deliveries.Add(new Delivery(read + delay, e));
            if (Chance(0.05))
                Deliveries.Add(new Delivery(read + delay + Between(0.1, 60), e));
            at += TimeSpan.FromSeconds(15 + 44 * random.NextDouble());
        }
        return first;
    }
}
