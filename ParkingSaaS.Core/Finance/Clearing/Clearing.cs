using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>A period whose takings were shared out: a statement for each party. Periods do not overlap, but for those that were voided.</summary>
public sealed class ClearingRun
{
    public required Guid Id { get; init; }

    public required DateOnly From { get; init; }

    /// <summary>The last day, included.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Who made it: an actor's name.</summary>
    public required string MadeBy { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>When it was taken back; null while it counts.</summary>
    public DateTimeOffset? VoidedAt { get; set; }

    /// <summary>Who took it back, and why; empty while it counts.</summary>
    public string VoidedBy { get; set; } = "";

    public string VoidReason { get; set; } = "";

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>What a party gets of a period, from which lots, and to which account. It stays as it was made, whatever becomes of the party's own row.</summary>
public sealed class ClearingStatement
{
    public required Guid Id { get; init; }

    public required Guid RunId { get; init; }

    public required Guid PartyId { get; init; }

    public required string Party { get; init; }

    public required string AccountHolder { get; init; }

    public required string Bank { get; init; }

    public required string AccountNumber { get; init; }

    /// <summary>Less than nothing where more went back to drivers than came in: the party owes it.</summary>
    public required Money Amount { get; init; }

    /// <summary>The day on which the bank moved the money; null before.</summary>
    public DateOnly? PaidOn { get; set; }

    /// <summary>The bank's number of the transfer.</summary>
    public string Reference { get; set; } = "";

    /// <summary>Who said that it is paid: an actor's name.</summary>
    public string PaidBy { get; set; } = "";

    public DateTimeOffset? PaidAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>A party's part of what a lot took in under one agreement.</summary>
public sealed class ClearingLine : IClaim
{
    /// <summary>The kind of its entries in the ledger.</summary>
    public const string Code = "clearing";

    public required Guid Id { get; init; }

    public required Guid StatementId { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required DateOnly From { get; init; }

    /// <summary>The last day, included.</summary>
    public required DateOnly To { get; init; }

    /// <summary>What the lot took in on these days, less what was paid back, as their proofs say.</summary>
    public required Money Base { get; init; }

    /// <summary>See <see cref="ClearingShare.BasisPoints"/>.</summary>
    public required int BasisPoints { get; init; }

    public required Money Amount { get; init; }

    /// <summary>What is owed to the party by it: nothing once it was voided.</summary>
    public required Money Shared { get; set; }

    /// <inheritdoc/>
    public Money PaidOut { get; set; }

    string IClaim.Kind => Code;

    Money IClaim.Claim => Money.Zero;

    Money IClaim.Received => Money.Zero;
}
