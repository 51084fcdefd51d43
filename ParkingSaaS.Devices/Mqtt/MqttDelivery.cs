namespace ParkingSaaS.Devices.Mqtt;

/// <summary>What became of a message the host sent.</summary>
public sealed class MqttDelivery
{
    private readonly TaskCompletionSource<bool> _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = 1;

    /// <summary>Whether a connected session took it.</summary>
    public bool Taken { get; private set; }

    /// <summary>
    /// True with the first PUBACK of a receiving client; false as soon as none can come from the connections that took it:
    /// they broke, the message was dropped from a full queue or expired, or they subscribed at QoS 0.
    /// </summary>
    public Task<bool> Acknowledged => _acknowledged.Task;

    /// <summary>A connected session took it; one <see cref="Acknowledge"/> or <see cref="GiveUp"/> must follow.</summary>
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
