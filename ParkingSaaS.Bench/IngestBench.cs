using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Storage;

/// <summary>
/// Device events made durable per second through the inbox, beside the same rows written raw: in batches with one commit, and
/// each event by itself. Then how long an event waits at a thousand a second until it is durable and its gate command has left, beside
/// a raw commit of the same rows. The rounds take turns, so that all see the same machine.
/// </summary>
internal static class IngestBench
{
    private const int Events = 10_000;
    private const int Rounds = 5;
    private const int InFlight = 800;
    private const int Rate = 1000;

    public static async Task<int> RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("parking-bench-");
        // As root, the database server runs as another user, who must be able to enter.
        directory.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead;
        try
        {
            var key = MasterKey.Generate();
            await using var server = await EmbeddedPostgres.StartAsync(directory.FullName, key, durable: true, CancellationToken.None);
            await using var city = await BenchCity.CreateAsync(server.ConnectionString, key);
            await using var together = await RawRows.OpenAsync(city.ConnectionString(BenchCity.RawTogether));
            await using var each = await RawRows.OpenAsync(city.ConnectionString(BenchCity.RawEach));
            await ThroughputAsync(city, together, each);
            await WaitsAsync(city, each);
            Console.WriteLine(await city.CountsAsync());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
        return 0;
    }

    private static async Task ThroughputAsync(BenchCity city, RawRows together, RawRows each)
    {
        List<double> inbox = [], batches = [], single = [];
        Console.WriteLine($"{"events/s",-10}{"inbox",12}{"raw batches",14}{"raw each",12}");
        // The first rounds warm up until as many cars leave as come, and do not count.
        for (var round = -1; round <= Rounds; round++)
        {
            var events = city.Next(Events);
            var seconds = await InboxAsync(city, events);
            var rows = await EventRows.ReadAsync(city.ConnectionString(), events);
            var (all, one) = (await together.WriteBatchesAsync(rows), await each.WriteEachAsync(rows));
            Console.WriteLine($"{(round <= 0 ? "warm-up" : round),-10}{Events / seconds,12:N0}{Events / all,14:N0}{Events / one,12:N0}");
            if (round <= 0)
                continue;
            inbox.Add(Events / seconds);
            batches.Add(Events / all);
            single.Add(Events / one);
        }
        Console.WriteLine($"{"median",-10}{At(inbox, 0.5),12:N0}{At(batches, 0.5),14:N0}{At(single, 0.5),12:N0}");
        Console.WriteLine($"inbox / raw batches: {At(inbox, 0.5) / At(batches, 0.5):0.00}, inbox / raw each: {At(inbox, 0.5) / At(single, 0.5):0.00}");
    }

    /// <summary>The value below which that part of the values lies.</summary>
    private static double At(List<double> values, double part) =>
        values.Order().ElementAt(Math.Min(values.Count - 1, (int)(values.Count * part)));

    private static async Task<double> InboxAsync(BenchCity city, DeviceEvent[] events)
    {
        using var slots = new SemaphoreSlim(InFlight);
        var clock = Stopwatch.StartNew();
        var waits = new Task[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            await slots.WaitAsync();
            waits[i] = AcceptAsync(events[i]);
        }
        await Task.WhenAll(waits);
        return clock.Elapsed.TotalSeconds;

        async Task AcceptAsync(DeviceEvent e)
        {
            await RecordAsync(city, e);
            slots.Release();
        }
    }

    private static async Task RecordAsync(BenchCity city, DeviceEvent e)
    {
        city.Clock.Step();
        var result = await city.Services.GetRequiredService<DeviceInbox>().AcceptAsync(BenchCity.Code, e, CancellationToken.None);
        if (result.Outcome is not EventOutcome.Recorded)
            throw new InvalidOperationException($"{e.MessageId}: {result}");
    }

    private static async Task WaitsAsync(BenchCity city, RawRows each)
    {
        List<double> inbox = [], raw = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var events = city.Next(Rate * 3);
            var waited = await AtRateAsync(events.Length, i => RecordAsync(city, events[i]));
            var rows = await EventRows.ReadAsync(city.ConnectionString(), events);
            var committed = await AtRateAsync(rows.Count, i => each.WriteOneAsync(rows[i]));
            if (round == 0)
                continue;
            inbox.AddRange(waited);
            raw.AddRange(committed);
        }
        Console.WriteLine($"ms at {Rate:N0} events a second: inbox p50 {At(inbox, 0.5):0.0}, p99 {At(inbox, 0.99):0.0}; raw commit p50 {At(raw, 0.5):0.0}, p99 {At(raw, 0.99):0.0}");
        Console.WriteLine($"p99 inbox / p99 raw commit: {At(inbox, 0.99) / At(raw, 0.99):0.00}");
    }

    /// <summary>How long each took from the instant at which it was due, in milliseconds.</summary>
    private static async Task<double[]> AtRateAsync(int count, Func<int, Task> run)
    {
        var clock = Stopwatch.StartNew();
        var waits = new Task<double>[count];
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / Rate);
            if (due > clock.Elapsed)
                await Task.Delay(1);
            waits[i] = WaitAsync(i, due);
        }
        return await Task.WhenAll(waits);

        async Task<double> WaitAsync(int i, TimeSpan due)
        {
            await run(i);
            return (clock.Elapsed - due).TotalMilliseconds;
        }
    }
}
