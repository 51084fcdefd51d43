using ParkingSaaS.Core.Alarms;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Has alarms looked for in each city: within seconds of what was heard of its devices, commands and stays, and of what time alone brings by
/// the kinds' <see cref="AlarmPace"/>. A city where nothing happens is asked once a minute.</summary>
sealed class AlarmUpkeep(CityDirectory cities, AlarmWatch watch, LiveFeed live, TimeProvider clock, FaultLog faults) : BackgroundService
{
    const string What = "looking for alarms";

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly TimeSpan QuarterHour = TimeSpan.FromMinutes(15);

    readonly Dictionary<string, Turn> turns = [];

    // From the start, so that no tick is missed before the loop runs.
    readonly PeriodicTimer timer = new(TimeSpan.FromSeconds(2), clock);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var city in cities.Active)
            {
                if (!turns.TryGetValue(city.Code, out var turn))
                    turns[city.Code] = turn = new Turn(live, city.Code);
                await LookAsync(city, turn, ct);
            }
    }

    async Task LookAsync(City city, Turn turn, CancellationToken ct)
    {
        var now = clock.Now();
        var heard = turn.TakeHeard();
        var pace = now >= turn.QuarterHourAt ? AlarmPace.QuarterHour : now >= turn.MinuteAt ? AlarmPace.Minute : AlarmPace.AtOnce;
        if (pace is AlarmPace.AtOnce && !heard)
            return;
        try
        {
            await watch.RunAsync(city.Code, pace, ct);
            if (pace >= AlarmPace.Minute)
                turn.MinuteAt = now + Minute;
            if (pace >= AlarmPace.QuarterHour)
                turn.QuarterHourAt = now + QuarterHour;
            faults.Worked(city.Code, What);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            turn.Hear();
            faults.Failed(city.Code, What, e);
        }
    }

    public override void Dispose()
    {
        timer.Dispose();
        foreach (var turn in turns.Values)
            turn.Dispose();
        base.Dispose();
    }

    /// <summary>When a city is asked next.</summary>
    sealed class Turn : IDisposable
    {
        readonly IDisposable subscription;
        bool heard;

        public Turn(LiveFeed live, string city) => subscription = live.Subscribe(city, notices =>
        {
            if (notices.Count == 0 || notices.Any(n => n.Kind is LiveKind.Device or LiveKind.Command or LiveKind.Order))
                Hear();
        });

        public DateTimeOffset MinuteAt { get; set; }

        public DateTimeOffset QuarterHourAt { get; set; }

        public void Hear() => Volatile.Write(ref heard, true);

        public bool TakeHeard() => Interlocked.Exchange(ref heard, false);

        public void Dispose() => subscription.Dispose();
    }
}
