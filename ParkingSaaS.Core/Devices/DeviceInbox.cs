using System.Collections.Concurrent;
using System.Threading.Channels;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Devices;

/// <summary>Where device messages come in. A writer takes what is waiting, without a timer, and commits it
/// together: at low load nobody waits for a batch, at high load one commit serves many. All messages of a lot have one writer, so that
/// what is told of a car goes one after the other. The task that a caller gets ends when
/// its message is durable, however long the database is away.</summary>
public sealed class DeviceInbox(RecordEvents record, FaultLog faults) : IAsyncDisposable
{
    /// <summary>Of each city. While one waits for the database, another may work; each takes a connection of its own.</summary>
    const int Writers = 2;

    const int MaxBatch = 500;
    const int MaxWaiting = 20_000;

    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<(string City, uint Number), Lazy<Writer>> writers = new();
    readonly CancellationTokenSource givingUp = new();

    /// <summary>Records a message.</summary>
    /// <returns>What became of it, once that is durable.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up, or the program stops while the database is away: nothing may
    /// have been kept, and the device must repeat.</exception>
    public async Task<EventResult> AcceptAsync(string city, DeviceEvent message, CancellationToken ct)
    {
        var writer = writers.GetOrAdd((city, (uint)message.LotId.GetHashCode() % Writers),
            key => new Lazy<Writer>(() => new Writer(key.City, record, faults, givingUp.Token))).Value;
        var waiting = new Waiting(message with { Row = message.Row ?? Guid.CreateVersion7() });
        await writer.Channel.Writer.WriteAsync(waiting, ct);
        return await waiting.Done.Task;
    }

    /// <summary>Takes no more messages, and ends when those that were taken are durable; those that a database that is away does not take
    /// within ten seconds are not acknowledged.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var writer in writers.Values)
            writer.Value.Channel.Writer.TryComplete();
        givingUp.CancelAfter(Grace);
        await Task.WhenAll(writers.Values.Select(w => w.Value.Running));
        givingUp.Dispose();
    }

    sealed class Waiting(DeviceEvent message)
    {
        public DeviceEvent Message { get; set; } = message;

        public TaskCompletionSource<EventResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    sealed class Writer
    {
        const string What = "the recording of device messages";

        /// <summary>How often something else than the database is tried until it is taken for a fault of the program.</summary>
        const int Attempts = 3;

        /// <summary>How often a race is run: a person's click or another node's event wins one, seldom two.</summary>
        const int Races = 20;

        /// <summary>A database that fails so often in a row, and answers otherwise, fails on what it is given. With the pauses that is
        /// half a minute.</summary>
        const int Stubborn = 12;

        static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(5);

        readonly string city;
        readonly RecordEvents record;
        readonly FaultLog faults;
        readonly CancellationToken givingUp;

        public Writer(string city, RecordEvents record, FaultLog faults, CancellationToken givingUp)
        {
            (this.city, this.record, this.faults, this.givingUp) = (city, record, faults, givingUp);
            Running = Task.Run(RunAsync, CancellationToken.None);
        }

        public Channel<Waiting> Channel { get; } =
            System.Threading.Channels.Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

        public Task Running { get; }

        async Task RunAsync()
        {
            var batch = new List<Waiting>(MaxBatch);
            while (await Channel.Reader.WaitToReadAsync(CancellationToken.None))
            {
                batch.Clear();
                while (batch.Count < MaxBatch && Channel.Reader.TryRead(out var waiting))
                    batch.Add(waiting);
                // One message that cannot be processed must not fail its neighbours: then each goes by itself.
                if (await TryWriteAsync(batch) is not null)
                    foreach (var waiting in batch)
                        await WriteOneAsync(waiting);
            }
        }

        /// <summary>Records the messages together, as soon as the database lets them in.</summary>
        /// <returns>What is wrong with them; null when they are done with.</returns>
        async Task<Exception?> TryWriteAsync(IReadOnlyList<Waiting> batch)
        {
            for (var failures = 1; ; failures++)
            {
                try
                {
                    var results = await record.RunAsync(city, [.. batch.Select(w => w.Message)], givingUp);
                    for (var i = 0; i < batch.Count; i++)
                        batch[i].Done.SetResult(results[i]);
                    faults.Worked(city, What);
                    return null;
                }
                catch (Exception) when (givingUp.IsCancellationRequested)
                {
                    foreach (var waiting in batch)
                        waiting.Done.SetCanceled(givingUp);
                    return null;
                }
                catch (Exception e)
                {
                    if (DbFault.CauseOf(e) is not FaultCause.Database || (failures >= Stubborn && await record.AnswersAsync(city)))
                        return e;
                    faults.Failed(city, What, e);
                }
                await PauseAsync(failures);
            }
        }

        /// <summary>Whatever is wrong with a message, it is kept and acknowledged. What may be the program's fault is tried again later.</summary>
        async Task WriteOneAsync(Waiting waiting)
        {
            for (var failures = 1; await TryWriteAsync([waiting]) is { } e; failures++)
            {
                if (waiting.Message.ErrorCode == EventErrors.Failed)
                {
                    // Not even as a failed one: there is no such device.
                    faults.Failed(city, What, e);
                    waiting.Done.SetException(e);
                    return;
                }
                var hopeless = DbFault.CauseOf(e) switch
                {
                    FaultCause.Race => failures >= Races,
                    FaultCause.Data => true,
                    _ => failures >= Attempts && await record.AnswersAsync(city)
                };
                if (hopeless)
                {
                    faults.Failed(city, What, e);
                    waiting.Message = waiting.Message with { ErrorCode = EventErrors.Failed, Failure = DbFault.Words(e) };
                }
                else
                {
                    await PauseAsync(failures);
                }
            }
        }

        /// <summary>Longer each time. Real time, as what it waits for is the machine.</summary>
        async Task PauseAsync(int failures)
        {
            var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10));
            await Task.Delay(pause < LongestPause ? pause : LongestPause, givingUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
