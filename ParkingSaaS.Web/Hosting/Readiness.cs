using System.Text.Json.Serialization;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.External;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Whether this node can serve, for a load balancer.</summary>
/// <param name="Status"><c>ready</c>, <c>not-ready</c> or <c>stopping</c>.</param>
/// <param name="Control">Whether the control database answers.</param>
/// <param name="Cities">By city, whether its database answers.</param>
/// <param name="Broker">Whether the devices' broker outside of the program is connected; null without one.</param>
sealed record ReadinessReport(string Status, bool Control, IReadOnlyDictionary<string, bool> Cities,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Broker = null);

/// <summary>Asks every database, and the devices' broker where it is outside. Anybody may call it, so the answer is kept for a second: a flood of calls is none to the
/// databases.</summary>
sealed class Readiness(ControlDatabase control, CityDatabases databases, CityDirectory directory,
    IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    readonly SemaphoreSlim asking = new(1);
    ReadinessReport? last;
    long askedAt;

    public async Task<ReadinessReport> AskAsync(CancellationToken ct)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return new ReadinessReport("stopping", false, new Dictionary<string, bool>());
        await asking.WaitAsync(ct);
        try
        {
            if (last is null || clock.GetElapsedTime(askedAt) > Fresh)
                (last, askedAt) = (await AskAllAsync(ct), clock.GetTimestamp());
            return last;
        }
        finally
        {
            asking.Release();
        }
    }

    async Task<ReadinessReport> AskAllAsync(CancellationToken ct)
    {
        var controlAnswers = await control.AnswersAsync(ct);
        var answers = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        await Parallel.ForEachAsync(directory.Active, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct },
            async (city, token) => answers[city.Code] = await databases.AnswersAsync(city, token));
        var broker = services.GetService<ExternalLink>()?.IsConnected;
        var ready = controlAnswers && answers.Values.All(a => a) && broker is not false;
        return new ReadinessReport(ready ? "ready" : "not-ready", controlAnswers, answers, broker);
    }

    public void Dispose() => asking.Dispose();
}
