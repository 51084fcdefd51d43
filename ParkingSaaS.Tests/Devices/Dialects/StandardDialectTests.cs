using System.Text;
using System.Text.Json;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices.Dialects;

namespace ParkingSaaS.Tests.Devices.Dialects;

/// <summary>The standard dialect: what each message says, and which code what cannot be read gets.</summary>
public sealed class StandardDialectTests
{
    const string Command = "0199f3a2-7c11-7abc-8def-0123456789ab";
    static readonly StandardDialect Dialect = new();
    static readonly DateTimeOffset At = new(2026, 11, 21, 9, 30, 0, TimeSpan.FromHours(8));

    static Reading Read(string kind, string json) => Dialect.Read("cam-1", $"v1/cam-1/up/{kind}", Encoding.UTF8.GetBytes(json));

    [Fact]
    public void A_passage_is_read()
    {
        var reading = Read("passage", """
            {"id":"m1","at":"2026-11-21T09:30:00+08:00","replay":true,"plate":"粤B12345","colour":"blue","vehicle":"small",
             "confidence":0.98,"direction":"out","images":["https://example.org/1.jpg"],"future":"is ignored"}
            """);
        Assert.Equal("m1", reading.MessageId);
        var passage = Assert.IsType<PassageReport>(reading.Report);
        Assert.Equal((At, true, "粤B12345", "blue", "small", 0.98, false),
            (passage.At, passage.Replay, passage.Plate, passage.Colour, passage.Vehicle, passage.Confidence, passage.Entering));
        Assert.Equal(["https://example.org/1.jpg"], passage.Images);
    }

    [Fact]
    public void A_passage_of_a_car_without_a_plate_needs_only_id_and_time()
    {
        var passage = Assert.IsType<PassageReport>(Read("passage", """{"id":"m1","at":"2026-11-21T01:30:00Z","plate":null}""").Report);
        Assert.Equal((At, false), (passage.At, passage.Replay));
        Assert.Null(passage.Plate);
        Assert.Null(passage.Entering);
        Assert.Empty(passage.Images);
    }

    [Fact]
    public void A_berth_is_read() => Assert.Equal(new BerthReport(At, false, true, "粤B12345"),
        Read("berth", """{"id":"m1","at":"2026-11-21T09:30:00+08:00","occupied":true,"plate":"粤B12345"}""").Report);

    [Fact]
    public void A_heartbeat_is_read()
    {
        var beat = Assert.IsType<HeartbeatReport>(Read("heartbeat",
            """{"id":"m1","at":"2026-11-21T09:30:00+08:00","battery":87,"signal":-71,"faults":["lens-dirty"],"version":"2.4.1"}""").Report);
        Assert.Equal((87, -71, "2.4.1"), (beat.Battery, beat.Signal, beat.Version));
        Assert.Equal(["lens-dirty"], beat.Faults);
        Assert.Equal(new HeartbeatReport(null, null, null, null, new DateTimeOffset(2026, 11, 21, 9, 30, 0, TimeSpan.FromHours(8))),
            Read("heartbeat", """{"id":"m2","at":"2026-11-21T09:30:00+08:00"}""").Report);
    }

    [Fact]
    public void A_reply_is_read() => Assert.Equal(new ReplyReport(Guid.Parse(Command), false, "jammed"),
        Read("reply", $$"""{"id":"m1","at":"2026-11-21T09:30:00+08:00","command":"{{Command}}","ok":false,"code":"jammed"}""").Report);

    [Theory]
    [InlineData("passage", "at")]
    [InlineData("berth", "at")]
    [InlineData("berth", "occupied")]
    [InlineData("heartbeat", "at")]
    [InlineData("reply", "at")]
    [InlineData("reply", "command")]
    [InlineData("reply", "ok")]
    public void What_is_required_must_be_there(string kind, string field)
    {
        var fields = Complete(kind);
        fields.Remove(field);
        Assert.Equal(Reading.Refused(EventErrors.BadField, "m1"), Read(kind, JsonSerializer.Serialize(fields)));
        fields[field] = null;
        Assert.Equal(Reading.Refused(EventErrors.BadField, "m1"), Read(kind, JsonSerializer.Serialize(fields)));
    }

    /// <summary>Per kind a field, and in JSON what it may not be.</summary>
    public static TheoryData<string, string, string> Wrong()
    {
        (string Kind, string Field, string[] Values)[] cases =
        [
            ("passage", "at", ["1", "\"\"", "\"today\"", "\"2026-11-21T09:30:00\"", "\"2026-11-21\"", "\"2026-13-21T09:30:00Z\"", "\"09:30:00Z\""]),
            ("passage", "replay", ["1", "\"true\""]),
            ("passage", "plate", ["1", "[]", Text(1001), "\"a\\u0000b\""]),
            ("passage", "colour", ["1", Text(17)]),
            ("passage", "vehicle", ["{}", Text(17)]),
            ("passage", "confidence", ["\"0.9\"", "-0.01", "1.01", "1e999"]),
            ("passage", "direction", ["1", "\"\"", "\"IN\"", "\"sideways\""]),
            ("passage", "images", ["\"one.jpg\"", "[1]", "[null]", $"[{Text(501)}]", Array(17)]),
            ("berth", "occupied", ["1", "\"yes\""]),
            ("berth", "plate", ["1", Text(1001)]),
            ("heartbeat", "battery", ["-1", "101", "\"full\""]),
            ("heartbeat", "signal", ["-201", "1", "true"]),
            ("heartbeat", "faults", ["\"none\"", $"[{Text(29)}]", Array(17)]),
            ("heartbeat", "version", ["2.4", Text(65)]),
            ("reply", "command", ["1", "\"\"", "\"17\"", $"\" {Command}\"", $"\"{{{Command}}}\""]),
            ("reply", "ok", ["1", "\"ok\""]),
            ("reply", "code", ["200", Text(65)])
        ];
        var data = new TheoryData<string, string, string>();
        foreach (var (kind, field, values) in cases)
            foreach (var value in values)
                data.Add(kind, field, value);
        return data;

        static string Text(int length) => $"\"{new string('x', length)}\"";
        static string Array(int count) => $"[{string.Join(',', Enumerable.Repeat("\"x\"", count))}]";
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_field_is_refused_and_the_id_kept(string kind, string field, string value)
    {
        var fields = Complete(kind);
        fields[field] = JsonDocument.Parse(value).RootElement;
        Assert.Equal(Reading.Refused(EventErrors.BadField, "m1"), Read(kind, JsonSerializer.Serialize(fields)));
    }

    [Theory]
    [InlineData("passage", "plate", 1000)]
    [InlineData("passage", "colour", 16)]
    [InlineData("heartbeat", "version", 64)]
    [InlineData("reply", "code", 64)]
    [InlineData("reply", "id", 64)]
    public void A_text_may_be_as_long_as_its_bound(string kind, string field, int length)
    {
        var fields = Complete(kind);
        fields[field] = new string('x', length);
        Assert.NotNull(Read(kind, JsonSerializer.Serialize(fields)).Report);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData("\"\"")]
    [InlineData("\"a\\u0000\"")]
    public void Without_a_readable_id_there_is_none(string id) => Assert.Equal(Reading.Refused(EventErrors.BadField),
        Read("heartbeat", $$"""{"id":{{id}},"at":"2026-11-21T09:30:00+08:00"}"""));

    [Fact]
    public void A_longer_id_than_64_is_none() => Assert.Equal(Reading.Refused(EventErrors.BadField),
        Read("heartbeat", $$"""{"id":"{{new string('x', 65)}}","at":"2026-11-21T09:30:00+08:00"}"""));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{\"id\":\"m1\"} {}")]
    [InlineData("{'id':'m1'}")]
    public void What_is_no_JSON_object_is_malformed(string payload) =>
        Assert.Equal(Reading.Refused(EventErrors.Malformed), Read("passage", payload));

    [Fact]
    public void Half_a_surrogate_pair_and_bytes_that_are_no_text_are_malformed()
    {
        Assert.Equal(Reading.Refused(EventErrors.Malformed, "m1"),
            Read("passage", """{"id":"m1","at":"2026-11-21T09:30:00+08:00","plate":"\ud800"}"""));
        byte[] payload = [.. """{"id":"m1","at":"2026-11-21T09:30:00+08:00","plate":" """u8, 0xFF, .. "\"}"u8];
        Assert.Equal(Reading.Refused(EventErrors.Malformed, "m1"), Dialect.Read("cam-1", "v1/cam-1/up/passage", payload));
    }

    [Fact]
    public void Nesting_without_end_is_malformed() => Assert.Equal(Reading.Refused(EventErrors.Malformed),
        Read("passage", new string('[', 100_000)));

    [Fact]
    public void A_payload_may_have_256_KiB()
    {
        var start = """{"id":"m1","at":"2026-11-21T09:30:00+08:00"}""";
        Assert.NotNull(Read("passage", start.PadRight(StandardDialect.MaxPayload)).Report);
        Assert.Equal(Reading.Refused(EventErrors.TooLarge), Read("passage", start.PadRight(StandardDialect.MaxPayload + 1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Passage")]
    [InlineData("passage/")]
    [InlineData("passage/x")]
    [InlineData("telemetry")]
    public void Other_topics_are_unknown(string kind) => Assert.Equal(Reading.Refused(EventErrors.UnknownTopic), Read(kind, "{}"));

    [Theory]
    [InlineData("v1/a/up/passage", true)]
    [InlineData("v1/a/up/anything", true)]
    [InlineData("v1/a/up", false)]
    [InlineData("v1/a/down/command", false)]
    [InlineData("v1/b/up/passage", false)]
    [InlineData("v1/A/up/passage", false)]
    [InlineData("v1/ab/up/passage", false)]
    [InlineData("v1//up/passage", false)]
    [InlineData("v1/+/up/passage", false)]
    [InlineData("/v1/a/up/passage", false)]
    [InlineData("v2/a/up/passage", false)]
    [InlineData("x/v1/a/up/passage", false)]
    [InlineData("$SYS/v1/a/up/passage", false)]
    [InlineData("a/device/message/up/ivs_result", false)]
    public void A_device_publishes_under_its_own_name_only(string topic, bool may) => Assert.Equal(may, Dialect.MayPublish("a", topic));

    [Theory]
    [InlineData("v1/a/down/command", true)]
    [InlineData("v1/a/down/+", true)]
    [InlineData("v1/a/down/#", true)]
    [InlineData("v1/a/down/../", true)] // two dots are a name like any other in MQTT: nothing is published there
    [InlineData("v1/a/#", false)]
    [InlineData("v1/a/+/command", false)]
    [InlineData("v1/+/down/command", false)]
    [InlineData("v1/+/down/#", false)]
    [InlineData("+/a/down/command", false)]
    [InlineData("v1/#", false)]
    [InlineData("#", false)]
    [InlineData("+/+/+/+", false)]
    [InlineData("v1/a/up/passage", false)]
    [InlineData("v1/ab/down/command", false)]
    [InlineData("v1/b/down/command", false)]
    [InlineData("v1/b/../a/down/command", false)]
    [InlineData("$share/g/v1/a/down/command", false)]
    public void A_device_hears_its_own_commands_only(string filter, bool may) => Assert.Equal(may, Dialect.MaySubscribe("a", filter));

    [Fact]
    public void A_command_is_written()
    {
        var command = new DeviceCommand
        {
            Id = Guid.Parse(Command),
            LotId = Guid.Empty,
            DeviceId = Guid.Empty,
            Type = DeviceCommand.ShowText,
            Args = """{"text":"粤B12345 ¥5.00"}""",
            By = "test",
            CreatedAt = At.ToUniversalTime(),
            ExpiresAt = At.ToUniversalTime().AddSeconds(30)
        };
        var message = Assert.NotNull(Dialect.Write("cam-1", command));
        Assert.Equal("v1/cam-1/down/command", message.Topic);
        Assert.Equal($$$"""
            {"id":"{{{Command}}}","type":"display.show","args":{"text":"粤B12345 ¥5.00"},"expires":"2026-11-21T01:30:30+00:00"}
            """, Encoding.UTF8.GetString(message.Payload));
    }

    [Fact]
    public void A_greeting_tells_the_time()
    {
        var message = Assert.NotNull(Dialect.Greeting("cam-1", At.ToUniversalTime()));
        Assert.Equal("v1/cam-1/down/config", message.Topic);
        using var json = JsonDocument.Parse(message.Payload);
        Assert.Equal(At, json.RootElement.GetProperty("time").GetDateTimeOffset());
        Assert.Equal(60, json.RootElement.GetProperty("heartbeatSeconds").GetInt32());
    }

    static Dictionary<string, object?> Complete(string kind)
    {
        var fields = new Dictionary<string, object?> { ["id"] = "m1", ["at"] = "2026-11-21T09:30:00+08:00" };
        if (kind == "berth")
            fields["occupied"] = true;
        if (kind == "reply")
            (fields["command"], fields["ok"]) = (Command, true);
        return fields;
    }
}
