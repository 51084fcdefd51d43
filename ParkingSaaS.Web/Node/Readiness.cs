using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.External;

namespace ParkingSaaS.Web.Node;

/// <summary>Whether this node can serve, for a load balancer.</summary>
/// <param name="Status"><c>ready</c>, <c>not-ready</c> or <c>stopping</c>.</param>
/// <param name="Control">How the control database is; null where nobody knows.</param>
/// <param name="Cities">By city, how its database is.</param>
/// <param name="Server"><c>running</c>, or <c>restarting</c> while the private database server is gone; null without one.</param>
/// <param name="Broker">Whether the devices' broker outside of the program is connected; null without one.</param>
sealed record ReadinessReport(string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DatabaseState? Control = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, DatabaseState>? Cities = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Server = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Broker = null);

/// <summary>Looks every few seconds, and whenever somebody asks, whether every database takes writes, and the devices' broker outside is
/// there. Anybody may ask, so an answer is kept for a second: a flood of calls is none to the databases. Changes are logged, and told to
/// open pages.</summary>
sealed class Readiness(DatabaseProbes probes, CityDirectory directory, IServiceProvider services, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<Readiness> log) : BackgroundService
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5), Settled = TimeSpan.FromSeconds(12);

    /// <summary>What has not answered by then is unreachable. A caller has the answer within two seconds, whatever hangs.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5), LongestAnswer = TimeSpan.FromSeconds(1.8);

    /// <summary>Less than two segments of its log, and the private server may end itself instead of refusing a write.</summary>
    const long LeastSpace = 32 << 20;

    const string NoCity = "";

    readonly EmbeddedPostgres? server = services.GetService<EmbeddedPostgres>();
    readonly Lock asking = new();
    readonly PeriodicTimer timer = new(Interval, clock);
    Task<ReadinessReport>? asked;
    long askedAt;
    volatile ReadinessReport last = new("ready");
    volatile IReadOnlyDictionary<string, long> away = new Dictionary<string, long>(); // since when, by city
    string wrong = "";
    long wrongSince;

    /// <summary>What can be done with a city's database, as of the last look; or with the control database.</summary>
    public DatabaseState StateOf(string? city) =>
        city is not null && last.Cities?.GetValueOrDefault(city) is { } state and not DatabaseState.Ok ? state : last.Control ?? DatabaseState.Ok;

    /// <summary>Whether a city's database, or the control database, does not answer, and has not for longer than a busy one takes.</summary>
    public bool IsAway(string? city) => away.TryGetValue(city ?? NoCity, out var since) && clock.GetElapsedTime(since) > Settled;

    /// <summary>A state changed; on the thread of whoever looked.</summary>
    public event Action? Changed;

    public async Task<ReadinessReport> AskAsync(CancellationToken ct)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return new ReadinessReport("stopping");
        Task<ReadinessReport> answer;
        lock (asking)
        {
            if (asked is null || (asked.IsCompleted && clock.GetElapsedTime(askedAt) > Fresh))
                (asked, askedAt) = (Task.Run(AskAllAsync, CancellationToken.None), clock.GetTimestamp());
            answer = asked;
        }
        try
        {
            return await answer.WaitAsync(LongestAnswer, ct);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            return new ReadinessReport("not-ready");
        }
    }

    async Task<ReadinessReport> AskAllAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var cities = directory.Active;
        var states = new ConcurrentDictionary<string, DatabaseState>(cities.Select(c => KeyValuePair.Create(c.Code, DatabaseState.Unreachable)));
        var asking = probes.AskAsync(null, patience.Token);
        await Parallel.ForEachAsync(cities, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (city, _) =>
        {
            if (!patience.IsCancellationRequested)
                states[city.Code] = await probes.AskAsync(city.Database, patience.Token);
        });
        foreach (var city in directory.Refused.Keys)
            states[city] = DatabaseState.OtherTables;
        var control = await asking;
        if (server is { FreeSpace: < LeastSpace })
        {
            control = WithoutSpace(control);
            foreach (var (city, state) in states)
                states[city] = WithoutSpace(state);
        }
        var broker = services.GetService<ExternalLink>()?.IsConnected;
        var ready = control is DatabaseState.Ok && states.Values.All(s => s is DatabaseState.Ok) && broker is not false;
        var report = new ReadinessReport(ready ? "ready" : "not-ready", control, new SortedDictionary<string, DatabaseState>(states),
            server is null ? null : server.IsGone ? "restarting" : "running", broker);
        Tell(report);
        return report;

        static DatabaseState WithoutSpace(DatabaseState state) => state is DatabaseState.Ok ? DatabaseState.DiskFull : state;
    }

    /// <summary>One line when it begins or becomes another fault, one when it ends.</summary>
    void Tell(ReadinessReport report)
    {
        last = report;
        var (before, seen) = (away, clock.GetTimestamp());
        away = report.Cities!.Append(KeyValuePair.Create(NoCity, report.Control!.Value)).Where(s => s.Value is DatabaseState.Unreachable)
            .ToDictionary(s => s.Key, s => before.GetValueOrDefault(s.Key, seen));
        var now = string.Join(", ", report.Cities!.Prepend(KeyValuePair.Create("the control database", report.Control!.Value))
            .Where(s => s.Value is not DatabaseState.Ok).Select(s => $"{s.Key}: {s.Value}"));
        if (now == wrong)
            return;
        if (wrong.Length == 0)
            wrongSince = seen;
        wrong = now;
        if (now.Length > 0)
            log.LogError("Databases take no writes; messages of devices and payments wait: {States}", now);
        else
            log.LogWarning("All databases take writes again, after {Seconds:0} s", clock.GetElapsedTime(wrongSince).TotalSeconds);
        Changed?.Invoke();
    }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (await timer.WaitForNextTickAsync(ct))
            try
            {
                await AskAsync(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogError(e, "How the databases are could not be seen");
            }
    }

    public override void Dispose()
    {
        timer.Dispose();
        base.Dispose();
    }
}
