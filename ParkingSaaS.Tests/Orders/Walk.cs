using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Tests.Orders;

/// <summary>A true history of cars in a lot, and what cameras made of it that lose readings, read a standing car again and again, are cut
/// off for hours, tell things twice and out of order. The seed says it all.</summary>
public sealed class Walk : ToldHistory
{
    /// <summary>One car in the lot, by what was read of it first; null for what no camera told.</summary>
    public sealed record TrueStay(DateTimeOffset? In, DateTimeOffset? Out);

    /// <summary>The cars, and their stays in order.</summary>
    public Dictionary<string, List<TrueStay>> Cars { get; } = [];

    int messages;

    public Walk(int seed, int cars, DateTimeOffset start, TimeSpan duration, Device entry, Device exit)
        : base(seed)
    {
        for (var car = 0; car < cars; car++)
        {
            var plate = $"粤{(char)('A' + car / 100_000)}{car % 100_000:00000}";
            List<TrueStay> stays = [];
            var at = start + duration * (0.6 * Share());
            for (var stay = Next(1, 5); stay > 0 && at < start + duration; stay--)
            {
                var entered = Pass(entry, plate, ref at);
                at += Between(3, 600);
                var left = Pass(exit, plate, ref at);
                at += Between(2, 500);
                stays.Add(new TrueStay(entered, left));
            }
            Cars[plate] = stays;
        }
        Sort();
    }

    /// <summary>The car stands at the camera, and drives on.</summary>
    /// <returns>The first reading that is told; null where none is.</returns>
    DateTimeOffset? Pass(Device camera, string plate, ref DateTimeOffset at)
    {
        if (Chance(0.02))
            return null;
        DateTimeOffset? first = null;
        var away = Chance(0.15) ? Between(3, 360) : TimeSpan.Zero;
        for (var readings = Chance(0.05) ? Next(3, 20) : Next(1, 3); readings > 0; readings--)
        {
            var read = Told(at);
            first ??= read;
            var delay = away + TimeSpan.FromSeconds(2 * Share());
            var e = new DeviceEvent(camera.Id, camera.LotId, $"w{++messages}", "t", "{}",
                new PassageReport(read, away > TimeSpan.Zero, plate, "blue", "small", 0.98, null, []));
            Send(read + delay, e);
            at += TimeSpan.FromSeconds(15 + 44 * Share());
        }
        return first;
    }
}
