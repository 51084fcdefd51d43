using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.Bench.Faults;

/// <summary>What came of a run.</summary>
/// <param name="Faults">How often each fault was done.</param>
/// <param name="Acknowledged">Events that devices were told are kept.</param>
/// <param name="Missing">Of those, what is not there.</param>
/// <param name="Doubled">Events that are there more than once, as a message, as a passage or as an order.</param>
/// <param name="Failed">Events that are kept as failed or refused: none of them was at fault.</param>
/// <param name="FailedAtFirst">Events that were failed at the end of the faults, before they were processed again.</param>
/// <param name="LongestWait">For an acknowledgement, from the first attempt on.</param>
/// <param name="LogLines">What the program logged meanwhile, in lines,</param>
/// <param name="LogBytes">and in bytes.</param>
public sealed record FaultReport(IReadOnlyDictionary<string, int> Faults, int Acknowledged, IReadOnlyList<string> Missing, IReadOnlyList<string> Doubled,
    IReadOnlyList<string> Failed, int FailedAtFirst, TimeSpan LongestWait, long LogLines, long LogBytes)
{
    public override string ToString() => $"""
        faults               {string.Join(", ", Faults.OrderBy(f => f.Key).Select(f => $"{f.Value} x {f.Key}"))}
        acknowledged events  {Acknowledged:N0}
        missing              {Missing.Count} {string.Join(' ', Missing.Take(5))}
        doubled              {Doubled.Count} {string.Join(' ', Doubled.Take(5))}
        failed               {Failed.Count} {string.Join(' ', Failed.Take(5))} (processed again by itself: {FailedAtFirst})
        longest wait         {LongestWait.TotalSeconds:0.0} s
        log                  {LogLines:N0} lines, {LogBytes / 1024.0:N0} kB
        """;
}

/// <summary>
/// The whole program on a database of its own, cameras that send over real connections and repeat what is not acknowledged, and a database
/// to which everything happens in random order. Then what was acknowledged is compared with what is there.
/// </summary>
public static class FaultRun
{
    /// <summary>A device gives a connection up that does not acknowledge for so long.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>From the last fault until everything is done.</summary>
    static readonly TimeSpan Recovery = TimeSpan.FromMinutes(2);

    /// <param name="duration">How long faults are done.</param>
    /// <param name="seed">Of their order and kind.</param>
    /// <param name="eventsPerSecond">What the cameras send together.</param>
    /// <param name="ct">Ends it early.</param>
    /// <exception cref="TimeoutException">The program did not recover.</exception>
    public static async Task<FaultReport> RunAsync(TimeSpan duration, int seed, int eventsPerSecond, CancellationToken ct)
    {
        using var disk = SmallDisk.Create();
        var data = Path.Combine(disk.Path, "data");
        var logs = new CountedLogs();
        await using var host = await ParkingHost.StartAsync(
            ["--environment=Test", "--Demo=true", "--DemoDays=0", "--Simulator:Speed=0", "--Port=0", "--Mqtt:Port=0", $"--Data={data}"],
            services =>
            {
                services.RemoveAll<ILoggerProvider>();
                services.AddSingleton<ILoggerProvider>(logs);
            }, ct);
        var load = new Load(await CamerasAsync(data, ct), new Uri(host.App.Urls.ElementAt(1)).Port);
        var random = new Random(seed);
        var faults = ServerFaults.Of(Path.Combine(data, "postgres", "cluster"), disk.IsMounted ? disk.Path : null, random);
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(ct);
        quiet.CancelAfter(duration);
        var sending = load.RunAsync(eventsPerSecond, quiet.Token, ct);
        var done = await BreakAsync(faults, random, quiet.Token);
        await sending.WaitAsync(Recovery, ct);

        var failedAtFirst = (await FailedAsync(host, ct)).Count;
        var recovery = Stopwatch.StartNew();
        while ((await FailedAsync(host, ct)).Count > 0 && recovery.Elapsed < Recovery)
            await Task.Delay(1000, ct);
        return await CompareAsync(host, load, done, failedAtFirst, logs, ct);
    }

    static async Task<Dictionary<string, int>> BreakAsync(ServerFaults faults, Random random, CancellationToken quiet)
    {
        Dictionary<string, int> done = [];
        var names = faults.All.Keys.Order().ToArray();
        // Each once before any comes again, so that a short run has all of them.
        Queue<string> order = [];
        while (!quiet.IsCancellationRequested)
        {
            if (order.Count == 0)
            {
                random.Shuffle(names);
                foreach (var name in names)
                    order.Enqueue(name);
            }
            var fault = order.Dequeue();
            await faults.All[fault](quiet);
            done[fault] = done.GetValueOrDefault(fault) + 1;
            await Task.Delay(TimeSpan.FromSeconds(0.5 + 3 * random.NextDouble()), quiet).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return done;
    }

    /// <summary>Entry and exit cameras of the demo's first city, lot by lot.</summary>
    static async Task<List<(Camera Entry, Camera Exit)>> CamerasAsync(string data, CancellationToken ct)
    {
        using var demo = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "demo.json"), ct));
        List<(Camera, Camera)> pairs = [];
        foreach (var lot in demo.RootElement.GetProperty("cities")[0].GetProperty("lots").EnumerateArray())
        {
            var cameras = lot.GetProperty("allDevices").EnumerateArray().Where(d => d.GetProperty("dialect").GetString() == "standard")
                .ToLookup(d => d.GetProperty("kind").GetString(), d => new Camera(d.GetProperty("username").GetString()!,
                    d.GetProperty("password").GetString()!, d.GetProperty("device").GetString()!));
            if (cameras["entryCamera"].Any() && cameras["exitCamera"].Any())
                pairs.Add((cameras["entryCamera"].First(), cameras["exitCamera"].First()));
        }
        return pairs;
    }

    static Task<CitySession> OpenAsync(ParkingHost host, CancellationToken ct) => host.App.Services.GetRequiredService<CitySessions>()
        .OpenAsync(Actor.Job(host.App.Services.GetRequiredService<CityDirectory>().Active[0].Code, "faults", DevicePermissions.Record),
            DevicePermissions.Record, ct);

    static async Task<List<string>> FailedAsync(ParkingHost host, CancellationToken ct)
    {
        await using var s = await OpenAsync(host, ct);
        return await s.Db.Set<DeviceMessage>().Where(m => m.MessageId!.StartsWith(Load.Prefix) && m.ErrorCode != null)
            .Select(m => m.MessageId + " " + m.ErrorCode + " " + m.Failure).ToListAsync(ct);
    }

    static async Task<FaultReport> CompareAsync(ParkingHost host, Load load, Dictionary<string, int> done, int failedAtFirst, CountedLogs logs,
        CancellationToken ct)
    {
        await using var s = await OpenAsync(host, ct);
        var messages = s.Db.Set<DeviceMessage>().Where(m => m.MessageId!.StartsWith(Load.Prefix));
        var kept = await messages.Select(m => m.MessageId!).ToListAsync(ct);
        // Counted once for all: a look for each message at a hundred thousand passages would take the server an hour.
        var counts = await s.Db.Set<Passage>().Where(p => p.MessageId != null).GroupBy(p => p.MessageId!.Value)
            .Select(g => new { Id = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Id, g => g.Count, ct);
        var passages = (await messages.Where(m => m.ErrorCode == null).Select(m => new { m.MessageId, m.Id }).ToListAsync(ct))
            .ConvertAll(m => (m.MessageId, Passages: counts.GetValueOrDefault(m.Id)));
        var orders = await s.Db.Set<Order>().Where(o => o.Plate!.StartsWith(Load.Plates)).GroupBy(o => o.Plate!)
            .Select(g => new { Plate = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Plate, g => g.Count, ct);
        var there = kept.ToHashSet();
        return new FaultReport(done, load.Acknowledged.Count,
            [.. load.Acknowledged.Keys.Where(id => !there.Contains(id)), .. passages.Where(p => p.Passages == 0).Select(p => p.MessageId!),
                .. load.Cars.Where(plate => !orders.ContainsKey(plate))],
            [.. kept.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key), .. passages.Where(p => p.Passages > 1).Select(p => p.MessageId!),
                .. orders.Where(o => o.Value > 1).Select(o => o.Key)],
            await FailedAsync(host, ct), failedAtFirst, load.LongestWait, logs.Lines, logs.Bytes);
    }

    sealed record Camera(string User, string Secret, string Name);

    /// <summary>Cars that come in by one camera and leave by the other.</summary>
    sealed class Load(IReadOnlyList<(Camera Entry, Camera Exit)> lots, int port)
    {
        public const string Prefix = "fault-";
        public const string Plates = "FLT";

        /// <summary>How many cars are under way at once: what a device has not heard of yet is what a fault could lose.</summary>
        const int Lanes = 24;

        long longest;

        /// <summary>By message id.</summary>
        public ConcurrentDictionary<string, bool> Acknowledged { get; } = new();

        /// <summary>The cars whose entry was acknowledged.</summary>
        public ConcurrentBag<string> Cars { get; } = [];

        public TimeSpan LongestWait => TimeSpan.FromTicks(Interlocked.Read(ref longest));

        /// <summary>Sends until it is quiet, and then what is not acknowledged yet.</summary>
        public Task RunAsync(int eventsPerSecond, CancellationToken quiet, CancellationToken ct) =>
            Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => DriveAsync(lane, TimeSpan.FromSeconds(2.0 * Lanes / eventsPerSecond), quiet, ct)));

        async Task DriveAsync(int lane, TimeSpan interval, CancellationToken quiet, CancellationToken ct)
        {
            var (into, outOf) = lots[lane % lots.Count];
            using var entry = new Sender(into, port, lane);
            using var exit = new Sender(outOf, port, lane);
            using var timer = new PeriodicTimer(interval);
            for (var car = 0; !quiet.IsCancellationRequested; car++)
            {
                await timer.WaitForNextTickAsync(ct);
                var plate = $"{Plates}{lane:00}X{car:00000}";
                var at = TimeProvider.System.GetUtcNow();
                await SendAsync(entry, $"{Prefix}{lane}-{car}-in", plate, at, ct);
                Cars.Add(plate);
                await SendAsync(exit, $"{Prefix}{lane}-{car}-out", plate, at.AddSeconds(20), ct);
            }
        }

        async Task SendAsync(Sender camera, string id, string plate, DateTimeOffset at, CancellationToken ct)
        {
            var since = Stopwatch.GetTimestamp();
            await camera.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, at, plate }), ct);
            Acknowledged[id] = true;
            var waited = Stopwatch.GetElapsedTime(since).Ticks;
            for (long known; (known = Interlocked.Read(ref longest)) < waited && Interlocked.CompareExchange(ref longest, waited, known) != known;)
                continue;
        }
    }

    /// <summary>A device: it repeats a message until it is acknowledged, over a new connection where need be.</summary>
    sealed class Sender(Camera camera, int port, int lane) : IDisposable
    {
        IMqttClient? client;

        public async Task SendAsync(byte[] payload, CancellationToken ct)
        {
            while (true)
                try
                {
                    if (client is null)
                    {
                        client = MqttClients.Create();
                        await client.OpenAsync(MqttClients.Options("127.0.0.1", port, $"{camera.Name}-{lane}", camera.User, camera.Secret), ct)
                            .WaitAsync(Patience, ct);
                    }
                    await client.PublishBinaryAsync($"v1/{camera.Name}/up/passage", payload, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct)
                        .WaitAsync(Patience, ct);
                    return;
                }
                catch (Exception) when (!ct.IsCancellationRequested)
                {
                    Dispose();
                    await Task.Delay(200, ct);
                }
        }

        public void Dispose()
        {
            client?.Dispose();
            client = null;
        }
    }

    sealed class CountedLogs : ILoggerProvider, ILogger
    {
        long lines;
        long bytes;

        public long Lines => Interlocked.Read(ref lines);

        public long Bytes => Interlocked.Read(ref bytes);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => level >= LogLevel.Information;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? e, Func<TState, Exception?, string> format)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{format(state, e)} {e}");
            Interlocked.Increment(ref lines);
            Interlocked.Add(ref bytes, text.Length);
            if (Environment.GetEnvironmentVariable("FAULTS_LOG") is { } file)
                lock (this)
                    File.AppendAllText(file, $"{level}: {text}\n");
        }

        public void Dispose() { }
    }
}
