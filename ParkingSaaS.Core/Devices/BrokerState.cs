namespace ParkingSaaS.Core.Devices;

/// <summary>A piece of what the device broker of one node has to find again after a restart: a session, a message that waits for a
/// device, a retained message. What is in it is the broker's affair.</summary>
public sealed class BrokerState
{
    /// <summary>The node that holds it. Sessions are a node's own: a device that comes back at another begins anew there.</summary>
    public required string Node { get; init; }

    /// <summary>The session, or empty for what belongs to none.</summary>
    public required string Owner { get; init; }

    /// <summary>Which piece of the owner's.</summary>
    public required string Item { get; init; }

    /// <summary>The order in which the pieces came to be.</summary>
    public required long Sequence { get; init; }

    /// <summary>As the broker wrote it.</summary>
    public required byte[] Data { get; init; }
}

/// <summary>A piece that is written, or taken away where <paramref name="Data"/> is null.</summary>
/// <param name="Owner">See <see cref="BrokerState.Owner"/>.</param>
/// <param name="Item">See <see cref="BrokerState.Item"/>; null for all of the owner's, which then are taken away.</param>
/// <param name="Data">See <see cref="BrokerState.Data"/>.</param>
public sealed record BrokerChange(string Owner, string? Item, byte[]? Data);
