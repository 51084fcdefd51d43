using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Writes raw messages, many in one statement.</summary>
static class DeviceMessageStore
{
    /// <summary>Until a failed message is processed again: this long, then twice as long each time, a day at most.</summary>
    const string NextTry = "least(interval '10 seconds' * 2 ^ least(tries, 14), interval '1 day')";

    /// <summary>Inserts the messages that are not there yet, and updates those that are processed again, within the session's transaction.</summary>
    /// <returns>For each event the id of its row, or null where the same message had been kept before (also earlier in the
    /// same batch), or has been processed meanwhile.</returns>
    public static async Task<Guid?[]> WriteAsync(CitySession s, IReadOnlyList<DeviceEvent> events, CancellationToken ct)
    {
        var ids = events.Select(e => e.Row ?? Guid.CreateVersion7()).ToArray();
        var written = new Guid?[events.Count];
        await WriteAsync(again: false, """
            INSERT INTO device_messages (id, lot_id, device_id, message_id, kind, topic, payload, received_at, error_code, failure, tries, try_at)
            SELECT id, lot, device, message, kind, topic, payload, $9, error, failure, 0,
              CASE WHEN error = $10 THEN $9 + interval '10 seconds' END
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $11) AS t (id, lot, device, message, kind, topic, payload, error, failure)
            ON CONFLICT DO NOTHING
            RETURNING id
            """);
        await WriteAsync(again: true, $"""
            UPDATE device_messages m SET message_id = coalesce(m.message_id, message), kind = t.kind, error_code = error, failure = t.failure,
              tries = m.tries + 1, try_at = CASE WHEN error = $10 THEN $9 + {NextTry} END
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $11) AS t (id, lot, device, message, kind, topic, payload, error, failure)
            WHERE m.id = t.id AND m.error_code <> '{EventErrors.IdReused}'
            RETURNING m.id
            """);
        return written;

        async Task WriteAsync(bool again, string sql)
        {
            var which = Enumerable.Range(0, events.Count).Where(i => events[i].Again == again).DistinctBy(i => ids[i]).ToList();
            if (which.Count == 0)
                return;
            var byId = which.ToDictionary(i => ids[i]);
            foreach (var id in await BulkSql.QueryAsync(s.Db, sql, row => row.GetGuid(0), ct, which.Select(i => ids[i]).ToArray(),
                Column(e => e.LotId), Column(e => e.DeviceId), Column(e => e.MessageId?.Replace('\0', '\uFFFD')), Column(e => KindOf(e.Report)),
                Column(e => Storable(e.Topic, DeviceMessage.MaxTopic)), Column(e => Storable(e.Payload, DeviceMessage.MaxPayload)),
                Column(e => e.ErrorCode ?? (e.IdReused ? EventErrors.IdReused : null)), s.Now, EventErrors.Failed,
                Column(e => e.Failure is { } failure ? Storable(failure, DeviceMessage.MaxFailure) : null)))
                written[byId[id]] = id;

            T[] Column<T>(Func<DeviceEvent, T> value) => [.. which.Select(i => value(events[i]))];
        }
    }

    static string KindOf(DeviceReport? report) => report switch
    {
        PassageReport => "passage",
        BerthReport => "berth",
        HeartbeatReport => "heartbeat",
        ReplyReport => "reply",
        _ => "unknown"
    };

    /// <summary>PostgreSQL's text holds no U+0000, and half a surrogate pair is no text.</summary>
    static string Storable(string text, int maxLength) =>
        (text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)])
            .Replace('\0', '\uFFFD');
}
