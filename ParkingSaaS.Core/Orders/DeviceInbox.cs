using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Core.Orders;

/// <summary>Where device messages come in. Each city has one writer that takes what is waiting, without a timer, and commits it
/// together: at low load nobody waits for a batch, at high load one commit serves many. The task that a caller gets ends when
/// its message is durable.</summary>
public sealed class DeviceInbox(RecordEvents record, ILogger<DeviceInbox> log) : IAsyncDisposable
{
    const int MaxBatch = 500;
    const int MaxWaiting = 20_000;
    const int Attempts = 3;

    readonly ConcurrentDictionary<string, Lazy<Writer>> writers = new();

    /// <summary>Records a message.</summary>
    /// <returns>What became of it, once that is durable.</returns>
    /// <exception cref="DbException">The database could not be reached: nothing was kept, and the device must repeat.</exception>
    public async Task<EventResult> AcceptAsync(string city, DeviceEvent message, CancellationToken ct)
    {
        var writer = writers.GetOrAdd(city, code => new Lazy<Writer>(() => new Writer(code, record, log))).Value;
        var waiting = new Waiting(message);
        await writer.Channel.Writer.WriteAsync(waiting, ct);
        return await waiting.Done.Task;
    }

    /// <summary>Takes no more messages, and ends when those that were taken are durable.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var writer in writers.Values)
            writer.Value.Channel.Writer.TryComplete();
        await Task.WhenAll(writers.Values.Select(w => w.Value.Running));
    }

    sealed class Waiting(DeviceEvent message)
    {
        public DeviceEvent Message { get; set; } = message;

        public TaskCompletionSource<EventResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    sealed class Writer
    {
        readonly string city;
        readonly RecordEvents record;
        readonly ILogger log;

        public Writer(string city, RecordEvents record, ILogger log)
        {
            (this.city, this.record, this.log) = (city, record, log);
            Running = Task.Run(RunAsync);
        }

        public Channel<Waiting> Channel { get; } =
            System.Threading.Channels.Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

        public Task Running { get; }

        async Task RunAsync()
        {
            var batch = new List<Waiting>(MaxBatch);
            while (await Channel.Reader.WaitToReadAsync())
            {
                batch.Clear();
                while (batch.Count < MaxBatch && Channel.Reader.TryRead(out var waiting))
                    batch.Add(waiting);
                await WriteAsync(batch);
            }
        }

        /// <summary>One message that cannot be processed must not fail its neighbours: then each goes by itself.</summary>
        async Task WriteAsync(IReadOnlyList<Waiting> batch)
        {
            try
            {
                var results = await record.RunAsync(city, [.. batch.Select(w => w.Message)], CancellationToken.None);
                for (var i = 0; i < batch.Count; i++)
                    batch[i].Done.SetResult(results[i]);
            }
            catch (Exception e)
            {
                log.LogWarning(e, "A batch of {Count} device messages in {City} goes one by one", batch.Count, city);
                foreach (var waiting in batch)
                    await WriteOneAsync(waiting);
            }
        }

        async Task WriteOneAsync(Waiting waiting)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    waiting.Done.SetResult((await record.RunAsync(city, [waiting.Message], CancellationToken.None))[0]);
                    return;
                }
                catch (Exception e) when (attempt < Attempts && IsRace(e))
                {
                    log.LogInformation("A device message in {City} met another writer; once more", city);
                }
                catch (Exception e) when (waiting.Message.ErrorCode is null && IsFaultOfTheMessage(e))
                {
                    // Keep it, so that it is not lost and the device need not repeat it for ever.
                    log.LogError(e, "A device message in {City} on {Topic} failed", city, waiting.Message.Topic);
                    waiting.Message = waiting.Message with { Report = null, ErrorCode = EventErrors.Failed };
                }
                catch (Exception e)
                {
                    waiting.Done.SetException(e);
                    return;
                }
            }
        }

        /// <summary>Somebody else changed the same order between our reading and writing.</summary>
        static bool IsRace(Exception e) => e is DbUpdateConcurrencyException
            || e.GetBaseException() is PostgresException
            {
                SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.SerializationFailure
            };

        /// <summary>Its data do not fit, or the program cannot make sense of them. Anything else, such as a server that restarts or
        /// another writer that is always quicker, is no reason to leave it out: the device repeats it.</summary>
        static bool IsFaultOfTheMessage(Exception e) =>
            e.GetBaseException() is PostgresException { SqlState: ['2', '2' or '3', ..] }
            || e is not (DbException or DbUpdateException or IOException or SocketException or TimeoutException or OperationCanceledException);
    }
}
