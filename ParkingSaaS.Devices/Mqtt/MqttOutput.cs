using System.IO.Pipelines;
using System.Threading.Channels;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>The one writer of a connection: replies first, then the session's messages; one flush for each batch.</summary>
internal sealed class MqttOutput(PipeWriter output, MqttMetrics metrics)
{
    private const int BatchBytes = 32 * 1024;

    // a client that sends requests and reads no replies stops its own reading here
    private readonly Channel<MqttPacket> _replies = Channel.CreateBounded<MqttPacket>(256);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private MqttVersion _version = MqttVersion.V311;
    private uint _maxPacketSize = uint.MaxValue;
    private MqttPacket? _last;
    private Func<PublishPacket?> _nextMessage = () => null;
    private Action<ushort> _discard = _ => { };
    private volatile bool _closing;

    /// <summary>Before the first packet is sent.</summary>
    public void Speak(MqttVersion version, uint maxPacketSize)
    {
        _version = version;
        _maxPacketSize = maxPacketSize;
    }

    /// <param name="next">The session's next message.</param>
    /// <param name="discard">Told the id of a message larger than the client takes.</param>
    public void PullFrom(Func<PublishPacket?> next, Action<ushort> discard)
    {
        _discard = discard;
        Volatile.Write(ref _nextMessage, next);
        Wake();
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    public async ValueTask SendAsync(MqttPacket packet, CancellationToken ct)
    {
        while (!_replies.Writer.TryWrite(packet))
        {
            if (!await _replies.Writer.WaitToWriteAsync(ct))
                return;
        }

        Wake();
    }

    /// <summary>Writes what is waiting and then <paramref name="last"/>; no more messages.</summary>
    public void Complete(MqttPacket? last)
    {
        if (!_replies.Writer.TryComplete())
            return;
        _last = last;
        _closing = true;
        Wake();
    }

    public async Task RunAsync()
    {
        try
        {
            bool closing;
            do
            {
                await _wake.Reader.ReadAsync();
                // read before the last replies are taken: none comes after it was set
                closing = _closing;
                while (Fill())
                {
                    var flushed = await output.FlushAsync();
                    if (flushed.IsCompleted || flushed.IsCanceled)
                        return;
                }
            }
            while (!closing);

            if (_last is not null)
            {
                MqttWriter.TryWrite(output, _last, _version, _maxPacketSize);
                await output.FlushAsync();
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // the transport is gone; the reading side notices too
        }
        finally
        {
            _replies.Writer.TryComplete();
        }
    }

    private bool Fill()
    {
        var before = output.UnflushedBytes;
        while (output.UnflushedBytes < BatchBytes && _replies.Reader.TryRead(out var reply))
            MqttWriter.TryWrite(output, reply, _version, _maxPacketSize);
        while (!_closing && output.UnflushedBytes < BatchBytes && Volatile.Read(ref _nextMessage)() is { } message)
        {
            if (MqttWriter.TryWrite(output, message, _version, _maxPacketSize))
                metrics.Sent();
            else
                _discard(message.PacketId);
        }

        return output.UnflushedBytes > before;
    }
}
