using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Writes raw messages, many in one statement.</summary>
static class DeviceMessageStore
{
    /// <summary>Inserts the messages that are not there yet, within the session's transaction.</summary>
    /// <returns>For each event the id of its row, or null where the same message had been kept before (also earlier in the
    /// same batch).</returns>
    public static async Task<Guid?[]> InsertAsync(CitySession s, IReadOnlyList<DeviceEvent> events, CancellationToken ct)
    {
        var ids = new Guid[events.Count];
        var byId = new Dictionary<Guid, int>(events.Count);
        for (var i = 0; i < events.Count; i++)
            byId.Add(ids[i] = Guid.CreateVersion7(), i);
        await using var insert = new NpgsqlCommand("""
            INSERT INTO device_messages (id, lot_id, device_id, message_id, kind, topic, payload, received_at, error_code)
            SELECT id, lot, device, message, kind, topic, payload, $8, error
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $9) AS t (id, lot, device, message, kind, topic, payload, error)
            ON CONFLICT (device_id, message_id) DO NOTHING
            RETURNING id
            """, (NpgsqlConnection)s.Db.Database.GetDbConnection(), (NpgsqlTransaction)s.Db.Database.CurrentTransaction!.GetDbTransaction())
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = ids },
                Column(e => e.LotId),
                Column(e => e.DeviceId),
                Column(e => e.MessageId?.Replace('\0', '\uFFFD')),
                Column(e => KindOf(e.Report)),
                Column(e => Storable(e.Topic, DeviceMessage.MaxTopic)),
                Column(e => Storable(e.Payload, DeviceMessage.MaxPayload)),
                new NpgsqlParameter<DateTimeOffset> { TypedValue = s.Now },
                Column(e => e.ErrorCode)
            }
        };
        var inserted = new Guid?[events.Count];
        await using var rows = await insert.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            inserted[byId[rows.GetGuid(0)]] = rows.GetGuid(0);
        return inserted;

        NpgsqlParameter<T[]> Column<T>(Func<DeviceEvent, T> value) => new() { TypedValue = [.. events.Select(value)] };
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
