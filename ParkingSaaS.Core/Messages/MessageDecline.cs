namespace ParkingSaaS.Core.Messages;

/// <summary>Somebody wants to hear no more of a scene. Who it is, is known by their messages alone.</summary>
public sealed class MessageDecline
{
    /// <summary>The address, as <see cref="Message.Contact"/>.</summary>
    public required string Contact { get; init; }

    public required MessageScene Scene { get; init; }

    public required DateTimeOffset At { get; init; }
}
