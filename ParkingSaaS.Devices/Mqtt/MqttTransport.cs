using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>An address at which the broker listens, by <see cref="MqttTransport"/>.</summary>
public sealed class MqttEndPoint(IPAddress address, int port) : IPEndPoint(address, port)
{
    /// <summary>All addresses of this machine.</summary>
    public static MqttEndPoint Any(int port) => new(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port);
}

/// <summary>
/// Kestrel's sockets, but a packet is handled on the thread that read it, and written on the thread that has it: the broker waits
/// for nothing there, and the way over the thread pool would cost more than the packet. HTTP keeps the usual transport.
/// </summary>
internal sealed class MqttTransport(ILoggerFactory logs) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets =
        new(Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true }), logs);

    public bool CanBind(EndPoint endpoint) => endpoint is MqttEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken ct = default) => _sockets.BindAsync(endpoint, ct);
}
