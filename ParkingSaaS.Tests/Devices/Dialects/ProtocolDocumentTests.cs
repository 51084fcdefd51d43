using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices.Dialects;

namespace ParkingSaaS.Tests.Devices.Dialects;

/// <summary>The examples of <c>docs/device-protocol.md</c>, whose fences name their topic, are what the program understands and sends.</summary>
public sealed partial class ProtocolDocumentTests
{
    static readonly StandardDialect Dialect = new();

    [Theory]
    [InlineData("device-protocol.md")]
    [InlineData("device-protocol.zh-CN.md")]
    public void Every_example_of_a_report_is_understood(string file)
    {
        var reports = new List<string>();
        foreach (var (device, topic, json) in Examples(file).Where(e => e.Topic.Contains("/up/")))
        {
            Assert.True(Dialect.MayPublish(device, topic));
            var reading = Dialect.Read(device, topic, Encoding.UTF8.GetBytes(json));
            Assert.True(reading is { ErrorCode: null, MessageId.Length: > 0 }, $"{topic}: {reading.ErrorCode}");
            reports.Add(reading.Report!.GetType().Name);
        }
        Assert.Equal(["BerthReport", "HeartbeatReport", "PassageReport", "ReplyReport"], reports.Distinct().Order());
    }

    [Theory]
    [InlineData("device-protocol.md")]
    [InlineData("device-protocol.zh-CN.md")]
    public void Every_example_of_a_message_to_a_device_is_what_is_sent(string file)
    {
        var examples = Examples(file).Where(e => e.Topic.Contains("/down/")).ToList();
        Assert.Equal(["command", "config"], examples.Select(e => e.Topic.Split('/')[^1]).Distinct().Order());
        foreach (var (device, topic, json) in examples)
        {
            Assert.True(Dialect.MaySubscribe(device, topic));
            using var example = JsonDocument.Parse(json);
            var sent = topic.EndsWith("/config", StringComparison.Ordinal)
                ? Dialect.Greeting(device, example.RootElement.GetProperty("time").GetDateTimeOffset())
                : Dialect.Write(device, new DeviceCommand
                {
                    Id = example.RootElement.GetProperty("id").GetGuid(),
                    LotId = Guid.Empty,
                    DeviceId = Guid.Empty,
                    Type = example.RootElement.GetProperty("type").GetString()!,
                    Args = example.RootElement.GetProperty("args").GetRawText(),
                    By = "test",
                    CreatedAt = DateTimeOffset.UnixEpoch,
                    ExpiresAt = example.RootElement.GetProperty("expires").GetDateTimeOffset()
                });
            Assert.Equal(topic, sent!.Value.Topic);
            using var written = JsonDocument.Parse(sent.Value.Payload);
            Assert.True(JsonElement.DeepEquals(example.RootElement, written.RootElement), Encoding.UTF8.GetString(sent.Value.Payload));
        }
    }

    [Fact]
    public void Every_error_code_is_explained_in_both_languages()
    {
        var codes = typeof(EventErrors).GetFields().Select(f => (string)f.GetValue(null)!).ToList();
        Assert.NotEmpty(codes);
        foreach (var file in new[] { "device-protocol.md", "device-protocol.zh-CN.md" })
            Assert.All(codes, code => Assert.Contains($"| `{code}` |", Text(file)));
    }

    static IEnumerable<(string Device, string Topic, string Json)> Examples(string file) =>
        Fence.Matches(Text(file)).Select(m => (m.Groups["device"].Value, m.Groups["topic"].Value, m.Groups["json"].Value));

    static string Text(string file)
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "ParkingSaaS.sln")))
            directory = Path.GetDirectoryName(directory)!;
        return File.ReadAllText(Path.Combine(directory, "docs", file));
    }

    [GeneratedRegex(@"^```json (?<topic>v1/(?<device>[^/\n]+)/\S+)\n(?<json>.*?)\n```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence { get; }
}
