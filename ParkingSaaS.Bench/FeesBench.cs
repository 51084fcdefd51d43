using System.Diagnostics;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;

/// <summary>
/// Quotes per second on one core and bytes allocated per quote, for a simple, a typical and the worst tariff; beside
/// them the typical tariff written by hand in C#, which returns a bare amount.
/// </summary>
internal static class FeesBench
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static int Run()
    {
        var templates = TariffTemplate.All.ToDictionary(t => t.Id, t => t.Tariff);
        // A stay of minutes to half a day is what a lot sees; the worst is the longest stay under the most rules.
        var stays = Stays(TimeSpan.FromHours(12));
        var year = Stays(FeeEngine.MaxStay);

        Console.WriteLine($"{"tariff",-34}{"quotes/s",14}{"µs/quote",12}{"bytes/quote",14}");
        Measure("simple: per-entry", stays, Engine(templates["per-entry"]));
        var typical = Measure("typical: off-street", stays, Engine(templates["off-street"]));
        Measure("typical: on-street", stays, Engine(templates["on-street"]));
        Measure("worst: 64 rules, up to 366 days", year, Engine(Worst()));
        var peer = Measure("peer: off-street by hand, no lines", stays, ByHand);
        Console.WriteLine($"typical off-street / peer: {typical / peer:0.0} times the time");
        return 0;
    }

    private static Func<Stay, decimal> Engine(Tariff tariff) =>
        stay => FeeEngine.Quote(tariff, DayTypes.Weekends, Zone, stay).Amount;

    /// <summary>Seconds per quote.</summary>
    private static double Measure(string name, Stay[] stays, Func<Stay, decimal> quote)
    {
        var sum = 0m;
        var (best, bytes) = (double.MaxValue, 0.0);
        // The best of several rounds: the first warm up, and the machine is not ours alone.
        for (var round = 0; round < 8; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var (clock, count) = (Stopwatch.StartNew(), 0L);
            for (; clock.ElapsedMilliseconds < 400; count += stays.Length)
                foreach (var stay in stays)
                    sum += quote(stay);
            best = Math.Min(best, clock.Elapsed.TotalSeconds / count);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count;
        }
        Console.WriteLine($"{name,-34}{1 / best,14:N0}{best * 1e6,12:0.00}{bytes,14:N0}{(sum < 0 ? "!" : "")}");
        return best;
    }

    private static Stay[] Stays(TimeSpan longest)
    {
        var random = new Random(1);
        var start = new DateTimeOffset(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);
        return [.. Enumerable.Range(0, 64).Select(_ =>
        {
            var entry = start.AddSeconds(random.Next(7 * 86400));
            var seconds = random.NextInt64((long)longest.TotalSeconds);
            return new Stay(entry, entry.AddSeconds(seconds), NewEnergy: random.Next(3) == 0);
        })];
    }

    private static Tariff Worst() => new()
    {
        Schema = Tariff.SchemaId,
        Name = "worst",
        Rules = [.. Enumerable.Range(0, TariffValidation.MaxRules).Select(i => new TariffRule
        {
            Id = $"r{i}",
            AppliesTo = new()
            {
                DayTypes = [i % 2 == 0 ? DayType.Workday : DayType.RestDay],
                Seasons = [new() { From = new(1, 1), To = new(12, 31) }],
            },
            Window = new() { From = new(i * 22), To = new((i + 1) * 22 % 1440) },
            Charge = new TimedCharge
            {
                Stages = [.. from until in Enumerable.Range(1, 10)
                             select new Stage { UntilMinutes = until * 2, Price = 0.1m, PerMinutes = 1 }],
            },
            Cap = new() { Amount = 2 },
        })],
        Caps = [new() { Amount = 40, Per = Per.Day }],
    };

    private static decimal ByHand(Stay stay)
    {
        var seconds = stay.Exit.ToUnixTimeSeconds() - stay.Entry.ToUnixTimeSeconds();
        if (seconds <= 15 * 60)
            return 0;
        var fee = 0m;
        for (; seconds > 0; seconds -= 86400)
        {
            var day = Math.Min(seconds, 86400);
            fee += Math.Min(30m, (stay.NewEnergy ? 0m : 5m) + 2m * ((Math.Max(0, day - 3600) + 1799) / 1800));
        }
        return fee;
    }
}
