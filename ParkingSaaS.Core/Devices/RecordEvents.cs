using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>What became of a device's message.</summary>
public enum EventOutcome
{
    /// <summary>Kept, and acted upon.</summary>
    Recorded,

    /// <summary>Had been kept before; nothing changed.</summary>
    Duplicate,

    /// <summary>Kept, but refused.</summary>
    Refused
}

/// <summary>What became of a device's message, and why.</summary>
public readonly record struct EventResult(EventOutcome Outcome, string? ErrorCode = null);

/// <summary>Records a batch of device messages in one transaction: the raw messages, what they mean for devices and commands and, by
/// <see cref="IReportHandler"/>, for berths and stays. Afterwards gates and screens are told.</summary>
public sealed class RecordEvents(CitySessions sessions, DatabaseProbes probes, CityDirectory directory, IReportHandler handler, LiveFeed live,
    IMessageReader reader, ClockPolicy clocks, DeviceMetrics metrics)
{
    /// <summary>How far ahead of ours a device's clock may be.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    /// <summary>How old a replayed message may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(90);

    internal static Actor ActorOf(string city) => Actor.Job(city, "devices", DevicePermissions.Record);

    /// <summary>Records the batch; when it returns, all of it is durable.</summary>
    /// <returns>One result per event, in order.</returns>
    public async Task<EventResult[]> RunAsync(string city, IReadOnlyList<DeviceEvent> batch, CancellationToken ct)
    {
        using var span = DeviceMetrics.Write(city, batch.Count);
        var began = Stopwatch.GetTimestamp();
        await using var s = await sessions.OpenAsync(ActorOf(city), DevicePermissions.Record, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);

        var deviceIds = batch.Select(e => e.DeviceId).Distinct().ToArray();
        var devices = await s.Db.Set<Device>().Where(d => deviceIds.Contains(d.Id)).ToDictionaryAsync(d => d.Id, ct);
        var events = batch.Select(e => Checked(e, devices[e.DeviceId], s.Now)).ToList();
        var messageIds = await DeviceMessageStore.WriteAsync(s, events, ct);
        await ReusedIds.KeepAsync(reader, s, batch, events, messageIds, devices, ct);

        var results = new EventResult[events.Count];
        var fresh = new List<(DeviceEvent Event, Guid MessageId)>(events.Count);
        for (var i = 0; i < events.Count; i++)
        {
            results[i] = messageIds[i] is null ? new(EventOutcome.Duplicate)
                : events[i].ErrorCode is { } code ? new(EventOutcome.Refused, code)
                : new(EventOutcome.Recorded, events[i].IdReused ? EventErrors.IdReused : null);
            if (results[i].Outcome is EventOutcome.Recorded)
                fresh.Add((events[i], messageIds[i]!.Value));
        }

        // What had been kept before is no fault a second time.
        await DeviceFault.CountAsync(s, Enumerable.Range(0, events.Count).Where(i => messageIds[i] is not null)
            .SelectMany(i => Faults(batch[i], events[i], devices[events[i].DeviceId], s.Now)), ct);
        var notices = new HashSet<LiveNotice>();
        foreach (var (e, _) in fresh)
            DeviceNews.Heard(s, devices[e.DeviceId], e.Report!, notices);
        var answered = await DeviceNews.AnswerCommandsAsync(s, fresh, notices, ct);
        var placed = fresh.Where(f => f.Event.Report is PassageReport or BerthReport)
            .Select(f => new PlacedReport(f.Event.Report!, devices[f.Event.DeviceId], f.MessageId)).ToList();
        Action? afterwards = null;
        if (placed.Count > 0)
            afterwards = await handler.HandleAsync(s, placed, clocks.IsOff, ct);
        else
            await s.Db.SaveManyAsync(ct);
        await transaction.CommitAsync(ct);

        metrics.Written(city, results, Stopwatch.GetElapsedTime(began));
        answered.ForEach(metrics.Answered);
        afterwards?.Invoke();
        live.Publish(city, [.. notices]);
        return results;
    }

    /// <summary>Whether the city's database takes writes, so that a fault which stays is not its.</summary>
    public async Task<bool> AnswersAsync(string city)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        return await probes.AskAsync(directory.Get(city).Database, patience.Token) is DatabaseState.Ok;
    }

    IEnumerable<(Device, DeviceFaultKind, string)> Faults(DeviceEvent came, DeviceEvent e, Device device, DateTimeOffset now)
    {
        if (ClockOffset(came.Report, now) is { } offset)
        {
            device.ClockOffset = (int)Math.Clamp(offset.TotalSeconds, int.MinValue, int.MaxValue);
            if (clocks.IsOff(offset))
                yield return (device, DeviceFaultKind.Clock, device.ClockOffset.Value.ToString(CultureInfo.InvariantCulture));
        }
        if (e.IdReused)
            yield return (device, DeviceFaultKind.IdReused, came.MessageId!);
        if (e.ErrorCode is { } code and not EventErrors.Failed)
            yield return (device, DeviceFaultKind.Refused, code);
    }

    /// <summary>How far the device's clock is ahead; null where that cannot be known.</summary>
    internal static TimeSpan? ClockOffset(DeviceReport? report, DateTimeOffset now) => report is { DeviceTime: { } at, Late: false } ? at - now : null;

    /// <summary>What no dialect can know by itself: whether the time makes sense, and whether the device stands anywhere.</summary>
    static DeviceEvent Checked(DeviceEvent e, Device device, DateTimeOffset now)
    {
        if (e.ErrorCode is not null)
            return e;
        var at = e.Report?.DeviceTime;
        var plate = e.Report switch { PassageReport p => p.Plate, BerthReport b => b.Plate, _ => null };
        var error = at > now + ClockSkew || at < now - MaxAge ? EventErrors.TimeOutOfRange
            : plate is not null && (plate.Length > 64 || Plate.Normalize(plate) is { Length: > Plate.MaxLength }) ? EventErrors.PlateTooLong
            : e.Report is PassageReport && device.LaneId is null ? EventErrors.NotBound
            : e.Report is BerthReport && device.BerthId is null ? EventErrors.NotBound
            : null;
        return error is null ? e : e with { Report = null, ErrorCode = error };
    }
}
