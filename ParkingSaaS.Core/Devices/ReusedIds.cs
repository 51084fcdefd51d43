using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Messages whose id another message of the device has: a camera that starts anew counts from one again.</summary>
static class ReusedIds
{
    /// <summary>Keeps messages of which another one has the id. What is the same but for how it is written, or that it is a replay, was sent
    /// twice. One that was refused or failed is kept as well: a success would be a lie.</summary>
    public static async Task KeepAsync(IMessageReader reader, CitySession s, IReadOnlyList<DeviceEvent> batch, List<DeviceEvent> events, Guid?[] written,
        Dictionary<Guid, Device> devices, CancellationToken ct)
    {
        var again = Enumerable.Range(0, events.Count).Where(i => written[i] is null
            && events[i] is { Again: false, MessageId: not null } && batch[i].Report is PassageReport or BerthReport).ToList();
        if (again.Count == 0)
            return;
        var (from, ids) = (again.Select(i => events[i].DeviceId).ToArray(), again.Select(i => events[i].MessageId).ToArray());
        var kept = (await s.Db.Set<DeviceMessage>().AsNoTracking().Where(m => from.Contains(m.DeviceId) && ids.Contains(m.MessageId))
            .Select(m => new { m.DeviceId, m.MessageId, m.Topic, m.Payload }).ToListAsync(ct)).ToDictionary(m => (m.DeviceId, m.MessageId));
        var other = again.Where(i => kept.TryGetValue((events[i].DeviceId, events[i].MessageId), out var before) && before.Payload != events[i].Payload
            && !IsSame(Read(devices[events[i].DeviceId], before.Topic, before.Payload), batch[i].Report)).ToList();
        foreach (var i in other)
            events[i] = events[i] with { MessageId = OwnId(events[i]), IdReused = true };
        var rows = await DeviceMessageStore.WriteAsync(s, [.. other.Select(i => events[i])], ct);
        for (var n = 0; n < other.Count; n++)
            written[other[n]] = rows[n];

        DeviceReport? Read(Device device, string topic, string payload) =>
            reader.Read(device.Dialect, device.Name, topic, Encoding.UTF8.GetBytes(payload)).Report;
    }

    static bool IsSame(DeviceReport? a, DeviceReport? b) => (a, b) switch
    {
        (PassageReport x, PassageReport y) => (x.At, x.Plate, x.Entering) == (y.At, y.Plate, y.Entering),
        (BerthReport x, BerthReport y) => (x.At, x.Occupied, x.Plate) == (y.At, y.Occupied, y.Plate),
        _ => false
    };

    /// <summary>The id and what the message says, so that it is kept once however often it comes.</summary>
    static string OwnId(DeviceEvent e)
    {
        var id = e.MessageId!;
        // Half of a character that takes two could not be kept.
        var length = id.Length <= 48 ? id.Length : char.IsHighSurrogate(id[47]) ? 47 : 48;
        return $"{id[..length]}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(e.Payload)).AsSpan(0, 6))}";
    }
}
