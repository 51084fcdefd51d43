using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>MQTT inside a WebSocket, frame by frame.</summary>
public class MqttWebSocketTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<ClientWebSocket> OpenAsync(MqttHost host, string? protocol = "mqtt", string? origin = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (protocol is not null)
            socket.Options.AddSubProtocol(protocol);
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{host.WebPort}/mqtt"), Ct);
        }
        catch (WebSocketException)
        {
            // the caller looks at the status
        }

        return socket;
    }

    private static byte[] Connect(string name = "page", MqttWill? will = null) => MqttCodecTests.Encode(
        new ConnectPacket(MqttVersion.V5, name, true, 60) { UserName = $"sz/{name}", Password = "secret"u8.ToArray(), Will = will }, MqttVersion.V5);

    private static Task SendAsync(ClientWebSocket socket, ReadOnlyMemory<byte> bytes, WebSocketMessageType type = WebSocketMessageType.Binary) =>
        socket.SendAsync(bytes, type, true, Ct).AsTask();

    /// <summary>The next packet; null when the server closed.</summary>
    private static async Task<MqttPacket?> ReadAsync(ClientWebSocket socket)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (await socket.ReceiveAsync(one, Ct).InTimeAsync(words: "the next byte") is { MessageType: WebSocketMessageType.Binary })
        {
            bytes.Add(one[0]);
            var sequence = new ReadOnlySequence<byte>(bytes.ToArray());
            if (MqttReader.TryRead(ref sequence, MqttVersion.V5, 1 << 20, out var packet))
                return packet;
        }

        return null;
    }

    private static async Task<ClientWebSocket> SignInAsync(MqttHost host, string name = "page", MqttWill? will = null)
    {
        var socket = await OpenAsync(host);
        Assert.Equal("mqtt", socket.SubProtocol);
        await SendAsync(socket, Connect(name, will));
        Assert.Equal(MqttReason.Success, Assert.IsType<ConnAckPacket>(await ReadAsync(socket)).Reason);
        return socket;
    }

    [Fact]
    public async Task Packets_span_frames_and_a_frame_holds_several()
    {
        await using var host = await MqttHost.StartAsync();
        using var socket = await OpenAsync(host);
        var connect = Connect();
        foreach (var piece in connect.Chunk(3))
            await SendAsync(socket, piece);
        Assert.IsType<ConnAckPacket>(await ReadAsync(socket));
        byte[] three =
        [
            .. MqttCodecTests.Encode(new SubscribePacket(1, [new MqttSubscription("a", MqttQos.AtLeastOnce)]), MqttVersion.V5),
            .. MqttCodecTests.Encode(new PublishPacket("a", "x"u8.ToArray(), MqttQos.AtLeastOnce) { PacketId = 2 }, MqttVersion.V5),
            .. MqttCodecTests.Encode(new PingReqPacket(), MqttVersion.V5)[..1],
        ];
        await SendAsync(socket, three);
        await SendAsync(socket, new byte[] { 0 });
        var types = new HashSet<MqttPacketType>();
        while (types.Count < 4)
            types.Add((await ReadAsync(socket))!.Type);
        Assert.Equal([MqttPacketType.Publish, MqttPacketType.PubAck, MqttPacketType.SubAck, MqttPacketType.PingResp], types.Order());
    }

    [Fact]
    public async Task More_than_a_request_may_have_goes_through()
    {
        await using var host = await MqttHost.StartAsync(new MqttBrokerOptions { MaxPacketSize = 1 << 20 });
        using var socket = await SignInAsync(host);
        var packet = MqttCodecTests.Encode(
            new PublishPacket("up", new byte[900_000], MqttQos.AtLeastOnce) { PacketId = 1 }, MqttVersion.V5);
        for (var i = 0; i < 40; i++)
        {
            await SendAsync(socket, packet);
            Assert.IsType<PublishReplyPacket>(await ReadAsync(socket));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("chat")]
    [InlineData("MQTT")]
    public async Task Without_the_sub_protocol_there_is_no_connection(string? protocol)
    {
        await using var host = await MqttHost.StartAsync();
        using var socket = await OpenAsync(host, protocol);
        Assert.Equal(HttpStatusCode.BadRequest, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_plain_request_is_a_bad_one()
    {
        await using var host = await MqttHost.StartAsync();
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync($"http://127.0.0.1:{host.WebPort}/mqtt", Ct)).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("https://map.example.org.evil.example", false)]
    [InlineData("http://map.example.org", false)]
    [InlineData("https://map.example.org", true)]
    [InlineData("https://MAP.example.org", true)]
    [InlineData("http://127.0.0.1:1", false)]
    [InlineData("own", true)]
    [InlineData(null, true)]
    public async Task Pages_of_foreign_origins_are_refused(string? origin, bool welcome)
    {
        await using var host = await MqttHost.StartAsync(origins: "https://map.example.org");
        using var socket = await OpenAsync(host, origin: origin == "own" ? $"http://127.0.0.1:{host.WebPort}" : origin);
        Assert.Equal(welcome ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("C000", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("2020", WebSocketCloseStatus.InvalidMessageType)]
    public async Task Text_ends_it_and_the_will_is_published(string hex, WebSocketCloseStatus status)
    {
        await using var host = await MqttHost.StartAsync();
        var inbox = new Inbox();
        await using var watcher = await host.ConnectAsync("sz/watcher", inbox.Take);
        await watcher.SubscribeAsync("will", ct: Ct);
        using var socket = await SignInAsync(host, will: new MqttWill("will", "gone"u8.ToArray(), MqttQos.AtLeastOnce, false));
        await SendAsync(socket, Convert.FromHexString(hex), WebSocketMessageType.Text);
        Assert.Null(await ReadAsync(socket));
        Assert.Equal(status, socket.CloseStatus);
        Assert.Equal("will", (await inbox.NextAsync()).Topic);
    }

    [Fact]
    public async Task A_goodbye_and_a_close_end_it()
    {
        await using var host = await MqttHost.StartAsync();
        using var polite = await SignInAsync(host, "polite");
        await SendAsync(polite, MqttCodecTests.Encode(new DisconnectPacket(MqttReason.Success), MqttVersion.V5));
        Assert.Null(await ReadAsync(polite));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, polite.CloseStatus);
        await polite.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        await host.Policy.DisconnectedAsync("sz", "polite", MqttReason.Success);

        using var closing = await SignInAsync(host, "closing");
        await closing.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        await host.Policy.DisconnectedAsync("sz", "closing", MqttReason.UnspecifiedError);

        using var lost = await SignInAsync(host, "lost");
        lost.Abort();
        await host.Policy.DisconnectedAsync("sz", "lost", MqttReason.UnspecifiedError);
        Assert.Empty(host.Broker.Connections);
    }

    [Fact]
    public async Task The_server_says_goodbye_when_it_stops()
    {
        await using var host = await MqttHost.StartAsync();
        using var socket = await SignInAsync(host);
        var stopping = host.StopAsync();
        Assert.Equal(MqttReason.ServerShuttingDown, Assert.IsType<DisconnectPacket>(await ReadAsync(socket)).Reason);
        Assert.Null(await ReadAsync(socket));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        await stopping;
    }

    [Fact]
    public async Task Nobody_who_does_not_sign_in_stays()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        using var socket = await OpenAsync(host);
        Assert.Equal(WebSocketState.Open, socket.State);
        var answer = ReadAsync(socket);
        await time.UntilAsync(answer);
        Assert.Null(await answer);
    }

    /// <summary>What waits is bounded by the pipes, and after the close timeout the connection is cut.</summary>
    [Fact]
    public async Task One_that_does_not_read_is_cut()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        using var socket = await SignInAsync(host, "deaf");
        await SendAsync(socket, MqttCodecTests.Encode(new SubscribePacket(1, [new MqttSubscription("a")]), MqttVersion.V5));
        Assert.IsType<SubAckPacket>(await ReadAsync(socket));
        for (var i = 0; i < 400; i++)
            host.Broker.Publish("sz", "a", new byte[100_000], MqttQos.AtMostOnce);
        Assert.True(host.Broker.Disconnect("sz", "deaf"));
        var gone = host.Policy.DisconnectedAsync("sz", "deaf", MqttReason.AdministrativeAction);
        await time.UntilAsync(gone);
        var buffer = new byte[100_000];
        await Assert.ThrowsAnyAsync<WebSocketException>(async () =>
        {
            while (await socket.ReceiveAsync(buffer, Ct).InTimeAsync(words: "the end") is { MessageType: WebSocketMessageType.Binary })
            {
            }

            throw new WebSocketException();
        });
    }

    [Fact]
    public async Task The_address_is_kept()
    {
        await using var host = await MqttHost.StartAsync();
        using var socket = await SignInAsync(host);
        Assert.Equal(IPAddress.Loopback, Assert.IsType<IPEndPoint>(Assert.Single(host.Broker.Connections).RemoteAddress).Address);
    }
}
