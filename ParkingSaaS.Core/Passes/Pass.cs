using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>Where a pass stands. The allowed changes are in <see cref="PassTransitions"/>. That its last day is over is no state.</summary>
public enum PassState
{
    /// <summary>A clerk sold it; a second person has not looked yet.</summary>
    PendingReview,

    /// <summary>Not paid yet: covers nothing.</summary>
    AwaitingPayment,

    /// <summary>Paid: covers from its first to its last day.</summary>
    Active,

    /// <summary>Stands still on its holder's wish; the days are added when it goes on.</summary>
    Suspended,

    /// <summary>Its holder wants the money back. Stands still until that is decided; customer service looks first.</summary>
    CancelAsked,

    /// <summary>Customer service agrees; finance decides and pays.</summary>
    CancelAgreed,

    /// <summary>Ended before its last day, and what was not used is paid back.</summary>
    Cancelled,

    /// <summary>The second person said no to the sale.</summary>
    Refused,

    /// <summary>Nobody paid for it.</summary>
    Lapsed
}

/// <summary>A pass (monthly card and the like): for some days its cars park free of charge where its product says. It belongs to the lot
/// in whose books its money stands.</summary>
public sealed class Pass : IClaim
{
    /// <summary>Row id, made up by the form that sells it, so that a second click is the same sale.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The number that people call it by.</summary>
    public long Number { get; init; }

    public required Guid ProductId { get; init; }

    public required string Holder { get; set; }

    /// <summary>The holder's telephone, in the form of <see cref="Common.Phone"/>.</summary>
    public required string Phone { get; set; }

    /// <summary>The berth, where it is bound to one.</summary>
    public Guid? BerthId { get; init; }

    /// <summary>The kind of vehicle it was sold for.</summary>
    public VehicleKind Vehicle { get; init; }

    /// <summary>How many of its cars park on it at once.</summary>
    public int Places { get; init; } = 1;

    /// <summary>Its first local date.</summary>
    public DateOnly From { get; set; }

    /// <summary>Its last local date, as far as it is paid; while it is not, as far as it was sold.</summary>
    public DateOnly Until { get; set; }

    /// <summary>See <see cref="PassOffer.TermDay"/>; forgotten when days were added to its last.</summary>
    public int? TermDay { get; set; }

    public PassState State { get; set; }

    /// <summary>Who sold it: an actor's id.</summary>
    public required string SoldBy { get; init; }

    /// <summary>The driver bought it on the phone.</summary>
    public bool OnLine { get; init; }

    /// <summary>Before its end the next term is laid ready to be paid.</summary>
    public bool AutoRenew { get; set; }

    /// <summary>What was sold together, as to a company; null for a single sale.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>What it goes back to when a wish to cancel is turned down.</summary>
    public PassState? Before { get; set; }

    /// <summary>Who reviewed the wish to cancel as customer service: an actor's id.</summary>
    public string? ServiceBy { get; set; }

    /// <summary>What is to be paid back, and later was.</summary>
    public Money Refund { get; set; }

    /// <summary>When that was paid back; null until then.</summary>
    public DateTimeOffset? RefundedAt { get; set; }

    /// <inheritdoc/>
    public string Kind => PassPayments.Code;

    /// <summary>Its periods are what is charged; what is paid back of them is given back here.</summary>
    public Money Claim => State is PassState.Cancelled ? Money.Zero - Refund : Money.Zero;

    /// <summary>Its periods are what is paid for; what is paid back of them is paid here.</summary>
    public Money Received => Claim;

    /// <inheritdoc/>
    public DateTimeOffset? ClaimedAt => RefundedAt;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The row's version: two clerks cannot both win.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>What a pass is bound to, and since when: a plate or a berth.</summary>
public sealed class PassPlate : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid PassId { get; init; }

    /// <summary>A normalised plate; null for a berth.</summary>
    public string? Plate { get; init; }

    /// <summary>The berth; null for a plate.</summary>
    public Guid? BerthId { get; init; }

    /// <summary>Since when; null from the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Up to when, excluded; null as long as the pass lasts.</summary>
    public DateTimeOffset? Until { get; set; }
}

/// <summary>How far a sale or renewal has come.</summary>
public enum PassPeriodState
{
    /// <summary>Not paid yet.</summary>
    Open,

    /// <summary>Paid: its days count.</summary>
    Paid,

    /// <summary>Nobody paid in time.</summary>
    Lapsed
}

/// <summary>A sale or a renewal: the days it buys and what they cost. It is what is paid.</summary>
public sealed class PassPeriod : IClaim
{
    /// <summary>Row id; payments are for it.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid PassId { get; init; }

    /// <summary>The first local date; moves when the pass stood still before it, or another renewal was paid first.</summary>
    public required DateOnly From { get; set; }

    /// <summary>The last local date; moves with the first, and when the pass stood still.</summary>
    public required DateOnly Until { get; set; }

    /// <summary>See <see cref="PassOffer.TermDay"/>; forgotten when its days move.</summary>
    public int? TermDay { get; set; }

    public required int Terms { get; init; }

    /// <summary>How many days that buys; days on which the pass stood still are not among them.</summary>
    public required int Days { get; init; }

    /// <summary>Before the discount.</summary>
    public required Money ListPrice { get; init; }

    public required Money Discount { get; init; }

    /// <summary>What is to be paid.</summary>
    public Money Price => ListPrice - Discount;

    /// <inheritdoc/>
    public string Kind => PassPayments.Code;

    /// <inheritdoc/>
    public Money Claim => State is PassPeriodState.Paid ? ListPrice : Money.Zero;

    /// <inheritdoc/>
    public Money Discounts => State is PassPeriodState.Paid ? Discount : Money.Zero;

    /// <inheritdoc/>
    public Money Received { get; set; }

    /// <inheritdoc/>
    public DateTimeOffset? ClaimedAt => PaidAt;

    /// <summary>It continues a pass.</summary>
    public bool Renewal { get; init; }

    /// <summary>It was chosen on a phone, by the driver or by a stranger who knows the plate: until it is paid it stands in nobody's way.</summary>
    public bool OnLine { get; init; }

    public PassPeriodState State { get; set; }

    public DateTimeOffset? PaidAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who sold it: an actor's name.</summary>
    public required string By { get; init; }
}

/// <summary>Days on which a pass stands still: it does not cover them.</summary>
public sealed class PassPause : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid PassId { get; init; }

    /// <summary>The first local date.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last local date; null while it lasts.</summary>
    public DateOnly? Until { get; set; }
}
