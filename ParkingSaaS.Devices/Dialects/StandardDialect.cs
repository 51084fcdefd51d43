using System.Text.Encodings.Web;
using System.Text.Json;
using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Devices.Dialects;

/// <summary>Our own dialect, as <c>docs/device-protocol.md</c> describes it for hardware makers.</summary>
public sealed class StandardDialect : IDialect
{
    /// <summary>Larger payloads carry pictures, which belong to the file store: messages name them by address.</summary>
    public const int MaxPayload = 256 * 1024;

    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly string[] Kinds = ["passage", "berth", "heartbeat", "reply"];

    /// <inheritdoc/>
    public string Name => "standard";

    /// <inheritdoc/>
    public IReadOnlyList<string> Filters { get; } = ["v1/+/up/#"];

    /// <inheritdoc/>
    public bool MayPublish(string device, string topic) => topic.StartsWith(Up(device), StringComparison.Ordinal);

    /// <inheritdoc/>
    public bool MaySubscribe(string device, string filter) => filter.StartsWith($"v1/{device}/down/", StringComparison.Ordinal);

    static string Up(string device) => $"v1/{device}/up/";

    /// <inheritdoc/>
    public Reading Read(string device, string topic, ReadOnlyMemory<byte> payload)
    {
        var kind = topic[Up(device).Length..];
        if (!Kinds.Contains(kind))
            return Reading.Refused(EventErrors.UnknownTopic);
        return JsonFields.Read(payload, MaxPayload, (id, json) =>
        {
            if (id is null)
                throw new BadFieldException("id");
            var at = json.Instant("at");
            var replay = json.Flag("replay") ?? false;
            return new Reading(id, kind switch
            {
                "passage" => Passage(json, at, replay),
                "berth" => new BerthReport(at, replay, json.Flag("occupied") ?? throw new BadFieldException("occupied"),
                    json.Text("plate", 1000)),
                "heartbeat" => new HeartbeatReport((int?)json.Number("battery", 0, 100), (int?)json.Number("signal", -200, 0),
                    json.Texts("faults", 16, 28), json.Text("version", 64), at, replay),
                _ => new ReplyReport(
                    JsonFields.Uuid(json.RequiredText("command", 64)) ?? throw new BadFieldException("command"),
                    json.Flag("ok") ?? throw new BadFieldException("ok"), json.Text("code", 64))
            });
        });
    }

    static PassageReport Passage(JsonElement json, DateTimeOffset at, bool replay) => new(at, replay,
        json.Text("plate", 1000), json.Text("colour", 16), json.Text("vehicle", 16), json.Number("confidence", 0, 1),
        json.Text("direction", 8) switch { "in" => true, "out" => false, null => null, _ => throw new BadFieldException("direction") },
        json.Texts("images", 16, 500) ?? []);

    /// <inheritdoc/>
    public Outgoing? Write(string device, DeviceCommand command) => new Outgoing($"v1/{device}/down/command",
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = command.Id,
            type = command.Type,
            args = JsonDocument.Parse(command.Args).RootElement,
            expires = command.ExpiresAt
        }, Plain));

    /// <inheritdoc/>
    public Outgoing? Greeting(string device, DateTimeOffset now) => new Outgoing($"v1/{device}/down/config",
        JsonSerializer.SerializeToUtf8Bytes(new { time = now, heartbeatSeconds = 60 }));
}
