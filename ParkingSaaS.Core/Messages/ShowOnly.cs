namespace ParkingSaaS.Core.Messages;

/// <summary>Nothing leaves the program: what would have been sent is read in the log. For a city that tries its texts, and for the demonstration.</summary>
sealed class ShowOnly : IMessageWay
{
    /// <inheritdoc/>
    public MessageProvider Provider => MessageProvider.ShowOnly;

    /// <inheritdoc/>
    public bool TellsArrival => true;

    /// <inheritdoc/>
    public Task<WayResult> SendAsync(MessageAccount account, Message message, CancellationToken ct) => Task.FromResult(new WayResult(WayAnswer.Delivered));

    /// <inheritdoc/>
    public Task<WayResult> AskAsync(MessageAccount account, Message message, CancellationToken ct) => Task.FromResult(new WayResult(WayAnswer.NotFound));
}
