using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Payments;

/// <summary>A payment as its channel knows it, and when the channel is asked what became of it.</summary>
public sealed class ChannelOrder : ILotOwned
{
    /// <summary>The channel is first asked when its own word is so late.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(15);

    public required Guid PaymentId { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The account that takes the money.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>Whether <see cref="Address"/> is a link for the phone that shows it; else it is to be scanned.</summary>
    public required bool OnPhone { get; init; }

    /// <summary>Where the driver pays; null until the channel has told.</summary>
    public string? Address { get; set; }

    /// <summary>How often the channel was asked.</summary>
    public int Asked { get; set; }

    /// <summary>When it is asked next; null where nothing is open.</summary>
    public DateTimeOffset? AskAt { get; set; }
}
