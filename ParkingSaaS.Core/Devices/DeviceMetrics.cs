using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ParkingSaaS.Core.Devices;

/// <summary>What the inbox and the gates do, as meters and spans under the name <see cref="MeterName"/>.</summary>
public sealed class DeviceMetrics
{
    /// <summary>The meter and the source of spans.</summary>
    public const string MeterName = "ParkingSaaS.Devices";

    static readonly ActivitySource Source = new(MeterName);

    readonly Counter<long> events, commands;
    readonly Histogram<int> batch;
    readonly Histogram<double> writing, answering;

    /// <param name="meters">Makes the meter, and ends it with the host.</param>
    public DeviceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        events = meter.CreateCounter<long>("parking.inbox.events", "{event}", "Device messages that are durable, by city and outcome");
        batch = meter.CreateHistogram<int>("parking.inbox.batch", "{event}", "Messages written in one transaction");
        writing = meter.CreateHistogram<double>("parking.inbox.write.duration", "s", "From the first look at a batch to its commit");
        commands = meter.CreateCounter<long>("parking.gate.commands", "{command}", "Commands to gates and displays that were committed, by city and type");
        answering = meter.CreateHistogram<double>("parking.gate.command.duration", "s", "From a command's commit to the device's answer, by type and outcome");
    }

    /// <summary>Begins the span of a batch; null where nobody collects spans.</summary>
    internal static Activity? Write(string city, int count)
    {
        var span = Source.StartActivity("inbox write");
        span?.SetTag("parking.city", city).SetTag("parking.events", count);
        return span;
    }

    /// <summary>A batch is durable.</summary>
    internal void Written(string city, IReadOnlyCollection<EventResult> results, TimeSpan took)
    {
        batch.Record(results.Count);
        writing.Record(took.TotalSeconds);
        foreach (var outcome in results.CountBy(r => r.Outcome))
            events.Add(outcome.Value, new("city", city), new("outcome", outcome.Key.ToString().ToLowerInvariant()));
    }

    /// <summary>Commands are durable, and go out.</summary>
    internal void Commanded(string city, IReadOnlyCollection<DeviceCommand> sent)
    {
        foreach (var type in sent.CountBy(c => c.Type))
            commands.Add(type.Value, new("city", city), new("type", type.Key));
    }

    /// <summary>A device has answered a command.</summary>
    internal void Answered(DeviceCommand command) => answering.Record((command.StateAt - command.CreatedAt).TotalSeconds,
        new("type", command.Type), new("outcome", command.State.ToString().ToLowerInvariant()));
}
