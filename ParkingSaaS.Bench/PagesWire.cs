using System.Net;
using System.Net.Sockets;

/// <summary>Stands between a browser and the program and counts what really goes over the wire: heads, bodies as compressed as they are, and frames of
/// web sockets.</summary>
internal sealed class PagesWire : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint program;
    private long bytes;

    public PagesWire(Uri program)
    {
        this.program = new IPEndPoint(IPAddress.Loopback, program.Port);
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the browser goes.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Bytes in both directions so far.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The benchmark is over.
        }
    }

    private async Task ServeAsync(TcpClient browser)
    {
        using (browser)
        using (var server = new TcpClient { NoDelay = true })
        {
            browser.NoDelay = true;
            await server.ConnectAsync(program);
            await Task.WhenAny(CopyAsync(browser.GetStream(), server.GetStream()), CopyAsync(server.GetStream(), browser.GetStream()));
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                Interlocked.Add(ref bytes, count);
                await to.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (IOException)
        {
            // One of them has closed.
        }
    }

    public void Dispose() => listener.Dispose();
}
