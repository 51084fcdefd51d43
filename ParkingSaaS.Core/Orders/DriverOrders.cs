using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>A place whose QR code a driver scanned.</summary>
/// <param name="Lot">Its name.</param>
/// <param name="Name">The lane's name or the berth's number; null for a lot.</param>
/// <param name="OrderId">The car that stands there: at a lane the one that waits to pay, on a berth the one that is parked. Null
/// where there is none, and for lots.</param>
public sealed record DriverPlace(Guid LotId, string Lot, string? Name, Guid? OrderId)
{
    /// <summary>The lot's address; told of lots only.</summary>
    public string Address { get; init; } = "";

    /// <summary>When the lot is open, as people read it; told of lots only.</summary>
    public string OpeningHours { get; init; } = "";

    /// <summary>The lot's first photo; null where it has none, and for lanes and berths.</summary>
    public Guid? PhotoId { get; init; }
}

/// <summary>A stay as its driver may see it. Who asks has not signed in, so the plate is masked, and the berth is not told.</summary>
/// <param name="Lot">The lot's name.</param>
/// <param name="MaskedPlate">Enough of the plate to know it again; null when none was read.</param>
/// <param name="EnteredAt">When the car came in; null when that is unknown.</param>
/// <param name="ExitedAt">When it left, or came to the exit.</param>
/// <param name="Until">Up to when <paramref name="Fee"/> is worked out.</param>
/// <param name="Fee">The whole fee; null where it cannot be worked out and a person must decide.</param>
/// <param name="Received">What was paid.</param>
/// <param name="Owed">What is to be paid now.</param>
/// <param name="Quote">Why the fee is what it is; null where there is no fee.</param>
/// <param name="LeaveBefore">Paid in advance: leaving before this instant costs nothing more.</param>
/// <param name="GateOpens">A payment has just opened the gate at which the car stands.</param>
/// <param name="GivenUp">The driver began a payment that was cancelled or took too long, and none came since.</param>
/// <param name="Payments">Receipts, oldest first.</param>
public sealed record DriverStay(Guid OrderId, string Lot, string? MaskedPlate, OrderState State, DateTimeOffset? EnteredAt,
    DateTimeOffset? ExitedAt, DateTimeOffset Until, Money? Fee, Money Received, Money Owed, FeeQuote? Quote, DateTimeOffset? LeaveBefore,
    bool GateOpens, bool GivenUp, IReadOnlyList<DriverReceipt> Payments)
{
    public Guid LotId { get; init; }

    /// <summary>It is being checked whether the car was there all the time; nothing is to be paid until then.</summary>
    public bool IsChecked { get; init; }

    /// <summary>A pass of the car that ends soon; null where none does.</summary>
    public DriverPass? PassEnds { get; init; }

    /// <summary>What was photographed of the car and is here, in the order of time; told of one stay only. They are shown to who proved that the
    /// stay is theirs.</summary>
    public IReadOnlyList<PassageImage> Pictures { get; init; } = [];

    /// <summary>It tells less than there is: see <see cref="ToStranger"/>.</summary>
    public bool IsCoarse { get; init; }

    /// <summary>What somebody may see who did nothing but type the plate: enough to pay, and nothing that tells when the car came and went
    /// but the hour of its entry.</summary>
    public DriverStay ToStranger() => this with
    {
        IsCoarse = true,
        EnteredAt = EnteredAt is { } at ? at.AddTicks(-(at.Ticks % TimeSpan.TicksPerHour)) : null,
        ExitedAt = null,
        Quote = null,
        LeaveBefore = null,
        PassEnds = null,
        Pictures = [],
        Payments = []
    };
}

/// <summary>A payment that came.</summary>
public sealed record DriverReceipt(Guid PaymentId, Money Amount, DateTimeOffset PaidAt, string Method);

/// <summary>What drivers look up on their phones. Prices afresh, and writes nothing.</summary>
public sealed class DriverOrders(CitySessions sessions, OrderPayments payments)
{
    /// <summary>More arrears than this are not listed at once; paying some makes room.</summary>
    public const int MaxListed = 20;

    static readonly OrderState[] Payable = [OrderState.Parked, OrderState.AwaitingPayment, OrderState.Arrears];

    /// <summary>The car's stays that are open or unpaid, newest first.</summary>
    /// <param name="plate">The whole plate, as typed. Parts find nothing: nobody learns who else is parked.</param>
    /// <param name="lotId">One lot only; null for the city.</param>
    public async Task<Result<IReadOnlyList<DriverStay>>> ByPlateAsync(Actor actor, string? plate, Guid? lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Pay, ct);
        if (PlateGrammar.Normalize(plate is { Length: <= 64 } ? plate : null) is not { Length: >= 4 and <= Plate.MaxLength } normalized)
            return new InvalidField("Plate", "invalid");
        var orders = await s.Db.Set<Order>().AsNoTracking()
            .Where(o => o.Plate == normalized && Payable.Contains(o.State) && (lotId == null || o.LotId == lotId))
            .OrderByDescending(o => o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt).ThenByDescending(o => o.Id).Take(MaxListed).ToListAsync(ct);
        var stays = new List<DriverStay>(orders.Count);
        foreach (var order in orders)
            stays.Add(await StayAsync(s, order, ct));
        return stays;
    }

    /// <summary>One stay; null when there is none with that id.</summary>
    public async Task<DriverStay?> FindAsync(Actor actor, Guid orderId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Pay, ct);
        var order = await s.Db.Set<Order>().AsNoTracking().FirstOrDefaultAsync(o => o.Id == orderId, ct);
        return order is null ? null : await StayAsync(s, order, ct) with { Pictures = await PassagePictures.OfStayAsync(s, orderId, ct) };
    }

    /// <summary>Whether a telephone of the plate's owner, or of the holder of a pass for it, ends with those digits.</summary>
    /// <param name="plate">The whole plate, as typed.</param>
    /// <param name="digits">Four of them; anything else is wrong.</param>
    public async Task<bool> KnowsOwnerAsync(Actor actor, string? plate, string? digits, CancellationToken ct)
    {
        if (digits is not { Length: 4 } || !digits.All(char.IsAsciiDigit)
            || PlateGrammar.Normalize(plate is { Length: <= 64 } ? plate : null) is not { } normalized)
            return false;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Pay, ct);
        return await s.Db.Set<Owner>().AnyAsync(
                o => o.Phone.EndsWith(digits) && s.Db.Set<OwnerPlate>().Any(p => p.OwnerId == o.Id && p.Plate == normalized), ct)
            || await s.Db.Set<Pass>().AnyAsync(
                p => p.Phone.EndsWith(digits) && s.Db.Set<PassPlate>().Any(k => k.PassId == p.Id && k.Plate == normalized && k.Until == null), ct);
    }

    /// <summary>The same of the car of an order.</summary>
    public async Task<bool> KnowsOwnerAsync(Actor actor, Guid orderId, string? digits, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Pay, ct);
        return await KnowsOwnerAsync(actor, await s.Db.Set<Order>().Where(o => o.Id == orderId).Select(o => o.Plate).FirstOrDefaultAsync(ct), digits, ct);
    }

    /// <summary>A lot; null when there is none in use with that id.</summary>
    public async Task<DriverPlace?> LotAsync(Actor actor, Guid lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Pay, ct);
        return await s.Db.Set<Lot>().Where(l => l.Id == lotId && l.RetiredAt == null)
            .Select(l => new DriverPlace(l.Id, l.Name, null, null)
            {
                Address = l.Address,
                OpeningHours = l.OpeningHours,
                PhotoId = s.Db.Set<LotPhoto>().Where(p => p.LotId == l.Id).OrderBy(p => p.Id).Select(p => (Guid?)p.Id).FirstOrDefault()
            }).FirstOrDefaultAsync(ct);
    }

    /// <summary>A photo of a lot in use; null when there is none with that id.</summary>
    public async Task<LotPhoto?> PhotoAsync(Actor actor, Guid photoId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Pay, ct);
        return await s.Db.Set<LotPhoto>().AsNoTracking()
            .FirstOrDefaultAsync(p => p.Id == photoId && s.Db.Set<Lot>().Any(l => l.Id == p.LotId && l.RetiredAt == null), ct);
    }

    /// <summary>A lane, and the car that was read there last, while it waits to pay or for a person. Whoever was read before is gone; what
    /// was read within moments of a car's exit, looks like it and has no entry is that car, misread.</summary>
    public async Task<DriverPlace?> LaneAsync(Actor actor, Guid laneId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Pay, ct);
        return await s.Db.Set<Lane>().Where(l => l.Id == laneId && l.RetiredAt == null)
            .Select(l => new DriverPlace(l.LotId, s.Db.Set<Lot>().Where(x => x.Id == l.LotId).Select(x => x.Name).First(), l.Name,
                s.Db.Set<Order>().Where(o => o.ExitLaneId == laneId && o.ExitedAt >= s.Now - ExitSettlement.PayingWindow)
                    .Where(o => o.State != OrderState.Void
                        && !(o.EnteredAt == null && s.Db.Set<Order>().Any(x => x.Id == o.MisreadOf && x.ExitLaneId == laneId)))
                    .OrderByDescending(o => o.ExitedAt).Take(1)
                    .Where(o => o.State == OrderState.AwaitingPayment || (o.State == OrderState.Unresolved && o.EnteredAt == null))
                    .Select(o => (Guid?)o.Id).FirstOrDefault()))
            .FirstOrDefaultAsync(ct);
    }

    /// <summary>A berth, and the car that stands on it.</summary>
    public async Task<DriverPlace?> BerthAsync(Actor actor, Guid berthId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Pay, ct);
        return await s.Db.Set<Berth>().Where(b => b.Id == berthId && b.RetiredAt == null)
            .Select(b => new DriverPlace(b.LotId, s.Db.Set<Lot>().Where(x => x.Id == b.LotId).Select(x => x.Name).First(), b.Number,
                s.Db.Set<Order>().Where(o => o.BerthId == berthId && o.State == OrderState.Parked).Select(o => (Guid?)o.Id).FirstOrDefault()))
            .FirstOrDefaultAsync(ct);
    }

    /// <summary>The order is not tracked, so pricing it changes nothing that is kept.</summary>
    async Task<DriverStay> StayAsync(CitySession s, Order order, CancellationToken ct)
    {
        var lot = await s.Db.Set<Lot>().AsNoTracking().FirstAsync(l => l.Id == order.LotId, ct);
        var until = order.State is OrderState.Parked ? OrderPayments.PaidTo(order, s.Now) : order.ExitedAt ?? s.Now;
        var priced = !order.IsFrozen && await payments.PriceUntilNowAsync(s, order, ct);
        var receipts = await s.Db.Set<Payment>().Where(p => p.PayableId == order.Id && p.State == PaymentState.Succeeded).OrderBy(p => p.PaidAt)
            .Select(p => new DriverReceipt(p.Id, p.Amount, p.PaidAt!.Value, p.Method)).ToListAsync(ct);
        var paidAt = receipts.Count > 0 ? receipts[^1].PaidAt : (DateTimeOffset?)null;
        var givenUp = await s.Db.Set<Payment>().Where(p => p.PayableId == order.Id && p.Amount.Minor > 0).OrderByDescending(p => p.CreatedAt)
            .Select(p => p.State).FirstOrDefaultAsync(ct) is PaymentState.Failed;
        var gateOpens = order.State is OrderState.Completed && paidAt >= order.ExitedAt && paidAt > s.Now - ExitSettlement.StandingWindow
            && await s.Db.Set<DeviceCommand>().AnyAsync(
                c => c.OrderId == order.Id && c.Type == DeviceCommand.OpenGate && c.CreatedAt >= paidAt, ct);
        return new DriverStay(order.Id, lot.Name, order.Plate is null ? null : Plate.Mask(order.Plate), order.State, order.EnteredAt,
            order.ExitedAt, until, priced ? order.Receivable : null, order.Received, priced ? order.Owed : Money.Zero,
            priced && order.FeeLines is { } lines ? JsonSerializer.Deserialize<FeeQuote>(lines, TariffJson.Options) : null,
            order.State is OrderState.Parked && order.PaidUntil is { } paid && order.Owed == Money.Zero
                ? paid.AddMinutes(lot.PrepaidMinutesToLeave)
                : null,
            gateOpens, givenUp, receipts)
        {
            LotId = order.LotId,
            IsChecked = order.IsFrozen,
            PassEnds = await DriverPasses.EndingAsync(s, order.Plate, ct)
        };
    }
}
