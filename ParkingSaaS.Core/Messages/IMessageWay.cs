namespace ParkingSaaS.Core.Messages;

/// <summary>What a provider said of a message.</summary>
public enum WayAnswer
{
    /// <summary>It has it.</summary>
    Accepted,

    /// <summary>It arrived.</summary>
    Delivered,

    /// <summary>It cannot arrive.</summary>
    Failed,

    /// <summary>It did not take it, and may later.</summary>
    NotTaken,

    /// <summary>It knows of no such message.</summary>
    NotFound,

    /// <summary>It said nothing, or nothing that tells.</summary>
    Unclear
}

/// <param name="Text">The provider's number of what it has; of what it did not take, or what failed, its code for why.</param>
public sealed record WayResult(WayAnswer Answer, string Text = "");

/// <summary>A provider by which messages leave the program. It never throws for what is outside.</summary>
public interface IMessageWay
{
    /// <summary>The provider that it speaks to.</summary>
    MessageProvider Provider { get; }

    /// <summary>Whether it can say later that a message arrived.</summary>
    bool TellsArrival { get; }

    /// <summary>Hands a message over.</summary>
    Task<WayResult> SendAsync(MessageAccount account, Message message, CancellationToken ct);

    /// <summary>What became of a message that was handed over.</summary>
    Task<WayResult> AskAsync(MessageAccount account, Message message, CancellationToken ct);
}
