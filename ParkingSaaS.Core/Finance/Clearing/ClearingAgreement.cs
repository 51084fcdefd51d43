using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>Who gets how much of what a lot takes in, from a day on until the lot's next agreement. What nobody gets stays with the city; one without parts
/// ends the sharing.</summary>
public sealed class ClearingAgreement : ILotOwned
{
    /// <summary>So many parties share one lot at most.</summary>
    public const int MaxShares = 20;

    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The first day that it counts for; a lot has one for each day.</summary>
    public required DateOnly From { get; init; }

    public List<ClearingShare> Shares { get; } = [];

    /// <summary>Who changed it last.</summary>
    public string ChangedBy { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>A party's part by an agreement.</summary>
public sealed class ClearingShare
{
    /// <summary>All of what a lot takes in.</summary>
    public const int Whole = 10_000;

    public Guid AgreementId { get; init; }

    public required Guid PartyId { get; init; }

    /// <summary>In hundredths of a percent, from 1 to <see cref="Whole"/>.</summary>
    public required int BasisPoints { get; set; }
}
