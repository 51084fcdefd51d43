using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

/// <summary>
/// Many MQTT 3.1.1 clients on one thread, by epoll: so that the load costs less than what it loads. Each has a topic of its own
/// and sends 32 bytes at QoS 1.
/// </summary>
internal sealed class MqttLoad : IDisposable
{
    private const int Readable = 1;
    private const int PayloadBytes = 32;

    private readonly Socket[] _sockets;
    private readonly byte[][] _publishes;
    private readonly long[] _sentAt;
    private readonly Dictionary<int, int> _byHandle;
    private readonly int _epoll = epoll_create1(0);
    private readonly byte[] _events = new byte[256 * EventBytes];
    private readonly byte[] _input = new byte[4096];

    /// <summary>struct epoll_event is packed on x86-64: 32 bits of events, 64 of data.</summary>
    private const int EventBytes = 12;

    public MqttLoad(int port, int count)
    {
        _sockets = [.. Enumerable.Range(0, count).Select(n => Connect(port, n))];
        _publishes = [.. Enumerable.Range(0, count).Select(Publish)];
        _sentAt = new long[count];
        _byHandle = _sockets.Select((s, n) => ((int)s.Handle, n)).ToDictionary();
        foreach (var handle in _byHandle.Keys)
        {
            var e = new byte[EventBytes];
            BinaryPrimitives.WriteInt32LittleEndian(e, Readable);
            BinaryPrimitives.WriteInt64LittleEndian(e.AsSpan(4), handle);
            Check(epoll_ctl(_epoll, 1, handle, e));
        }
    }

    private static Socket Connect(int port, int n)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Hello($"load-{n}"));
        var answer = new byte[4];
        var got = 0;
        while (got < 4)
            got += socket.Receive(answer.AsSpan(got));
        return answer[3] == 0 ? socket : throw new InvalidOperationException($"CONNACK {answer[3]}");
    }

    public static byte[] Hello(string clientId) =>
        [0x10, (byte)(12 + clientId.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, 60, 0, (byte)clientId.Length, .. Encoding.ASCII.GetBytes(clientId)];

    private static byte[] Publish(int n)
    {
        var topic = Encoding.ASCII.GetBytes($"load/{n:00000}/up");
        return [0x32, (byte)(4 + topic.Length + PayloadBytes), 0, (byte)topic.Length, .. topic, 0, 1, .. new byte[PayloadBytes]];
    }

    /// <summary>Each client sends when its last message is acknowledged.</summary>
    /// <returns>Messages acknowledged per second.</returns>
    public double ClosedLoop(TimeSpan warmUp, TimeSpan time)
    {
        for (var n = 0; n < _sockets.Length; n++)
            Send(n);
        Run(warmUp, Send);
        var clock = Stopwatch.StartNew();
        long count = 0;
        Run(time, n =>
        {
            count++;
            Send(n);
        });
        var rate = count / clock.Elapsed.TotalSeconds;
        // take in what is still out
        Run(TimeSpan.FromMilliseconds(300), _ => { });
        return rate;
    }

    /// <summary>Messages at a fixed rate, whatever comes back; the wait counts from when a message was due.</summary>
    public (double P50, double P99, double Rate) OpenLoop(double perSecond, TimeSpan warmUp, TimeSpan time)
    {
        List<double> waits = [];
        var idle = new Queue<int>(Enumerable.Range(0, _sockets.Length));
        var clock = Stopwatch.StartNew();
        long due = 0;
        var sent = 0L;
        var end = warmUp + time;
        while (clock.Elapsed < end)
        {
            while (due < clock.Elapsed.TotalSeconds * perSecond && idle.TryDequeue(out var n))
            {
                _sentAt[n] = (long)(due++ / perSecond * Stopwatch.Frequency);
                Send(n);
                sent++;
            }

            Poll(0, n =>
            {
                idle.Enqueue(n);
                if (_sentAt[n] >= warmUp.TotalSeconds * Stopwatch.Frequency)
                    waits.Add((clock.ElapsedTicks - _sentAt[n]) * 1000.0 / Stopwatch.Frequency);
            });
        }

        Run(TimeSpan.FromMilliseconds(300), _ => { });
        waits.Sort();
        return (waits[waits.Count / 2], waits[(int)(waits.Count * 0.99)], sent / end.TotalSeconds);
    }

    private void Run(TimeSpan time, Action<int> acknowledged)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
            Poll(10, acknowledged);
    }

    private void Send(int n)
    {
        var bytes = _publishes[n];
        Check((int)send((int)_sockets[n].Handle, bytes, bytes.Length, 0));
    }

    private void Poll(int milliseconds, Action<int> acknowledged)
    {
        var count = Check(epoll_wait(_epoll, _events, _events.Length / EventBytes, milliseconds));
        for (var i = 0; i < count; i++)
        {
            var handle = (int)BinaryPrimitives.ReadInt64LittleEndian(_events.AsSpan(i * EventBytes + 4));
            var got = Check((int)recv(handle, _input, _input.Length, 0));
            if (got == 0)
                throw new InvalidOperationException("The broker closed a connection.");
            // a client has one message out, so this is its PUBACK
            acknowledged(_byHandle[handle]);
        }
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"errno {Marshal.GetLastPInvokeError()}");

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        close(_epoll);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_ctl(int epoll, int operation, int handle, byte[] e);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_wait(int epoll, [Out] byte[] events, int count, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    private static extern nint send(int handle, byte[] bytes, nint count, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint recv(int handle, [Out] byte[] bytes, nint count, int flags);

    [DllImport("libc")]
    private static extern int close(int handle);
}
