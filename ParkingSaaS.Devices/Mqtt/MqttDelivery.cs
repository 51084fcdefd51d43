namespace ParkingSaaS.Devices.Mqtt;

/// <summary>What became of a message the host sent.</summary>
public sealed class MqttDelivery
{
    private readonly TaskCompletionSource<bool> _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = 1;

    /// <summary>Whether a session took it: a connected one, or one that waits for its client to come back.</summary>
    public bool Taken { get; private set; }

    /// <summary>
    /// True with the first PUBACK of a receiving client; false as soon as none can come from the sessions that took it: they
    /// ended, the message was dropped from a full queue or found expired, or they subscribed at QoS 0. A session that outlives
    /// its connection sends the message again, so until then this stays open.
    /// </summary>
    public Task<bool> Acknowledged => _acknowledged.Task;

    /// <summary>A session took it; one <see cref="Acknowledge"/> or <see cref="GiveUp"/> must follow.</summary>
    internal void Take()
    {
        Taken = true;
        Interlocked.Increment(ref _open);
    }

    internal void Acknowledge() => _acknowledged.TrySetResult(true);

    internal void GiveUp()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _acknowledged.TrySetResult(false);
    }
}
