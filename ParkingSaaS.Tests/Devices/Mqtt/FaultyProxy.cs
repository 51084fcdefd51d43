using System.Net;
using System.Net.Sockets;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>A network between clients and a broker that can be made bad while it is in use.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _sockets = [];
    private readonly int _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = new();

    /// <param name="target">The broker's port.</param>
    public FaultyProxy(int target)
    {
        _target = target;
        _open.SetResult();
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Bytes that are passed on in one piece.</summary>
    public int Slice { get; set; } = int.MaxValue;

    /// <summary>Bytes to the broker after which the next connection is cut, wherever that is in a packet.</summary>
    public long CutAfterUp { get; set; } = long.MaxValue;

    /// <summary>The same towards the client.</summary>
    public long CutAfterDown { get; set; } = long.MaxValue;

    /// <summary>Half-open: both ends believe that they are connected, and what they send vanishes.</summary>
    public bool Swallows { get; set; }

    /// <summary>What is sent from now on waits on the way.</summary>
    public void Hold() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _open.SetResult();

    private async Task AcceptAsync()
    {
        var pumps = new List<Task>();
        try
        {
            while (true)
            {
                var client = Own(await _listener.AcceptSocketAsync(_stop.Token));
                var server = Own(new Socket(SocketType.Stream, ProtocolType.Tcp));
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                pumps.Add(PumpAsync(client, server, CutAfterUp));
                pumps.Add(PumpAsync(server, client, CutAfterDown));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private Socket Own(Socket socket)
    {
        socket.NoDelay = true;
        lock (_sockets)
            _sockets.Add(socket);
        return socket;
    }

    private async Task PumpAsync(Socket from, Socket to, long budget)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
            {
                await _open.Task.WaitAsync(_stop.Token);
                for (var at = 0; at < read && !Swallows;)
                {
                    var piece = (int)Math.Min(Math.Min(Slice, read - at), budget);
                    at += await to.SendAsync(buffer.AsMemory(at, piece), _stop.Token);
                    budget -= piece;
                    if (budget > 0)
                        continue;
                    from.Dispose();
                    to.Dispose();
                    return;
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            from.Dispose();
            to.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        lock (_sockets)
            foreach (var socket in _sockets)
                socket.Dispose();
        await _accepting;
        _stop.Dispose();
    }
}
