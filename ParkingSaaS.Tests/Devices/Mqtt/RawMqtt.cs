using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>
/// One end of a connection that sends what it is told, right or wrong, and answers nothing by itself: a client of the broker,
/// or the broker of a client.
/// </summary>
public sealed class RawMqtt : IDisposable
{
    private const ushort FenceId = 65_000;

    private readonly Socket _socket;
    private readonly PipeReader _input;
    private readonly string _fence = $"fence/{Guid.NewGuid():N}";

    private RawMqtt(Socket socket, MqttVersion version)
    {
        _socket = socket;
        Version = version;
        _input = PipeReader.Create(new NetworkStream(socket));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public MqttVersion Version { get; }

    /// <summary>The bytes of the packet that was read last.</summary>
    public byte[] LastBytes { get; private set; } = [];

    public static Task<RawMqtt> OpenAsync(MqttHost host, MqttVersion version = MqttVersion.V5) => OpenAsync(host.Port, version);

    public static async Task<RawMqtt> OpenAsync(int port, MqttVersion version = MqttVersion.V5)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, Ct);
        return new RawMqtt(socket, version);
    }

    /// <summary>The other end: takes the connection of a client.</summary>
    public static async Task<RawMqtt> AcceptAsync(TcpListener listener, MqttVersion version = MqttVersion.V5)
    {
        var socket = await listener.AcceptSocketAsync(Ct).InTimeAsync();
        socket.NoDelay = true;
        return new RawMqtt(socket, version);
    }

    public static ConnectPacket Hello(MqttVersion version, string name = "raw", bool clean = true, ushort keepAlive = 0) =>
        new(version, name, clean, keepAlive) { UserName = $"sz/{name}", Password = "secret"u8.ToArray() };

    /// <summary>A connection the broker has accepted.</summary>
    public static async Task<RawMqtt> SignInAsync(
        MqttHost host, MqttVersion version = MqttVersion.V5, string name = "raw", bool clean = true, ushort keepAlive = 0,
        MqttWill? will = null, MqttProperties? properties = null)
    {
        var raw = await OpenAsync(host, version);
        Assert.Equal(
            MqttReason.Success,
            (await raw.ConnectAsync(Hello(version, name, clean, keepAlive) with
            {
                Will = will,
                Properties = properties ?? MqttProperties.None,
            })).Reason);
        return raw;
    }

    /// <summary>A session that outlives its connection by five minutes or more.</summary>
    public static async Task<(RawMqtt Client, bool Present)> ResumeAsync(
        MqttHost host, MqttVersion version = MqttVersion.V5, string name = "raw", MqttProperties? properties = null)
    {
        var raw = await OpenAsync(host, version);
        var answer = await raw.ConnectAsync(Hello(version, name, clean: false) with
        {
            Properties = version == MqttVersion.V5
                ? (properties ?? MqttProperties.None) with { SessionExpiry = 300 }
                : MqttProperties.None,
        });
        Assert.Equal(MqttReason.Success, answer.Reason);
        return (raw, answer.SessionPresent);
    }

    public async Task<ConnAckPacket> ConnectAsync(ConnectPacket connect)
    {
        await SendAsync(connect);
        return await ReadAsync<ConnAckPacket>();
    }

    public async Task SubscribeAsync(string filter, MqttQos qos = MqttQos.AtLeastOnce, ushort id = 1)
    {
        await SendAsync(new SubscribePacket(id, [new MqttSubscription(filter, qos)]));
        Assert.Equal((MqttReason)qos, Assert.Single((await ReadAsync<SubAckPacket>()).Reasons));
    }

    /// <summary>Sends packets in one piece: the other end may get them at once.</summary>
    public Task SendAsync(params MqttPacket[] packets) =>
        SendBytesAsync(packets.SelectMany(p => MqttCodecTests.Encode(p, Version)).ToArray());

    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes[sent..], Ct);
    }

    public Task SendHexAsync(string hex) => SendBytesAsync(Convert.FromHexString(hex));

    /// <summary>The next packet; null when the other end closed.</summary>
    public async Task<MqttPacket?> ReadAsync()
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await _input.ReadAsync(Ct).InTimeAsync(words: "a packet, or the end of the connection");
            }
            catch (IOException)
            {
                return null;
            }

            var buffer = result.Buffer;
            if (MqttReader.TryRead(ref buffer, Version, 1 << 21, out var packet))
            {
                LastBytes = result.Buffer.Slice(0, buffer.Start).ToArray();
                _input.AdvanceTo(buffer.Start);
                return packet;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return null;
        }
    }

    public async Task<T> ReadAsync<T>()
        where T : MqttPacket => Assert.IsType<T>(await ReadAsync());

    public async Task<PublishReplyPacket> ReadAsync(MqttPacketType type, ushort id)
    {
        var reply = await ReadAsync<PublishReplyPacket>();
        Assert.Equal((type, id), (reply.Type, reply.PacketId));
        return reply;
    }

    /// <summary>
    /// The packets that came for this session before a message sent now: what is not among them does not come.
    /// The broker answers before it sends messages, so an answer alone would not show that.
    /// </summary>
    public async Task<List<MqttPacket>> DrainAsync(MqttHost host, string space = "sz")
    {
        List<MqttPacket> before = [];
        await SendAsync(new SubscribePacket(FenceId, [new MqttSubscription(_fence, MqttQos.AtMostOnce)]));
        while (true)
        {
            var packet = await ReadAsync() ?? throw new EndOfStreamException("The broker closed.");
            if (packet is SubAckPacket { PacketId: FenceId })
                break;
            before.Add(packet);
        }

        host.Broker.Publish(space, _fence, default, MqttQos.AtMostOnce);
        while (true)
        {
            var packet = await ReadAsync() ?? throw new EndOfStreamException("The broker closed.");
            if (packet is PublishPacket { Topic: var topic } && topic == _fence)
                return before;
            before.Add(packet);
        }
    }

    /// <summary>The broker ends the connection: with the reason in 5.0, without a word in 3.1.1.</summary>
    public async Task EndsAsync(MqttReason reason)
    {
        if (Version == MqttVersion.V5)
            Assert.Equal(reason, (await ReadAsync<DisconnectPacket>()).Reason);
        await ClosedAsync();
    }

    public async Task ClosedAsync() => Assert.Null(await ReadAsync());

    /// <summary>Breaks the connection without a goodbye, and waits until the broker knows.</summary>
    public async Task BreakAsync(MqttHost host, string name = "raw")
    {
        var gone = host.Policy.NextDisconnectAsync("sz", name);
        Dispose();
        await gone;
    }

    /// <summary>Sends nothing more, and can still read.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        _input.Complete();
        _socket.Dispose();
    }
}
