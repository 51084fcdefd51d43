using System.Text;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Devices.Dialects;

namespace ParkingSaaS.Devices;

/// <inheritdoc/>
public sealed class MessageReader(IEnumerable<IDialect> dialects) : IMessageReader
{
    readonly Dictionary<string, IDialect> dialects = dialects.ToDictionary(d => d.Name);

    /// <inheritdoc/>
    public Reading Read(string dialect, string device, string topic, ReadOnlyMemory<byte> payload) =>
        dialects[dialect].Read(device, topic, payload);
}

/// <summary>What devices say, from their dialects to the inbox.</summary>
public sealed class DeviceReports(IMessageReader reader, DeviceInbox inbox, ILogger<DeviceReports> log)
{
    /// <summary>Reads a message and keeps it.</summary>
    /// <param name="device">Who sent it.</param>
    /// <param name="topic">One of those on which it may.</param>
    /// <param name="payload">The payload.</param>
    /// <returns>What became of it, once that is durable.</returns>
    public async ValueTask<EventResult> AcceptAsync(SignedInDevice device, string topic, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        var reading = reader.Read(device.Dialect, device.Name, topic, payload);
        var result = await inbox.AcceptAsync(device.City, new DeviceEvent(device.Id, device.LotId, reading.MessageId, topic,
            Encoding.UTF8.GetString(payload.Span[..Math.Min(payload.Length, DeviceMessage.MaxPayload)]), reading.Report, reading.ErrorCode), ct);
        if (result.ErrorCode is not null)
            log.LogInformation("Found fault with a message of {City}/{Device} on {Topic}: {Error}", device.City, device.Name, topic, result.ErrorCode);
        return result;
    }
}
