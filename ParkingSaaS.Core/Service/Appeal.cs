using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Service;

/// <summary>What a driver finds wrong with a stay.</summary>
public enum AppealReason
{
    /// <summary>It is not their car.</summary>
    NotMyCar,

    /// <summary>The car came or went at another time.</summary>
    WrongTimes,

    /// <summary>The fee is not what the price board says.</summary>
    WrongFee,

    /// <summary>A pass or a list should have covered it.</summary>
    Covered,

    /// <summary>It is paid already.</summary>
    PaidAlready,

    Other
}

/// <summary>Where an appeal stands.</summary>
public enum AppealState
{
    /// <summary>Nobody has answered.</summary>
    Open,

    /// <summary>The driver is right, and what follows was done or asked for.</summary>
    Granted,

    /// <summary>It stays as it is.</summary>
    Refused
}

/// <summary>A driver thinks that the fee of a stay, or its arrears, are wrong.</summary>
public sealed class Appeal : ILotOwned
{
    public const int MaxText = 500, MaxPhotos = 3;

    /// <summary>Row id, made up by the page that asks, so that a second click is the same appeal.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid OrderId { get; init; }

    public required AppealReason Reason { get; init; }

    /// <summary>The driver's words; may be empty where the reason says it all.</summary>
    public required string Text { get; init; }

    /// <summary>Where the driver can be reached, in the form of <see cref="Common.Phone"/>.</summary>
    public required string Phone { get; init; }

    public required DateTimeOffset FiledAt { get; init; }

    public AppealState State { get; set; }

    /// <summary>What the driver is told; empty while nobody has answered.</summary>
    public string Answer { get; set; } = "";

    /// <summary>Who answered: an actor's name; null while nobody has.</summary>
    public string? AnsweredBy { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>The row's version: two people cannot both decide.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>A picture that a driver sent with an appeal. It lies in the city's database, so that it is kept, backed up and hidden as the appeal is.</summary>
public sealed class AppealPhoto : ILotOwned
{
    /// <summary>Row id; photos are shown in its order.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid AppealId { get; init; }

    /// <inheritdoc cref="Files.ImageFile.Type"/>
    public required string ContentType { get; init; }

    /// <summary>The file as <see cref="Files.ImageFile"/> leaves it.</summary>
    public required byte[] Content { get; init; }
}
