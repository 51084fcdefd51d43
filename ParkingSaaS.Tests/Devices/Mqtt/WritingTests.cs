using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>Whose thread writes to a client: that of whoever has something for it, and not for longer than that takes.</summary>
public class WritingTests
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>The client's end of the network.</summary>
    private sealed class Wire : PipeWriter
    {
        private readonly Pipe _out = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        private readonly Pipe _in = new();

        public Func<Task> Flushing { get; set; } = () => Task.CompletedTask;

        public async Task ConnectAsync(MqttHost host)
        {
            var context = new DefaultConnectionContext("wire", new Duplex(_in.Reader, this), new Duplex(_out.Reader, _in.Writer));
            _ = new MqttConnectionHandler(host.Broker).OnConnectedAsync(context);
            await _in.Writer.WriteAsync(MqttCodecTests.Encode(RawMqtt.Hello(MqttVersion.V5), MqttVersion.V5), Ct);
            await _in.Writer.WriteAsync(MqttCodecTests.Encode(
                new SubscribePacket(1, [new MqttSubscription("down", MqttQos.AtMostOnce)]), MqttVersion.V5), Ct);
            while (await ReadAsync() is not SubAckPacket)
            {
            }
        }

        public async Task<MqttPacket> ReadAsync()
        {
            while (true)
            {
                var result = await _out.Reader.ReadAsync(Ct).InTimeAsync(words: "the next packet");
                var buffer = result.Buffer;
                var found = MqttReader.TryRead(ref buffer, MqttVersion.V5, int.MaxValue, out var packet);
                _out.Reader.AdvanceTo(buffer.Start, found ? buffer.Start : buffer.End);
                if (found)
                    return packet!;
            }
        }

        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => _out.Writer.UnflushedBytes;

        public override void Advance(int bytes) => _out.Writer.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => _out.Writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _out.Writer.GetSpan(sizeHint);

        public override void CancelPendingFlush() => _out.Writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => _out.Writer.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var flushing = Flushing();
            return flushing.IsCompleted ? _out.Writer.FlushAsync(cancellationToken) : FlushAfterAsync(flushing);
        }

        private async ValueTask<FlushResult> FlushAfterAsync(Task flushing)
        {
            await flushing.ConfigureAwait(false);
            return await _out.Writer.FlushAsync(Ct);
        }
    }

    // a thread of its own is none of the pool
    private static void OnOwnThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    [Fact]
    public async Task Who_sends_one_message_does_not_write_what_others_send_for_ever()
    {
        await using var host = await MqttHost.StartAsync();
        var wire = new Wire();
        await wire.ConnectAsync(host);
        var written = 0;
        var last = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        wire.Flushing = () =>
        {
            // another has the next message already
            if (++written < 1000)
                host.Broker.Publish("sz", "down", Payload, MqttQos.AtMostOnce);
            else
                last.TrySetResult(Thread.CurrentThread.IsThreadPoolThread);
            return Task.CompletedTask;
        };
        OnOwnThread(() => host.Broker.Publish("sz", "down", Payload, MqttQos.AtMostOnce));
        Assert.True(await last.Task.InTimeAsync());
    }

    /// <summary>That of a page, for example, which may be busy or gone.</summary>
    private sealed class StoppedContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }

    [Fact]
    public async Task Writing_does_not_depend_on_the_context_of_whoever_sent_first()
    {
        await using var host = await MqttHost.StartAsync();
        var wire = new Wire();
        await wire.ConnectAsync(host);
        var network = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        wire.Flushing = () => network.Task;
        OnOwnThread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new StoppedContext());
            host.Broker.Publish("sz", "down", "1"u8.ToArray(), MqttQos.AtMostOnce);
        });
        host.Broker.Publish("sz", "down", "2"u8.ToArray(), MqttQos.AtMostOnce);
        network.SetResult();
        Assert.Equal("1"u8.ToArray(), Assert.IsType<PublishPacket>(await wire.ReadAsync()).Payload.ToArray());
        Assert.Equal("2"u8.ToArray(), Assert.IsType<PublishPacket>(await wire.ReadAsync()).Payload.ToArray());
    }
}
