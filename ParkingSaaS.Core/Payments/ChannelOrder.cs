using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Payments;

/// <summary>How a driver pays at a channel.</summary>
public enum ChannelWay
{
    /// <summary>Another phone scans a code.</summary>
    Code,

    /// <summary>The phone that shows the page opens the channel's app by a link.</summary>
    Link,

    /// <summary>The page is shown by the channel's app itself.</summary>
    InApp
}

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

    public required ChannelWay Way { get; init; }

    /// <summary>Where the driver pays, in the app the number of what is prepared there; null until the channel has told.</summary>
    public string? Address { get; set; }

    /// <summary>Where the channel tells of it, and of what goes back of it.</summary>
    public required string Notify { get; init; }

    /// <summary>How often the channel was asked.</summary>
    public int Asked { get; set; }

    /// <summary>When it is asked next; null where nothing is open.</summary>
    public DateTimeOffset? AskAt { get; set; }
}
