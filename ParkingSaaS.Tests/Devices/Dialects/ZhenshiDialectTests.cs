using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices.Dialects;
using ParkingSaaS.Devices.Dialects.Zhenshi;

namespace ParkingSaaS.Tests.Devices.Dialects;

/// <summary>臻识 plate cameras: messages as the maker documents them.</summary>
public sealed class ZhenshiDialectTests
{
    const string Serial = "265e1040-85e01fb7";
    static readonly ZhenshiDialect Dialect = new();
    static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_795_224_600);

    static Reading Read(string topic, JsonNode json) =>
        Dialect.Read(Serial, $"{Serial}/device/message/{topic}", Encoding.UTF8.GetBytes(json.ToJsonString()));

    static JsonNode Result(string field = "plateid", JsonNode? value = null)
    {
        var json = JsonNode.Parse($$$$$"""
            {
              "id": "iUA4fO7yCGrHZO2C", "sn": "{{{{{Serial}}}}}", "name": "ivs_result", "version": "1.0", "timestamp": 1795224601,
              "payload": {"AlarmInfoPlate": {"channel": 0, "serialno": "{{{{{Serial}}}}}", "result": {"PlateResult": {
                "license": "{{{{{Convert.ToBase64String("粤B12345"u8)}}}}}", "colorType": 1, "confidence": 98, "direction": 4, "isoffline": 0,
                "imagePath": "", "plateid": 594785, "triggerType": 8, "type": 1,
                "timeStamp": {"Timeval": {"sec": 1795224600, "usec": 539956}}
              }}}}
            }
            """)!;
        Plate(json)[field] = value;
        return json;
    }

    static JsonObject Plate(JsonNode json) => json["payload"]!["AlarmInfoPlate"]!["result"]!["PlateResult"]!.AsObject();

    [Fact]
    public void A_result_is_a_passage_and_the_lane_decides_its_direction()
    {
        var reading = Read("up/ivs_result", Result());
        Assert.Equal("iUA4fO7yCGrHZO2C", reading.MessageId);
        var passage = Assert.IsType<PassageReport>(reading.Report);
        Assert.Equal((At, false, "粤B12345", "blue", 0.98), (passage.At, passage.Replay, passage.Plate, passage.Colour, passage.Confidence));
        Assert.Null(passage.Entering);
    }

    [Theory]
    [InlineData(1, "blue")]
    [InlineData(2, "yellow")]
    [InlineData(3, "white")]
    [InlineData(4, "black")]
    [InlineData(5, "green")]
    [InlineData(6, "yellowGreen")]
    [InlineData(0, null)]
    [InlineData(77, null)]
    public void Colours_are_numbers(int type, string? colour) =>
        Assert.Equal(colour, Assert.IsType<PassageReport>(Read("up/ivs_result", Result("colorType", type)).Report).Colour);

    [Fact]
    public void What_the_camera_kept_while_offline_is_a_replay() =>
        Assert.True(Assert.IsType<PassageReport>(Read("up/ivs_result", Result("isoffline", 1)).Report).Replay);

    [Fact]
    public void Without_a_time_stamp_the_message_s_time_counts()
    {
        var json = Result();
        Plate(json).Remove("timeStamp");
        Assert.Equal(At.AddSeconds(1), Assert.IsType<PassageReport>(Read("up/ivs_result", json).Report).At);
        json.AsObject().Remove("timestamp");
        Assert.Equal(Reading.Refused(EventErrors.BadField, "iUA4fO7yCGrHZO2C"), Read("up/ivs_result", json));
    }

    [Theory]
    [InlineData("license", "\"no base64!\"")]
    [InlineData("license", "17")]
    [InlineData("colorType", "\"blue\"")]
    [InlineData("confidence", "101")]
    [InlineData("isoffline", "true")]
    [InlineData("timeStamp", "17")]
    [InlineData("timeStamp", "{}")]
    [InlineData("timeStamp", "{\"Timeval\":{\"sec\":\"now\"}}")]
    [InlineData("timeStamp", "{\"Timeval\":{\"sec\":1e12}}")]
    public void A_wrong_field_is_refused_and_the_id_kept(string field, string value) => Assert.Equal(
        Reading.Refused(EventErrors.BadField, "iUA4fO7yCGrHZO2C"), Read("up/ivs_result", Result(field, JsonNode.Parse(value))));

    [Fact]
    public void A_result_without_id_or_content_is_refused()
    {
        var json = Result();
        json.AsObject().Remove("id");
        Assert.Equal(Reading.Refused(EventErrors.BadField), Read("up/ivs_result", json));
        Assert.Equal(Reading.Refused(EventErrors.BadField, "x"), Read("up/ivs_result", JsonNode.Parse("""{"id":"x","payload":[]}""")!));
    }

    [Fact]
    public void No_plate_is_no_plate() =>
        Assert.Null(Assert.IsType<PassageReport>(Read("up/ivs_result", Result("license", "")).Report).Plate);

    [Fact]
    public void A_sign_of_life_is_known_by_its_time()
    {
        var reading = Read("up/keep_alive", JsonNode.Parse("""{"name":"keep_alive","timestamp":1795224600}""")!);
        Assert.Equal("keep_alive-1795224600", reading.MessageId);
        Assert.IsType<HeartbeatReport>(reading.Report);
        Assert.Equal(Reading.Refused(EventErrors.BadField), Read("up/keep_alive", JsonNode.Parse("{}")!));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(500, false)]
    public void A_reply_carries_the_command_s_id(int code, bool ok)
    {
        var id = Guid.CreateVersion7();
        var reading = Read("down/gpio_out/reply", JsonNode.Parse($$"""{"id":"{{id}}","name":"gpio_out","code":{{code}}}""")!);
        Assert.Equal(new Reading($"reply-{id:N}", new ReplyReport(id, ok, code.ToString())), reading);
    }

    [Theory]
    [InlineData("""{"id":"17","code":200}""", "17")]
    [InlineData("""{"code":200}""", null)]
    [InlineData("""{"id":" 0199f3a2-7c11-7abc-8def-0123456789ab","code":200}""", " 0199f3a2-7c11-7abc-8def-0123456789ab")]
    [InlineData("""{"id":"{0199f3a2-7c11-7abc-8def-0123456789ab}","code":200}""", "{0199f3a2-7c11-7abc-8def-0123456789ab}")]
    [InlineData("""{"id":"0199f3a2-7c11-7abc-8def-0123456789ab"}""", "0199f3a2-7c11-7abc-8def-0123456789ab")]
    public void A_reply_to_nothing_is_refused(string json, string? id) =>
        Assert.Equal(Reading.Refused(EventErrors.BadField, id), Read("down/gpio_out/reply", JsonNode.Parse(json)!));

    [Theory]
    [InlineData("up/snapshot")]
    [InlineData("up/ivs_result/x")]
    [InlineData("down/serial_data/reply")]
    public void Other_topics_are_unknown(string topic) =>
        Assert.Equal(Reading.Refused(EventErrors.UnknownTopic, "x"), Read(topic, JsonNode.Parse("""{"id":"x"}""")!));

    [Theory]
    [InlineData(DeviceCommand.OpenGate, 0)]
    [InlineData(DeviceCommand.CloseGate, 1)]
    public void The_barrier_is_moved_through_a_relay(string type, int relay)
    {
        var command = Command(type);
        var message = Assert.NotNull(Dialect.Write(Serial, command));
        Assert.Equal($"{Serial}/device/message/down/gpio_out", message.Topic);
        Assert.Equal(
            $$"""
            {"id":"{{command.Id}}","sn":"{{Serial}}","name":"gpio_out","version":"1.0","timestamp":1795224600,
            "payload":{"type":"gpio_out","body":{"io":{{relay}},"value":2,"delay":500} } }
            """.Replace("\n", "").Replace(" ", ""),
            Encoding.UTF8.GetString(message.Payload));
    }

    [Fact]
    public void It_has_no_display_and_is_not_greeted()
    {
        Assert.Null(Dialect.Write(Serial, Command(DeviceCommand.ShowText)));
        Assert.Null(Dialect.Greeting(Serial, At));
    }

    [Theory]
    [InlineData($"{Serial}/device/message/up/ivs_result", true)]
    [InlineData($"{Serial}/device/message/up/keep_alive", true)]
    [InlineData($"{Serial}/device/message/down/gpio_out/reply", true)]
    [InlineData($"{Serial}/device/message/down/gpio_out", false)]
    [InlineData("other/device/message/up/ivs_result", false)]
    [InlineData($"x/{Serial}/device/message/up/ivs_result", false)]
    [InlineData($"{Serial}x/device/message/up/ivs_result", false)]
    [InlineData("+/device/message/up/ivs_result", false)]
    [InlineData($"v1/{Serial}/up/passage", false)]
    public void A_camera_publishes_under_its_own_serial_number_only(string topic, bool may) =>
        Assert.Equal(may, Dialect.MayPublish(Serial, topic));

    [Theory]
    [InlineData($"{Serial}/device/message/down/gpio_out", true)]
    [InlineData($"{Serial}/device/message/down/#", true)]
    [InlineData($"{Serial}/#", false)]
    [InlineData($"{Serial}/device/message/+/gpio_out", false)]
    [InlineData("+/device/message/down/gpio_out", false)]
    [InlineData("other/device/message/down/gpio_out", false)]
    [InlineData("#", false)]
    public void A_camera_hears_its_own_commands_only(string filter, bool may) => Assert.Equal(may, Dialect.MaySubscribe(Serial, filter));

    [Fact]
    public void A_payload_may_have_900_KiB()
    {
        var json = Result().ToJsonString();
        Assert.NotNull(Dialect.Read(Serial, $"{Serial}/device/message/up/ivs_result", Encoding.UTF8.GetBytes(json.PadRight(900 * 1024))).Report);
        Assert.Equal(Reading.Refused(EventErrors.TooLarge),
            Dialect.Read(Serial, $"{Serial}/device/message/up/ivs_result", new byte[900 * 1024 + 1]));
    }

    static DeviceCommand Command(string type) => new()
    {
        Id = Guid.CreateVersion7(),
        LotId = Guid.Empty,
        DeviceId = Guid.Empty,
        Type = type,
        By = "test",
        CreatedAt = At,
        ExpiresAt = At + DeviceCommand.Validity
    };
}
