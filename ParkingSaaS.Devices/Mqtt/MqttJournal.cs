using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Writes the changes of one space to the store, many at a time, and says when they are durable.</summary>
internal sealed class MqttJournal(string space, IMqttStore store, TimeProvider time, ILogger log, CancellationToken disposed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PendingChanges _changes = new();
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;
    private bool _running;
    private int _open;
    private int _failures;

    public void Add(MqttChange change)
    {
        lock (_gate)
            _changes.Add(change);
        Start();
    }

    /// <summary>What is added until the end of this is durable together or not at all. To be short and without waiting.</summary>
    public Together Begin()
    {
        lock (_gate)
            _open++;
        return new Together(this);
    }

    private void End()
    {
        lock (_gate)
            _open--;
        Start();
    }

    private void Start()
    {
        lock (_gate)
        {
            if (_running || _open > 0 || _changes.Count == 0)
                return;
            _running = true;
        }

        // not on this thread: it may hold locks
        _ = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Ends when all that was added before is durable.</summary>
    public Task WrittenAsync()
    {
        lock (_gate)
            return _changes.Count > 0 ? _written.Task : _writing;
    }

    // What the store does not take is offered again, for ever: meanwhile nothing that depends on it is acknowledged.
    private async Task RunAsync()
    {
        while (true)
        {
            List<MqttChange> changes;
            TaskCompletionSource written;
            lock (_gate)
            {
                if (_changes.Count == 0 || _open > 0)
                {
                    _running = false;
                    return;
                }

                changes = _changes.Take();
                (written, _written) = (_written, new(TaskCreationOptions.RunContinuationsAsynchronously));
                _writing = written.Task;
            }

            try
            {
                while (!await TrySaveAsync(changes))
                    await Task.Delay(Pause, time, disposed);
                written.SetResult();
            }
            catch (OperationCanceledException)
            {
                written.SetCanceled(disposed);
                return;
            }
        }
    }

    private async Task<bool> TrySaveAsync(IReadOnlyList<MqttChange> changes)
    {
        try
        {
            await store.SaveAsync(space, changes, disposed);
            if (_failures > 0)
                log.LogInformation("The MQTT sessions of {Space} are written again, after {Failures} attempts that failed", space, _failures);
            _failures = 0;
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !disposed.IsCancellationRequested)
        {
            // once: it is tried each second
            if (_failures++ == 0)
                log.LogError("The MQTT sessions of {Space} cannot be written ({Reason}); trying again", space, e.GetBaseException().Message);
            return false;
        }
    }

    public readonly struct Together(MqttJournal journal) : IDisposable
    {
        public void Dispose() => journal.End();
    }
}
