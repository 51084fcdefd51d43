using System.Text;
using ParkingSaaS.Devices.Mqtt;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>CONNECT, CONNACK, DISCONNECT, AUTH and PINGREQ (sections 3.1, 3.2, 3.12, 3.14, 3.15, 4.12, 4.13).</summary>
public class ConnectConformanceTests
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    private static readonly MqttBrokerOptions Brisk = FormatConformanceTests.Brisk;

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Nothing_but_a_connect_may_come_first(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        foreach (var (packet, _) in MqttCodecTests.Samples().Where(s => s.Version == version && s.Packet is not ConnectPacket))
        {
            using var client = await RawMqtt.OpenAsync(host, version);
            await client.SendAsync(packet);
            await client.ClosedAsync();
        }

        Assert.Empty(host.Policy.Published);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_second_connect_ends_the_connection_and_is_not_answered(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SendAsync(RawMqtt.Hello(version));
        await client.EndsAsync(MqttReason.ProtocolError);
    }

    [Theory]
    [InlineData("MQTx", 4)]
    [InlineData("mqtt", 4)]
    [InlineData("mqtt", 5)]
    [InlineData("MQTTT", 5)]
    public async Task Another_protocol_is_not_served(string name, byte level)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.OpenAsync(host, (MqttVersion)level);
        var hex = Convert.ToHexString(MqttCodecTests.Encode(RawMqtt.Hello((MqttVersion)level), (MqttVersion)level)[8..]);
        hex = $"{name.Length:X4}{Convert.ToHexString(Encoding.ASCII.GetBytes(name))}{hex}";
        await client.SendHexAsync($"10{hex.Length / 2:X2}{hex}");
        await client.ClosedAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(255)]
    public async Task An_unknown_protocol_level_is_told_and_closed(byte level)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.OpenAsync(host, MqttVersion.V311);
        var bytes = MqttCodecTests.Encode(RawMqtt.Hello(MqttVersion.V311), MqttVersion.V311);
        bytes[8] = level;
        await client.SendBytesAsync(bytes);
        Assert.Equal(MqttReason.UnsupportedProtocolVersion, (await client.ReadAsync<ConnAckPacket>()).Reason);
        Assert.Equal("20020001", Convert.ToHexString(client.LastBytes));
        await client.ClosedAsync();
    }

    private const string Id = "000161";
    private const string WillFields = "000177" + "0000";
    private const string User = "00067A2F616161" + "61";

    [Theory]
    [InlineData(0x03, Id)] // reserved flag
    [InlineData(0x02, "")] // no client id
    [InlineData(0x06, Id)] // will announced, absent
    [InlineData(0x06, Id + "000177")] // will without its message
    [InlineData(0x06, Id + "0000" + "0000")] // will without a topic
    [InlineData(0x06, Id + "000123" + "0000")] // will to a wildcard
    [InlineData(0x02, Id + WillFields)] // will not announced
    [InlineData(0x0A, Id)] // will QoS without a will
    [InlineData(0x22, Id)] // will retain without a will
    [InlineData(0x1E, Id + WillFields)] // will QoS 3
    [InlineData(0x82, Id)] // user name announced, absent
    [InlineData(0x02, Id + User)] // user name not announced
    [InlineData(0xC2, Id + User)] // password announced, absent
    [InlineData(0x82, Id + User + "000173")] // password not announced
    [InlineData(0x42, Id + "000173", false)] // password without a user name: 5.0 allows it
    public async Task Connect_flags_and_fields_must_agree(byte flags, string fields, bool inBoth = true)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        foreach (var version in inBoth ? (MqttVersion[])[MqttVersion.V311, MqttVersion.V5] : [MqttVersion.V311])
        {
            var v5 = version == MqttVersion.V5;
            using var client = await RawMqtt.OpenAsync(host, version);
            var will = v5 && (flags & 4) != 0 && fields.Length > Id.Length ? "00" : "";
            var payload = fields.Length == 0 ? "" : Id + will + fields[Id.Length..];
            var body = $"00044D515454{(int)version:X2}{flags:X2}0000{(v5 ? "00" : "")}{payload}";
            await client.SendHexAsync($"10{body.Length / 2:X2}{body}");
            // an answer is allowed in 5.0 and forbidden in 3.1.1
            while (await client.ReadAsync() is { } answer)
                Assert.True(v5 && answer is ConnAckPacket { Reason: >= MqttReason.UnspecifiedError });
        }

        Assert.Empty(host.Broker.Connections);
    }

    [Fact]
    public void A_connect_has_its_fields_in_the_order_of_the_standard()
    {
        ConnectPacket Full(MqttVersion version) => new(version, "id", true, 10)
        {
            UserName = "user",
            Password = "pw"u8.ToArray(),
            Will = new MqttWill("w", "bye"u8.ToArray(), MqttQos.AtLeastOnce, true),
        };
        const string will = "000177" + "0003627965";
        const string rest = "000475736572" + "00027077";
        Assert.Equal(
            "1020" + "00044D515454" + "04EE000A" + "00026964" + will + rest,
            Convert.ToHexString(MqttCodecTests.Encode(Full(MqttVersion.V311), MqttVersion.V311)));
        Assert.Equal(
            "1022" + "00044D515454" + "05EE000A" + "00" + "00026964" + "00" + will + rest,
            Convert.ToHexString(MqttCodecTests.Encode(Full(MqttVersion.V5), MqttVersion.V5)));
    }

    [Theory]
    [InlineData(MqttVersion.V311, 4)]
    [InlineData(MqttVersion.V5, 0x86)]
    public async Task A_refused_connect_is_answered_and_closed_and_what_follows_it_is_not_handled(MqttVersion version, byte code)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.OpenAsync(host, version);
        var refused = RawMqtt.Hello(version, clean: false) with { Password = "guess"u8.ToArray() };
        await client.SendAsync(
            refused, new SubscribePacket(1, [new MqttSubscription("#")]), new PublishPacket("up", Payload));
        Assert.False((await client.ReadAsync<ConnAckPacket>()).SessionPresent);
        Assert.Equal([0x20, 0, code], [client.LastBytes[0], client.LastBytes[2], client.LastBytes[3]]);
        await client.ClosedAsync();
        Assert.Empty(host.Policy.Published);
        Assert.Empty(host.Broker.Connections);
    }

    [Theory]
    [InlineData(MqttReason.ServerBusy, 3)]
    [InlineData(MqttReason.NotAuthorized, 5)]
    [InlineData(MqttReason.Banned, 5)]
    [InlineData(MqttReason.ClientIdentifierNotValid, 2)]
    [InlineData(MqttReason.ServerUnavailable, 3)]
    public async Task A_refusal_has_a_code_of_the_standard_in_both_versions(MqttReason reason, byte code)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        host.Policy.Refusal = reason;
        foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
        {
            using var client = await RawMqtt.OpenAsync(host, version);
            await client.ConnectAsync(RawMqtt.Hello(version));
            Assert.Equal(version == MqttVersion.V5 ? (byte)reason : code, client.LastBytes[3]);
            await client.ClosedAsync();
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task The_first_packet_of_the_broker_is_the_connack(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        var (before, present) = await RawMqtt.ResumeAsync(host, version);
        Assert.False(present);
        await before.SubscribeAsync("down/#");
        await before.BreakAsync(host);
        host.Broker.Publish("sz", "down/1", Payload);
        using var client = await RawMqtt.OpenAsync(host, version);
        var hello = RawMqtt.Hello(version, clean: false);
        // a client need not wait for the answer
        if (version == MqttVersion.V5)
            hello = hello with { Properties = new MqttProperties { SessionExpiry = 300 } };
        await client.SendAsync(hello, new PingReqPacket());
        Assert.True((await client.ReadAsync<ConnAckPacket>()).SessionPresent);
        Assert.Equal(1, client.LastBytes[2]);
        MqttPacket?[] others = [await client.ReadAsync(), await client.ReadAsync()];
        Assert.Single(others.OfType<PingRespPacket>());
        Assert.Equal("down/1", Assert.Single(others.OfType<PublishPacket>()).Topic);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_client_id_of_23_letters_and_digits_is_taken(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        foreach (var id in (string[])["0", "0123456789abcdefghijklm", "nopqrstuvwxyzABCDEFGHIJ", "KLMNOPQRSTUVWXYZ"])
        {
            using var client = await RawMqtt.OpenAsync(host, version);
            Assert.Equal(MqttReason.Success, (await client.ConnectAsync(RawMqtt.Hello(version) with { ClientId = id })).Reason);
            Assert.Equal(id, Assert.Single(host.Broker.Connections).Identity.ClientId);
            await client.BreakAsync(host);
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_client_without_an_id_gets_one_of_its_own(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var one = await RawMqtt.OpenAsync(host, version);
        using var two = await RawMqtt.OpenAsync(host, version);
        var nameless = RawMqtt.Hello(version) with { ClientId = "" };
        var first = await one.ConnectAsync(nameless);
        var second = await two.ConnectAsync(nameless);
        var ids = host.Broker.Connections.Select(c => c.Identity.ClientId).ToHashSet();
        Assert.Equal(2, ids.Count);
        Assert.DoesNotContain("", ids);
        if (version == MqttVersion.V5)
            Assert.True(ids.SetEquals([first.Properties.AssignedClientId!, second.Properties.AssignedClientId!]));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Silence_counts_as_a_broken_network(MqttVersion version)
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(Brisk, time);
        using var client = await RawMqtt.SignInAsync(host, version, keepAlive: 10, will: new MqttWill("will", Payload));
        var gone = host.Policy.NextDisconnectAsync("sz", "raw");
        time.Advance(TimeSpan.FromSeconds(14));
        Assert.True(host.Broker.IsConnected("sz", "raw"));
        time.Advance(TimeSpan.FromSeconds(1));
        await client.EndsAsync(MqttReason.KeepAliveTimeout);
        await gone;
        Assert.True(Assert.Single(host.Policy.Published).IsWill);
    }

    [Fact]
    public async Task A_keep_alive_is_the_clients_own_or_the_one_it_was_told()
    {
        await using var host = await MqttHost.StartAsync(Brisk with { MaxKeepAlive = 100 });
        foreach (var (wish, told) in ((ushort, ushort?)[])[(60, null), (100, null), (101, 100), (0, 100)])
        {
            using var client = await RawMqtt.OpenAsync(host);
            var answer = await client.ConnectAsync(RawMqtt.Hello(MqttVersion.V5, keepAlive: wish));
            Assert.Equal(told, answer.Properties.ServerKeepAlive);
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_will_is_retained_only_when_it_asks_for_it(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        foreach (var retain in (bool[])[true, false])
        {
            using var client = await RawMqtt.SignInAsync(
                host, version, $"owner{retain}", will: new MqttWill($"will/{retain}", Payload, MqttQos.AtLeastOnce, retain));
            await client.BreakAsync(host, $"owner{retain}");
        }

        using var watcher = await RawMqtt.SignInAsync(host, version);
        await watcher.SubscribeAsync("will/#");
        var kept = Assert.IsType<PublishPacket>(Assert.Single(await watcher.DrainAsync(host)));
        Assert.Equal(("will/True", MqttQos.AtLeastOnce, true), (kept.Topic, kept.Qos, kept.Retain));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_will_is_published_once_and_none_without_one(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using (var client = await RawMqtt.SignInAsync(host, version, clean: false, will: new MqttWill("will", Payload)))
            await client.BreakAsync(host);
        Assert.Single(host.Policy.Published);
        await (await RawMqtt.ResumeAsync(host, version)).Client.BreakAsync(host);
        Assert.Single(host.Policy.Published);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_will_follows_a_fault_of_its_owner(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.SignInAsync(host, version, will: new MqttWill("will", Payload));
        var gone = host.Policy.NextDisconnectAsync("sz", "raw");
        await client.SendHexAsync("0000");
        await client.EndsAsync(MqttReason.MalformedPacket);
        await gone;
        Assert.True(Assert.Single(host.Policy.Published).IsWill);
    }

    [Fact]
    public async Task A_will_keeps_its_properties_in_their_order()
    {
        await using var host = await MqttHost.StartAsync();
        using var watcher = await RawMqtt.SignInAsync(host, name: "watcher");
        await watcher.SubscribeAsync("will", MqttQos.AtMostOnce);
        var properties = new MqttProperties
        {
            PayloadFormat = 1,
            ContentType = "text/plain",
            ResponseTopic = "answer",
            CorrelationData = new byte[] { 1, 2, 3 },
            User = [new("b", "1"), new("a", "2"), new("b", "0")],
        };
        using var owner = await RawMqtt.SignInAsync(host, will: new MqttWill("will", Payload) { Properties = properties });
        await owner.BreakAsync(host);
        Assert.Equivalent(properties, (await watcher.ReadAsync<PublishPacket>()).Properties, strict: true);
    }

    [Fact]
    public async Task A_goodbye_with_a_reason_asks_for_the_will()
    {
        await using var host = await MqttHost.StartAsync();
        foreach (var (reason, wills) in ((MqttReason, int)[])[(MqttReason.Success, 0), (MqttReason.DisconnectWithWill, 1)])
        {
            using var client = await RawMqtt.SignInAsync(host, will: new MqttWill("will", Payload));
            var gone = host.Policy.NextDisconnectAsync("sz", "raw");
            await client.SendAsync(new DisconnectPacket(reason));
            await client.ClosedAsync();
            await gone;
            Assert.Equal(wills, host.Policy.Published.Count);
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Nothing_is_handled_after_a_goodbye_and_nothing_sent(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SubscribeAsync("#");
        var gone = host.Policy.NextDisconnectAsync("sz", "raw");
        await client.SendAsync(new DisconnectPacket(), new PublishPacket("up", Payload));
        await client.ClosedAsync();
        await gone;
        Assert.Empty(host.Policy.Published);
    }

    [Fact]
    public async Task The_goodbye_of_the_broker_is_its_last_packet()
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.SignInAsync(host);
        await client.SubscribeAsync("#", MqttQos.AtMostOnce);
        for (var n = 0; n < 200; n++)
            host.Broker.Publish("sz", "flood", new byte[1000]);
        Assert.True(host.Broker.Disconnect("sz", "raw"));
        for (var n = 0; n < 200; n++)
            host.Broker.Publish("sz", "flood", new byte[1000]);
        while (await client.ReadAsync() is { } packet)
        {
            if (packet is not DisconnectPacket goodbye)
                continue;
            Assert.Equal((MqttReason.AdministrativeAction, null), (goodbye.Reason, goodbye.Properties.SessionExpiry));
            await client.ClosedAsync();
            return;
        }

        Assert.Fail("no goodbye");
    }

    [Fact]
    public async Task No_goodbye_goes_before_the_connack()
    {
        await using var host = await MqttHost.StartAsync(Brisk with { MaxPacketSize = 100 });
        foreach (var hex in (string[])["100E00044D5154540503003C0000016100", "10FF7F"])
        {
            using var client = await RawMqtt.OpenAsync(host);
            await client.SendHexAsync(hex);
            while (await client.ReadAsync() is { } packet)
                Assert.IsType<ConnAckPacket>(packet);
        }
    }

    [Fact]
    public async Task Enhanced_authentication_is_refused()
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.OpenAsync(host);
        var answer = await client.ConnectAsync(RawMqtt.Hello(MqttVersion.V5) with
        {
            Properties = new MqttProperties { AuthenticationMethod = "SCRAM-SHA-1", AuthenticationData = new byte[] { 1 } },
        });
        Assert.Equal((MqttReason.BadAuthenticationMethod, null), (answer.Reason, answer.Properties.AuthenticationMethod));
        await client.ClosedAsync();
    }

    [Theory]
    [InlineData(MqttReason.ReAuthenticate)]
    [InlineData(MqttReason.ContinueAuthentication)]
    public async Task Auth_without_a_method_ends_the_connection(MqttReason reason)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.SignInAsync(host);
        await client.SendAsync(new AuthPacket(reason) { Properties = new MqttProperties { AuthenticationMethod = "m" } });
        await client.EndsAsync(MqttReason.ProtocolError);
    }

    [Theory]
    [InlineData((byte)0)]
    [InlineData((byte)1)]
    [InlineData(null)]
    public async Task No_response_information_is_given(byte? asked)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.OpenAsync(host);
        var answer = await client.ConnectAsync(RawMqtt.Hello(MqttVersion.V5) with
        {
            Properties = new MqttProperties { RequestResponseInformation = asked },
        });
        Assert.Equal((MqttReason.Success, null), (answer.Reason, answer.Properties.ResponseInformation));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_ping_is_answered(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SendAsync(new PingReqPacket(), new PingReqPacket());
        await client.ReadAsync<PingRespPacket>();
        await client.ReadAsync<PingRespPacket>();
        Assert.Equal("D000", Convert.ToHexString(client.LastBytes));
    }

    [Fact]
    public async Task What_the_connack_promises_is_kept()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.OpenAsync(host);
        var promises = (await client.ConnectAsync(RawMqtt.Hello(MqttVersion.V5))).Properties;
        Assert.Null(promises.MaximumQos);
        Assert.NotEqual((byte)0, promises.RetainAvailable);
        Assert.NotEqual((byte)0, promises.WildcardSubscriptionAvailable);
        Assert.NotEqual((byte)0, promises.SubscriptionIdsAvailable);
        Assert.NotEqual((byte)0, promises.SharedSubscriptionAvailable);
        await client.SendAsync(new SubscribePacket(1, [
            new MqttSubscription("a", MqttQos.ExactlyOnce), new MqttSubscription("$share/g/+", MqttQos.ExactlyOnce)])
        {
            Properties = new MqttProperties { SubscriptionIds = [268_435_455] },
        });
        Assert.Equal([MqttReason.GrantedQos2, MqttReason.GrantedQos2], (await client.ReadAsync<SubAckPacket>()).Reasons);
        using var will = await RawMqtt.SignInAsync(
            host, name: "will", will: new MqttWill("w", Payload, MqttQos.ExactlyOnce, Retain: true));
    }
}
