using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Storage;

/// <summary>
/// Device events made durable per second through the inbox, and how long a device waits for its acknowledgement; beside
/// them the same messages as prepared single-row inserts, committed together and each by itself. The rounds take turns, so that all
/// of them see the same machine.
/// </summary>
internal static class IngestBench
{
    private const int Events = 10_000;
    private const int Rounds = 5;
    private const int InFlight = 512;
    private const int Connections = 32;

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
            await MeasureAsync(city);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
        return 0;
    }

    private static async Task MeasureAsync(BenchCity city)
    {
        await using var raw = NpgsqlDataSource.Create(city.ConnectionString);
        // A table for each, with all indexes of the real one.
        foreach (var table in new[] { "raw_together", "raw_each" })
            await using (var create = raw.CreateCommand($"CREATE TABLE {table} (LIKE device_messages INCLUDING ALL)"))
                await create.ExecuteNonQueryAsync();
        var inbox = new List<double>();
        var together = new List<double>();
        var single = new List<double>();
        var waits = new List<double>();
        Console.WriteLine($"{"round",-8}{"inbox",12}{"p50 ms",10}{"p99 ms",10}{"one commit",14}{"commit each",14}   events/s");
        // The first round warms up and does not count.
        for (var round = 0; round <= Rounds; round++)
        {
            var events = city.Next(Events);
            var (seconds, took) = await InboxAsync(city, events);
            var (all, each) = (await TogetherAsync(raw, events), await EachAsync(raw, events));
            Console.WriteLine($"{(round == 0 ? "warm-up" : round),-8}{Events / seconds,12:N0}{At(took, 0.5),10:0.0}{At(took, 0.99),10:0.0}"
                + $"{Events / all,14:N0}{Events / each,14:N0}");
            if (round == 0)
                continue;
            inbox.Add(Events / seconds);
            together.Add(Events / all);
            single.Add(Events / each);
            waits.AddRange(took);
        }
        Console.WriteLine($"{"median",-8}{At(inbox, 0.5),12:N0}{At(waits, 0.5),10:0.0}{At(waits, 0.99),10:0.0}"
            + $"{At(together, 0.5),14:N0}{At(single, 0.5),14:N0}");
        Console.WriteLine($"inbox / one commit: {At(inbox, 0.5) / At(together, 0.5):0.00}, "
            + $"inbox / commit each: {At(inbox, 0.5) / At(single, 0.5):0.00}");
        Console.WriteLine(await city.CountsAsync());
    }

    /// <summary>The value below which that part of the values lies.</summary>
    private static double At(List<double> values, double part) =>
        values.Order().ElementAt(Math.Min(values.Count - 1, (int)(values.Count * part)));

    private static async Task<(double Seconds, List<double> WaitsMs)> InboxAsync(BenchCity city, DeviceEvent[] events)
    {
        var inbox = city.Services.GetRequiredService<DeviceInbox>();
        using var slots = new SemaphoreSlim(InFlight);
        var clock = Stopwatch.StartNew();
        var waits = new Task<double>[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            await slots.WaitAsync();
            city.Clock.Step();
            waits[i] = AcceptAsync(events[i]);
        }
        var took = await Task.WhenAll(waits);
        return (clock.Elapsed.TotalSeconds, [.. took]);

        async Task<double> AcceptAsync(DeviceEvent e)
        {
            var start = Stopwatch.GetTimestamp();
            var result = await inbox.AcceptAsync(BenchCity.Code, e, CancellationToken.None);
            slots.Release();
            return result.Outcome is EventOutcome.Recorded
                ? Stopwatch.GetElapsedTime(start).TotalMilliseconds
                : throw new InvalidOperationException($"{e.MessageId}: {result}");
        }
    }

    private static async Task<double> TogetherAsync(NpgsqlDataSource source, DeviceEvent[] events)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var insert = await PreparedAsync(connection, "raw_together");
        var clock = Stopwatch.StartNew();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var e in events)
            await InsertAsync(insert, e);
        await transaction.CommitAsync();
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> EachAsync(NpgsqlDataSource source, DeviceEvent[] events)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => source.OpenConnectionAsync().AsTask()));
        var inserts = await Task.WhenAll(connections.Select(c => PreparedAsync(c, "raw_each")));
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(inserts.Select(async insert =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < events.Length;)
                await InsertAsync(insert, events[i]);
        }));
        var seconds = clock.Elapsed.TotalSeconds;
        foreach (var connection in connections)
            await connection.DisposeAsync();
        return seconds;
    }

    private static async Task<NpgsqlCommand> PreparedAsync(NpgsqlConnection connection, string table)
    {
        var insert = new NpgsqlCommand($"""
            INSERT INTO {table} (id, lot_id, device_id, message_id, kind, topic, payload, received_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid>(), new NpgsqlParameter<Guid>(), new NpgsqlParameter<Guid>(), new NpgsqlParameter<string>(),
                new NpgsqlParameter<string>(), new NpgsqlParameter<string>(), new NpgsqlParameter<string>(),
                new NpgsqlParameter<DateTimeOffset>()
            }
        };
        await insert.PrepareAsync();
        return insert;
    }

    private static Task InsertAsync(NpgsqlCommand insert, DeviceEvent e)
    {
        object[] values = [Guid.CreateVersion7(), e.LotId, e.DeviceId, e.MessageId!, "passage", e.Topic, e.Payload,
            ((PassageReport)e.Report!).At];
        for (var i = 0; i < values.Length; i++)
            insert.Parameters[i].Value = values[i];
        return insert.ExecuteNonQueryAsync();
    }
}
