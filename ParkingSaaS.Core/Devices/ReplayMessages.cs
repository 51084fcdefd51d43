using System.Text;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Processes messages again that were refused or failed: those that failed by themselves, others when a person says so, who may
/// correct them first. It takes the way of every message, so a second time changes nothing.</summary>
public sealed class ReplayMessages(CitySessions sessions, IMessageReader reader, DeviceInbox inbox)
{
    /// <summary>How many failed messages are processed at once.</summary>
    const int MaxBatch = 200;

    /// <summary>A person has a message processed again. It opens no gate: whoever stood there has been dealt with.</summary>
    /// <param name="id">The message. One that was processed already is left alone.</param>
    /// <param name="payload">The corrected payload; null or what it was for the message as it is.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, string? payload, CancellationToken ct)
    {
        DeviceEvent message;
        await using (var s = await sessions.OpenAsync(actor, DevicePermissions.Replay, ct))
        {
            if (await s.Db.Set<DeviceMessage>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, ct) is not { } row)
                return new NotFound("message");
            if (row.ErrorCode is null or EventErrors.IdReused)
                return new Done();
            var known = await PayloadAsync(s, row, ct);
            if ((payload ?? known) is not { Length: > 0 and <= DeviceMessage.MaxPayload } text || text.Contains('\0'))
                return new InvalidField(nameof(payload), "invalid");
            message = await ReadAsync(s, row, text, ct);
            if (message.MessageId is { } number && row.MessageId is null
                && await s.Db.Set<DeviceMessage>().AnyAsync(m => m.DeviceId == row.DeviceId && m.MessageId == number, ct))
                return new SameMessage(number);
            s.Db.Set<DeviceMessageReplay>().Add(new DeviceMessageReplay
            {
                Id = Guid.CreateVersion7(),
                LotId = row.LotId,
                MessageId = row.Id,
                At = s.Now,
                By = actor.Name,
                Payload = text == row.Payload ? null : text
            });
            if ((await s.SaveAsync(ct)).Error is { } error)
                return error;
        }
        var result = await inbox.AcceptAsync(actor.City, message with { Report = Afterwards(message.Report) }, ct);
        return result.Outcome is EventOutcome.Refused ? new StillRefused(result.ErrorCode!) : new Done();
    }

    static Actor ActorOf(string city) => Actor.Job(city, "message-retries", DevicePermissions.Replay);

    /// <summary>Processes the failed messages of a city that are due.</summary>
    public async Task RetryAsync(string city, CancellationToken ct)
    {
        List<DeviceEvent> due = [];
        await using (var s = await sessions.OpenAsync(ActorOf(city), DevicePermissions.Replay, ct))
            foreach (var row in await s.Db.Set<DeviceMessage>().AsNoTracking().Where(m => m.TryAt <= s.Now).OrderBy(m => m.Id).Take(MaxBatch).ToListAsync(ct))
                due.Add(await ReadAsync(s, row, await PayloadAsync(s, row, ct), ct));
        await Task.WhenAll(due.Select(message => inbox.AcceptAsync(city, message, ct)));
    }

    /// <summary>All failed messages of a city are due: the program has started, and may be another version.</summary>
    public async Task HastenAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), DevicePermissions.Replay, ct);
        await s.Db.Set<DeviceMessage>().Where(m => m.TryAt > s.Now).ExecuteUpdateAsync(set => set.SetProperty(m => m.TryAt, s.Now), ct);
    }

    /// <summary>As a person corrected it last, or as it came.</summary>
    static async Task<string> PayloadAsync(CitySession s, DeviceMessage row, CancellationToken ct) =>
        await s.Db.Set<DeviceMessageReplay>().Where(r => r.MessageId == row.Id && r.Payload != null).OrderByDescending(r => r.At).ThenByDescending(r => r.Id)
            .Select(r => r.Payload).FirstOrDefaultAsync(ct) ?? row.Payload;

    async Task<DeviceEvent> ReadAsync(CitySession s, DeviceMessage row, string payload, CancellationToken ct)
    {
        var device = await s.Db.Set<Device>().AsNoTracking().FirstAsync(d => d.Id == row.DeviceId, ct);
        var reading = reader.Read(device.Dialect, device.Name, row.Topic, Encoding.UTF8.GetBytes(payload));
        return new DeviceEvent(row.DeviceId, row.LotId, reading.MessageId, row.Topic, payload, reading.Report, reading.ErrorCode)
        {
            Row = row.Id,
            Again = true
        };
    }

    static DeviceReport? Afterwards(DeviceReport? report) => report switch
    {
        PassageReport passage => passage with { Replay = true },
        BerthReport berth => berth with { Replay = true },
        _ => report
    };
}
