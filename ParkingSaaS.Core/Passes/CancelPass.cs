using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>Takes down that a holder wants the money back. From tomorrow the pass stands still until that is decided.</summary>
public sealed class AskCancel(PassChange changes)
{
    /// <exception cref="AccessDeniedException">The actor may not sell.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid passId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, ReviewPass.MaxReason) is { } invalid)
            return invalid;
        return await changes.RunAsync(actor, PassPermissions.Sell, passId, async (s, pass) =>
        {
            if (pass.State is not (PassState.Active or PassState.Suspended))
                return new WrongPassState(pass.State);
            if (pass.State is PassState.Active && PassPauses.Begin(s, pass) is null)
                return new PassOver();
            var periods = await s.Db.Set<PassPeriod>().Where(p => p.PassId == passId).ToListAsync(ct);
            foreach (var open in periods.Where(p => p.State is PassPeriodState.Open))
                open.State = PassPeriodState.Lapsed;
            var from = s.Db.Set<PassPause>().Local.FirstOrDefault()?.From
                ?? await s.Db.Set<PassPause>().Where(p => p.PassId == passId && p.Until == null).Select(p => p.From).FirstAsync(ct);
            (pass.Before, pass.Refund) = (pass.State, RefundOf(periods, from));
            pass.Go(PassState.CancelAsked);
            PassOperation.Log(s, pass, PassOperationKind.CancelAsked, pass.Refund, reason!.Trim());
            return null;
        }, ct);
    }

    /// <summary>What was paid for days that are not used: of each paid period its share by days, together rounded once to the minor unit, halves
    /// up.</summary>
    /// <param name="from">The first day that is not used.</param>
    public static Money RefundOf(IEnumerable<PassPeriod> periods, DateOnly from) => PassOffer.Round(periods
        .Where(p => p.State is PassPeriodState.Paid && p.Until >= from)
        .Sum(p => p.Price.Minor * (decimal)Math.Min(p.Days, p.Until.DayNumber - (p.From > from ? p.From : from).DayNumber + 1) / p.Days));
}

/// <summary>Customer service looks at a wish to cancel, then finance, another person, decides and pays back. Whoever says no ends it,
/// and the pass goes on as before.</summary>
public sealed class ReviewCancel(PassChange changes, PayBack payBack, LiveFeed live)
{
    /// <summary>The ways in which money is paid back.</summary>
    public static readonly IReadOnlyList<string> Methods = ["cash", "transfer"];

    /// <summary>Customer service.</summary>
    /// <param name="refund">What is to be paid back; null says no.</param>
    /// <param name="reason">Why; wanted for a no, and where the amount is changed.</param>
    /// <exception cref="AccessDeniedException">The actor is no customer service.</exception>
    public async Task<Result<Done>> ServiceAsync(Actor actor, Guid passId, Money? refund, string? reason, CancellationToken ct) =>
        await changes.RunAsync(actor, PassPermissions.Service, passId, async (s, pass) =>
        {
            if (pass.State is not PassState.CancelAsked)
                return new WrongPassState(pass.State);
            var usual = refund == pass.Refund;
            if ((usual ? Check.Optional("Reason", reason, ReviewPass.MaxReason) : Check.Required("Reason", reason, ReviewPass.MaxReason)) is { } invalid)
                return invalid;
            if (refund is not { } amount)
                return await TurnDownAsync(s, pass, reason, ct);
            if (amount < Money.Zero)
                return new InvalidField("Amount", "out-of-range");
            if (await PaidAsync(s, pass, ct) is var paid && amount > paid)
                return new RefundAbovePaid(paid, s.City.Currency);
            (pass.Refund, pass.ServiceBy) = (amount, actor.Id);
            pass.Go(PassState.CancelAgreed);
            PassOperation.Log(s, pass, PassOperationKind.CancelAgreed, amount, reason?.Trim() ?? "");
            return null;
        }, ct);

    /// <summary>Finance says no.</summary>
    public async Task<Result<Done>> RefuseAsync(Actor actor, Guid passId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, ReviewPass.MaxReason) is { } invalid)
            return invalid;
        return await changes.RunAsync(actor, PassPermissions.Refund, passId, async (s, pass) =>
            await RefusedAsync(s, pass, ct) ?? await TurnDownAsync(s, pass, reason, ct), ct);
    }

    /// <summary>Finance has a payment of the pass go back by the channel it came by. The pass is cancelled when the channel says that the money is
    /// back.</summary>
    /// <param name="refundId">Made up by the form, so that a second click is the same refund.</param>
    /// <param name="paymentId">The payment that it goes back of.</param>
    /// <param name="amount">What was shown.</param>
    /// <exception cref="AccessDeniedException">The actor is not finance.</exception>
    public async Task<Result<Done>> RefundByChannelAsync(Actor actor, Guid passId, Guid refundId, Guid paymentId, Money amount, CancellationToken ct)
    {
        var result = await TakePayment.RaceAsync(() => changes.RunAsync(actor, PassPermissions.Refund, passId, BeginAsync, ct));
        if (result.Ok)
            await payBack.AskAsync(actor.City, refundId, ct);
        return result;

        async Task<Error?> BeginAsync(CitySession s, Pass pass)
        {
            if (await s.Db.Set<Payment>().AnyAsync(p => p.Id == refundId && p.PayableId == passId, ct))
                return null;
            if (await RefusedAsync(s, pass, ct) is { } refused)
                return refused;
            if (amount != pass.Refund || amount == Money.Zero)
                return new AmountChanged(pass.Refund, s.City.Currency);
            var periods = await s.Db.Set<PassPeriod>().Where(p => p.PassId == passId).Select(p => p.Id).ToListAsync(ct);
            if ((await payBack.OfAsync(s, periods, ct)).Find(p => p.PaymentId == paymentId) is not { } paid)
                return new NotFound("payment");
            if (amount > paid.Left)
                return new RefundAbovePayment(paid.Left, s.City.Currency);
            PayBack.Begin(s, refundId, await s.Db.Set<Payment>().FirstAsync(p => p.Id == paymentId, ct), passId, amount);
            // Written with it, so that nobody else pays it back between our look and our write.
            s.Db.Entry(pass).Property(p => p.AutoRenew).IsModified = true;
            PassOperation.Log(s, pass, PassOperationKind.RefundBegun, amount, paid.Method);
            return null;
        }
    }

    /// <summary>Finance has paid back.</summary>
    /// <param name="amount">What was shown, and paid.</param>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="reference">The transfer's or the receipt's number.</param>
    /// <exception cref="AccessDeniedException">The actor is not finance.</exception>
    public async Task<Result<Done>> RefundAsync(Actor actor, Guid passId, Money amount, string method, string? reference, CancellationToken ct)
    {
        if ((Check.That(Methods.Contains(method), "Method", "invalid") ?? Check.Required("Reference", reference, 100)) is { } invalid)
            return invalid;
        Payment? booked = null;
        var result = await TakePayment.RaceAsync(() =>
            changes.RunAsync(actor, PassPermissions.Refund, passId, RefundAsync, ct));
        if (result.Ok && booked is not null)
            live.Publish(actor.City, [TakePayment.Notice(booked)]);
        return result;

        async Task<Error?> RefundAsync(CitySession s, Pass pass)
        {
            if (await RefusedAsync(s, pass, ct) is { } refused)
                return refused;
            if (amount != pass.Refund)
                return new AmountChanged(pass.Refund, s.City.Currency);
            if (amount > Money.Zero)
                // Under the pass's own id: it cannot be paid back twice.
                booked = await TakePayment.BookAsync(s, pass.Id, pass.LotId, PassPayments.Code, pass.Id, method, Money.Zero - amount, reference!, ct);
            Cancel(s, pass, $"{method} {reference!.Trim()}");
            return null;
        }
    }

    /// <summary>The money is back: the pass is over.</summary>
    internal static void Cancel(CitySession s, Pass pass, string how)
    {
        pass.Go(PassState.Cancelled);
        (pass.RefundedAt, pass.AutoRenew) = (s.Now, false);
        PassOperation.Log(s, pass, PassOperationKind.Refunded, pass.Refund, how);
    }

    static async Task<Error?> RefusedAsync(CitySession s, Pass pass, CancellationToken ct) =>
        pass.State is not PassState.CancelAgreed ? new WrongPassState(pass.State)
        : pass.ServiceBy == s.Actor.Id ? new SamePerson()
        : await PayBack.UnderWayAsync(s, pass.Id, ct) > Money.Zero ? new RefundUnderWay()
        : null;

    /// <summary>As if nobody had asked: the days on which it stood still for that are added.</summary>
    static async Task<Error?> TurnDownAsync(CitySession s, Pass pass, string? reason, CancellationToken ct)
    {
        if (pass.Before is PassState.Active)
            await PassPauses.EndAsync(s, pass, ct);
        pass.Go(pass.Before!.Value);
        (pass.Before, pass.Refund, pass.ServiceBy) = (null, Money.Zero, null);
        PassOperation.Log(s, pass, PassOperationKind.CancelRefused, detail: reason!.Trim());
        return null;
    }

    static async Task<Money> PaidAsync(CitySession s, Pass pass, CancellationToken ct) =>
        new((await s.Db.Set<PassPeriod>().Where(p => p.PassId == pass.Id && p.State == PassPeriodState.Paid).ToListAsync(ct)).Sum(p => p.Price.Minor));
}
