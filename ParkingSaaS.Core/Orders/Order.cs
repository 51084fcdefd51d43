using System.Linq.Expressions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Where a stay stands. The allowed changes are in <see cref="OrderTransitions"/>.</summary>
public enum OrderState
{
    /// <summary>The car is in.</summary>
    Parked,

    /// <summary>The car stands at the exit and owes money; the gate is held.</summary>
    AwaitingPayment,

    /// <summary>The car is gone and money is owed.</summary>
    Arrears,

    /// <summary>The stay is over and nothing is owed.</summary>
    Completed,

    /// <summary>Entry or exit is missing, so the fee is unknown; a person decides.</summary>
    Unresolved,

    /// <summary>Struck out by a person, with a reason.</summary>
    Void
}

/// <summary>What was unusual about a stay.</summary>
[Flags]
public enum OrderAnomaly
{
    None = 0,

    /// <summary>An exit came without an entry.</summary>
    NoEntry = 1,

    /// <summary>The next entry came before an exit.</summary>
    NoExit = 2,

    /// <summary>No plate was read.</summary>
    NoPlate = 4,

    /// <summary>Put together from events that came late or out of order.</summary>
    Late = 8,

    /// <summary>A person matched or corrected it.</summary>
    Corrected = 16,

    /// <summary>A berth's camera read another plate, and the berth was not reported free in between.</summary>
    OtherPlate = 32,

    /// <summary>The black list named it when it came in all the same, by hand or on a street, or when it left without an entry.</summary>
    Blacklisted = 64,

    /// <summary>It was paid or decided by a person, and something was seen of it afterwards that cannot be so.</summary>
    Contradicted = 128,

    /// <summary>A device told of it whose clock was off, or as if it had just happened long after it had.</summary>
    ClockWrong = 256,

    /// <summary>A plate that looks like this one was read at the lane within seconds: perhaps it is one car (<see cref="Order.MisreadOf"/>).</summary>
    Misread = 512,

    /// <summary>A berth's sensor said both that it was occupied and that it was free of the instant at which the stay begins or ends.</summary>
    Doubtful = 1024,

    /// <summary>More was paid than is owed in the end: to be paid back.</summary>
    Overpaid = 2048,

    /// <summary>It is doubted that the car was there all the time (<see cref="Order.Doubts"/>): its fee is not demanded until a person has looked.</summary>
    Frozen = 4096
}

/// <summary>One stay of one car: entered, left, priced, paid.</summary>
public sealed class Order : IClaim
{
    /// <summary>Row id, in order of creation.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The berth, on street.</summary>
    public Guid? BerthId { get; init; }

    /// <summary>Normalised plate; null when none was read.</summary>
    public string? Plate { get; set; }

    public PlateColour Colour { get; set; }

    public VehicleKind Vehicle { get; set; }

    public OrderState State { get; set; }

    public OrderAnomaly Anomalies { get; set; }

    /// <summary>When the car came in; null when that is unknown.</summary>
    public DateTimeOffset? EnteredAt { get; set; }

    public Guid? EntryLaneId { get; set; }

    /// <summary>When the car left or stood at the exit.</summary>
    public DateTimeOffset? ExitedAt { get; set; }

    public Guid? ExitLaneId { get; set; }

    /// <summary>The tariff version in force at entry; null where the lot has no tariff: then nothing is charged.</summary>
    public Guid? TariffVersionId { get; set; }

    /// <summary>The fee as last worked out; nothing once the order is struck out.</summary>
    public Money Receivable { get; set; }

    /// <summary>How much of the fee is let go; never more than the fee.</summary>
    public Money Discount { get; set; }

    /// <summary>How much of the fee was given up as arrears that nobody will pay.</summary>
    public Money WrittenOff { get; set; }

    /// <summary>What was paid.</summary>
    public Money Received { get; set; }

    /// <summary>The fee's explanation, line by line, as JSON; null until it was worked out. A struck-out order keeps what it was.</summary>
    public string? FeeLines { get; set; }

    /// <summary>The instant up to which the stay is paid; from here the minutes to leave count.</summary>
    public DateTimeOffset? PaidUntil { get; set; }

    /// <summary>Why somebody marked the stay for what the tariff charges by hand, such as the double for two berths; null where nobody did.</summary>
    public string? MarkReason { get; set; }

    /// <summary>The order that may be of the same car, whose plate was read otherwise; each of the two names the other. A person says whether
    /// it is so (<see cref="SettleMisread"/>). Null where there is none, or somebody has said that they are two.</summary>
    public Guid? MisreadOf { get; set; }

    /// <summary>Why it was frozen, now or before: it is not frozen for the same reason again.</summary>
    public StayDoubt Doubts { get; set; }

    /// <summary>The day the order counts for: the city's calendar day of the exit, or of the entry while the car is in.</summary>
    public required DateOnly BusinessDate { get; set; }

    /// <summary>When the row was made, by our clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last reading of the car on its way out or, while it is in, on its way in; null where that is the exit, or the entry.</summary>
    public DateTimeOffset? SeenUntil { get; set; }

    /// <summary>When the stay begins or, where the entry is unknown, when the car was seen leaving.</summary>
    public DateTimeOffset Start => EnteredAt ?? ExitedAt ?? CreatedAt;

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>The car is in the lot: it came in and has not left. One that waits at an exit is still in; a stay that has lost its exit is
    /// not counted, for nobody knows. All figures of cars in a lot go by this.</summary>
    public static readonly Expression<Func<Order, bool>> IsInLot = o => o.State == OrderState.Parked || o.State == OrderState.AwaitingPayment;

    /// <summary>The car left without paying, and nothing stands against demanding what it owes. Whoever duns, ranks debtors or refuses them goes by
    /// this.</summary>
    public static readonly Expression<Func<Order, bool>> IsDemanded = o => o.State == OrderState.Arrears && (o.Anomalies & OrderAnomaly.Frozen) == 0;

    /// <summary>Nothing can be paid for it until a person has looked. A car that stands at an exit pays as ever.</summary>
    public bool IsFrozen => State is OrderState.Parked or OrderState.Arrears && Anomalies.HasFlag(OrderAnomaly.Frozen);

    /// <inheritdoc/>
    public string Kind => Payment.Order;

    /// <inheritdoc/>
    public Money Claim => Charged.Contains(State) ? Receivable : Money.Zero;

    /// <summary>The states in which the stay is over and its fee certain, as far as can be told.</summary>
    public static readonly OrderState[] Charged = [OrderState.AwaitingPayment, OrderState.Arrears, OrderState.Completed];

    /// <inheritdoc/>
    public Money Discounts => Charged.Contains(State) ? Discount : Money.Zero;

    Money IClaim.WrittenOff => Charged.Contains(State) ? WrittenOff : Money.Zero;

    /// <summary>What is to be paid in all.</summary>
    public Money Due => Receivable - Discount - WrittenOff;

    /// <summary>What is still to be paid.</summary>
    public Money Owed => Due > Received ? Due - Received : Money.Zero;

    /// <summary>More was paid than is to be paid, and the stay is over.</summary>
    public bool IsOverpaid => State is OrderState.Completed && Received > Due;

    /// <summary>What an order in arrears still owes, in minor units. All sums of arrears go by this.</summary>
    public static readonly Expression<Func<Order, long>> Arrears = o => o.Receivable.Minor - o.Discount.Minor - o.WrittenOff.Minor - o.Received.Minor;

    /// <summary>Puts a fee into the order; no more of it is let go than there is.</summary>
    /// <param name="lines">See <see cref="FeeLines"/>.</param>
    public void Charge(Money fee, string? lines)
    {
        (Receivable, FeeLines) = (fee, lines);
        Discount = Discount > fee ? fee : Discount;
        WrittenOff = WrittenOff > fee - Discount ? fee - Discount : WrittenOff;
    }
}

/// <summary>A car seen at a lane or a berth. Kept for every event, whatever came of it.</summary>
public sealed class Passage : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The device that saw it; null when a person entered it.</summary>
    public Guid? DeviceId { get; init; }

    /// <summary>The raw message; null when a person entered it.</summary>
    public Guid? MessageId { get; init; }

    public Guid? LaneId { get; init; }

    public Guid? BerthId { get; init; }

    /// <summary>True for in, false for out.</summary>
    public required bool Entering { get; init; }

    /// <summary>When, by the device's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Normalised plate as read.</summary>
    public string? Plate { get; init; }

    /// <summary>How sure the reader was, 0 to 1.</summary>
    public double? Confidence { get; init; }

    /// <summary>Evidence pictures as the device named them: addresses elsewhere, or names of those that it uploads.</summary>
    public List<string> ImageNames { get; init; } = [];

    /// <summary>The same, each with what it shows.</summary>
    public IReadOnlyList<PassageImage> Images => [.. ImageNames.Select((name, i) => new PassageImage(Id, i, name, Plate, At))];

    /// <summary>Sent after the device had been cut off: no gate waits for it.</summary>
    public bool Replay { get; init; }

    /// <summary>Why the black list has a car that was refused; null for others.</summary>
    public string? RefusedFor { get; init; }

    /// <summary>What came of it; see <see cref="PassageOutcome"/>.</summary>
    public required PassageOutcome Outcome { get; set; }

    /// <summary>The order it belongs to, if any.</summary>
    public Guid? OrderId { get; set; }
}

/// <summary>What came of a passage.</summary>
public enum PassageOutcome
{
    /// <summary>Opened an order.</summary>
    Opened,

    /// <summary>Ended an order's stay.</summary>
    Closed,

    /// <summary>The same car, lane and direction once more within a minute; or a berth that is still occupied.</summary>
    Repeated,

    /// <summary>An exit for which there is no entry.</summary>
    NoEntry,

    /// <summary>Came late and fits nothing that is still open: kept, changes nothing.</summary>
    Superseded,

    /// <summary>The black list names it, and the gate stayed closed.</summary>
    Refused,

    /// <summary>It stood at the exit, owed, and did not leave; later it came to the exit again.</summary>
    TurnedBack
}
