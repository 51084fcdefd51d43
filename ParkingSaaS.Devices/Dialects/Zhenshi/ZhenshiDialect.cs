using System.Text;
using System.Text.Json;
using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Devices.Dialects.Zhenshi;

/// <summary>Plate cameras of 臻识 (Vzenith), by the maker's "custom MQTT protocol": the device's name is its serial number, plates come
/// in base64, and the camera moves the barrier through its own relays.</summary>
public sealed class ZhenshiDialect : IDialect
{
    /// <summary>A result may carry two small pictures in base64.</summary>
    const int MaxPayload = 900 * 1024;

    /// <inheritdoc/>
    public string Name => "zhenshi";

    /// <inheritdoc/>
    public IReadOnlyList<string> Filters { get; } = ["+/device/message/up/#", "+/device/message/down/+/reply"];

    /// <inheritdoc/>
    public bool MayPublish(string device, string topic) =>
        topic.StartsWith($"{device}/device/message/up/", StringComparison.Ordinal)
        || (topic.StartsWith($"{device}/device/message/down/", StringComparison.Ordinal) && topic.EndsWith("/reply", StringComparison.Ordinal));

    /// <inheritdoc/>
    public bool MaySubscribe(string device, string filter) =>
        filter.StartsWith($"{device}/device/message/down/", StringComparison.Ordinal);

    /// <inheritdoc/>
    public Reading Read(string device, string topic, ReadOnlyMemory<byte> payload) =>
        JsonFields.Read(payload, MaxPayload, (id, json) => topic.Split('/') switch
        {
            [.., "up", "ivs_result"] => Result(id, json),
            // A sign of life has no id of its own; its time is as good.
            [.., "up", "keep_alive"] => new Reading(
                $"keep_alive-{json.Number("timestamp", 0, 1e13) ?? throw new BadFieldException("timestamp")}",
                new HeartbeatReport(null, null, null, null)),
            [.., "gpio_out", "reply"] => Reply(id, json),
            _ => Reading.Refused(EventErrors.UnknownTopic, id)
        });

    static Reading Result(string? id, JsonElement json)
    {
        var result = json.Object("payload").Object("AlarmInfoPlate").Object("result").Object("PlateResult");
        var seconds = (result.TryGetProperty("timeStamp", out _)
            ? result.Object("timeStamp").Object("Timeval").Number("sec", 0, 1e11)
            : json.Number("timestamp", 0, 1e11)) ?? throw new BadFieldException("timestamp");
        var at = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        if (id is null)
            throw new BadFieldException("id");
        return new Reading(id, new PassageReport(at, result.Number("isoffline", 0, 255) > 0, Plate(result.Text("license", 4000)),
            Colour((int?)result.Number("colorType", 0, 255)), null, result.Number("confidence", 0, 100) / 100,
            // The camera tells left from right, not in from out: the lane decides.
            Entering: null, []));
    }

    static string? Plate(string? license)
    {
        if (string.IsNullOrEmpty(license))
            return null;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(license));
        }
        catch (FormatException)
        {
            throw new BadFieldException("license");
        }
    }

    static string? Colour(int? type) => type switch
    {
        1 => "blue",
        2 => "yellow",
        3 => "white",
        4 => "black",
        5 => "green",
        6 => "yellowGreen",
        _ => null
    };

    static Reading Reply(string? id, JsonElement json)
    {
        var code = (int?)json.Number("code", 0, 9999) ?? throw new BadFieldException("code");
        return JsonFields.Uuid(id) is { } command
            ? new Reading($"reply-{command:N}", new ReplyReport(command, code == 200, code.ToString()))
            : throw new BadFieldException("id");
    }

    /// <inheritdoc/>
    public Outgoing? Write(string device, DeviceCommand command)
    {
        // Relay 0 raises the barrier, relay 1 lowers it; value 2 is a pulse.
        int? relay = command.Type switch { DeviceCommand.OpenGate => 0, DeviceCommand.CloseGate => 1, _ => null };
        return relay is null ? null : new Outgoing($"{device}/device/message/down/gpio_out", JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = command.Id,
            sn = device,
            name = "gpio_out",
            version = "1.0",
            timestamp = command.CreatedAt.ToUnixTimeSeconds(),
            payload = new { type = "gpio_out", body = new { io = relay, value = 2, delay = 500 } }
        }));
    }

    /// <inheritdoc/>
    public Outgoing? Greeting(string device, DateTimeOffset now) => null;
}
