using System.Buffers;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>What a client may send to cost the broker more than it costs the client, or to pass for something else.</summary>
public class AbuseTests
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    private static MqttProperties UserProperties(int count) =>
        new() { User = [.. Enumerable.Repeat(new KeyValuePair<string, string>("", ""), count)] };

    [Fact]
    public void Many_properties_are_read_at_the_cost_of_their_bytes()
    {
        // before the password is looked at
        var packet = MqttCodecTests.Encode(
            RawMqtt.Hello(MqttVersion.V5) with { Properties = UserProperties(20_000) }, MqttVersion.V5);
        var buffer = new ReadOnlySequence<byte>(packet);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(MqttReader.TryRead(ref buffer, MqttVersion.V5, int.MaxValue, out var read));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(20_000, read.Properties.User.Length);
        Assert.True(allocated < 100 * packet.Length, $"{allocated} bytes for a packet of {packet.Length}");
    }

    [Fact]
    public async Task Properties_count_towards_the_bounds_of_what_is_held()
    {
        await using var host = await MqttHost.StartAsync(new MqttBrokerOptions { MaxRetainedBytes = 1000, MaxQueuedBytes = 1000 });
        using var client = await RawMqtt.SignInAsync(host);
        foreach (var properties in (MqttProperties[])
            [UserProperties(2000), new() { CorrelationData = new byte[2000] },
                new() { ContentType = new string('t', 2000) }, new() { ResponseTopic = new string('t', 2000) }])
        {
            await client.SendAsync(
                new PublishPacket("state", Payload, MqttQos.AtLeastOnce, Retain: true, PacketId: 1) { Properties = properties });
            Assert.Equal(MqttReason.QuotaExceeded, (await client.ReadAsync<PublishReplyPacket>()).Reason);
        }
    }

    [Fact]
    public async Task A_repeated_message_of_a_session_that_ended_does_not_keep_its_connection()
    {
        await using var host = await MqttHost.StartAsync();
        var taken = new TaskCompletionSource<MqttPublishOutcome>();
        host.Policy.OnPublish = (_, _) => new(taken.Task);
        using var client = await RawMqtt.SignInAsync(host);
        var message = new PublishPacket("up", Payload, MqttQos.ExactlyOnce, PacketId: 7);
        await client.SendAsync(message, message with { Dup = true }, new DisconnectPacket());
        await host.Policy.DisconnectedAsync("sz", "raw", MqttReason.Success);
        taken.SetResult(MqttPublishOutcome.Handled);
        // stopping waits for every connection
        await Eventually.HoldsAsync(() => host.Broker.Connections.Count == 0);

        Assert.Single(host.Policy.Published);
    }

    [Theory]
    [InlineData(MqttReason.SessionTakenOver)]
    [InlineData(MqttReason.ServerShuttingDown)]
    [InlineData(MqttReason.KeepAliveTimeout)]
    [InlineData(MqttReason.NoMatchingSubscribers)]
    public async Task A_client_may_not_leave_with_a_reason_of_the_servers(MqttReason reason)
    {
        await using var host = await MqttHost.StartAsync();
        using var watcher = await RawMqtt.SignInAsync(host, name: "watcher");
        await watcher.SubscribeAsync("will");
        using var client = await RawMqtt.SignInAsync(host, will: new MqttWill("will", Payload));
        await client.SendAsync(new DisconnectPacket(reason));
        await client.EndsAsync(MqttReason.ProtocolError);
        await host.Policy.DisconnectedAsync("sz", "raw", MqttReason.ProtocolError);
        Assert.Equal("will", (await watcher.ReadAsync<PublishPacket>()).Topic);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_client_id_is_of_bounded_length(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.OpenAsync(host, version);
        var hello = RawMqtt.Hello(version) with { ClientId = new string('界', 100) };
        Assert.Equal(MqttReason.ClientIdentifierNotValid, (await client.ConnectAsync(hello)).Reason);
        await client.ClosedAsync();
        using var other = await RawMqtt.OpenAsync(host, version);
        Assert.Equal(MqttReason.Success, (await other.ConnectAsync(hello with { ClientId = new string('i', 256) })).Reason);
    }
}
