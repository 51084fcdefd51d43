using System.Net;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Bounds of the broker.</summary>
public sealed record MqttBrokerOptions
{
    /// <summary>From the open socket to a complete CONNECT.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the first byte of a later packet to its last.</summary>
    public TimeSpan PacketTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take nothing of what is written to it.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a closing connection may take to accept what is still to be written.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection closed for a fault is still read from, so that the client gets the reason.</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of a whole packet from a client.</summary>
    public int MaxPacketSize { get; init; } = 1 << 20;

    /// <summary>Messages of one connection that may be in the hands of the host at once.</summary>
    public ushort ReceiveMaximum { get; init; } = 32;

    /// <summary>Unacknowledged QoS 1 and 2 messages to one client; the client may ask for fewer.</summary>
    public ushort MaxInflight { get; init; } = 64;

    /// <summary>Per session; the oldest message is dropped for a new one. At most 32,767, see the packet identifiers.</summary>
    public int MaxQueuedMessages { get; init; } = 1000;

    /// <summary>Per session, bytes of topics and payloads.</summary>
    public int MaxQueuedBytes { get; init; } = 1 << 20;

    public int MaxSubscriptions { get; init; } = 100;

    /// <summary>Bytes of a client id. It is part of a key of the store.</summary>
    public int MaxClientId { get; init; } = 256;

    /// <summary>Sessions of one name, with or without a connection.</summary>
    public int MaxSessionsPerName { get; init; } = 16;

    /// <summary>Per space.</summary>
    public int MaxRetained { get; init; } = 10_000;

    /// <summary>Per space, bytes of topics and payloads.</summary>
    public int MaxRetainedBytes { get; init; } = 64 << 20;

    /// <summary>Bound of the session expiry a 5.0 client asks for, and the expiry of persistent 3.1.1 sessions.</summary>
    public TimeSpan MaxSessionExpiry { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Longest keep-alive in seconds; 5.0 clients that ask for none or more are told this one.</summary>
    public ushort MaxKeepAlive { get; init; } = 600;

    /// <summary>Topic aliases a 5.0 client may use, and at most as many are used towards it.</summary>
    public ushort TopicAliasMaximum { get; init; } = 16;

    /// <summary>Messages that a session may send in a second in the long run; beyond, reading from it slows down. 0: any number.</summary>
    public int MessagesPerSecond { get; init; }

    /// <summary>Messages that it may send at once after a rest.</summary>
    public int MessageBurst { get; init; } = 100;

    /// <summary>Connections of one address; further ones are closed unread. 0: any number.</summary>
    public int MaxConnectionsPerAddress { get; init; }

    /// <summary>Whose connections are counted together.</summary>
    public Func<IPAddress?, string> AddressKey { get; init; } = address => address?.ToString() ?? "";

    /// <summary>The <see cref="AddressKey"/> of a connection's other end.</summary>
    public string KeyOf(EndPoint? remote) => AddressKey((remote as IPEndPoint)?.Address);

    /// <summary>Clients that are signed in at the same time.</summary>
    public int MaxConnecting { get; init; } = 64;

    /// <summary>Clients that wait for their turn to be signed in; further ones are refused.</summary>
    public int MaxWaitingToConnect { get; init; } = 50_000;
}
