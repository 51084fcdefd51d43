using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Storage;

/// <summary>Many cities that are busy at once, beside one that gets all their events: what it costs that each has a database of its own, and
/// how many connections they take.</summary>
internal static class CitiesBench
{
    /// <summary>Events under way at once, in all.</summary>
    private const int InFlight = 1_000;

    private const int Events = 20_000;

    public static Task<int> RunAsync(int number)
    {
        string[] codes = [.. Enumerable.Range(1, number).Select(n => $"city-{n}")];
        return BenchCity.RunAsync(lots: 4, lanes: 2, city => RunAsync(city, codes), codes);
    }

    private static async Task RunAsync(BenchCity city, string[] codes)
    {
        using var ending = new CancellationTokenSource();
        // Each city also has what listens to other nodes, and what asks how its database is.
        var channel = city.Services.GetRequiredService<NodeChannel>();
        var listening = codes.Select(c => channel.RunAsync(c, BenchCity.DatabaseOf(c), _ => Task.CompletedTask, ending.Token)).ToArray();
        var probes = city.Services.GetRequiredService<DatabaseProbes>();
        foreach (var code in codes)
            if (await probes.AskAsync(BenchCity.DatabaseOf(code), ending.Token) is not DatabaseState.Ok)
                throw new InvalidOperationException($"{code} does not answer");
        var sampling = SampleAsync(city, ending.Token);

        await OneRoundAsync(city, [BenchCity.Code], Events / 4);
        await OneRoundAsync(city, codes, Events / 4);
        for (var round = 1; round <= 3; round++)
        {
            var one = await OneRoundAsync(city, [BenchCity.Code], Events);
            var many = await OneRoundAsync(city, codes, Events);
            Console.WriteLine($"round {round}: one city {one:N0} events a second, {codes.Length} cities {many:N0}, ratio {many / one:F2}");
        }

        await ending.CancelAsync();
        await Task.WhenAll(listening);
        var (peak, most) = await sampling;
        Console.WriteLine($"connections: at most {peak} of {most}, {(double)peak / (codes.Length + 1):F1} a city; "
            + $"{Environment.WorkingSet / 1024 / 1024:N0} MB in this process");
    }

    private static async Task<double> OneRoundAsync(BenchCity city, string[] codes, int count)
    {
        var inbox = city.Services.GetRequiredService<DeviceInbox>();
        var events = city.Next(count);
        var seconds = await Measure.ClosedLoopAsync(count, InFlight, async i =>
        {
            city.Clock.Step();
            var result = await inbox.AcceptAsync(CityOf(events[i]), events[i], CancellationToken.None);
            if (result.Outcome is not EventOutcome.Recorded)
                throw new InvalidOperationException($"{events[i].MessageId}: {result}");
        });
        return count / seconds;

        // A car leaves the city that it came to.
        string CityOf(DeviceEvent e) => codes[(uint)((PassageReport)e.Report!).Plate!.GetHashCode(StringComparison.Ordinal) % codes.Length];
    }

    /// <summary>How many connections the server had at most, and how many it takes.</summary>
    private static async Task<(long Peak, string Most)> SampleAsync(BenchCity city, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(city.ConnectionString()) { MaxPoolSize = 1 });
        await using var count = source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL");
        await using var limit = source.CreateCommand("SHOW max_connections");
        var most = (string)(await limit.ExecuteScalarAsync(CancellationToken.None))!;
        long peak = 0;
        while (!ct.IsCancellationRequested)
        {
            peak = Math.Max(peak, (long)(await count.ExecuteScalarAsync(CancellationToken.None))!);
            await Task.Delay(100, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return (peak, most);
    }
}
