using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>Sales and renewals of passes as something payable.</summary>
public sealed class PassPayments(LiveFeed live) : IPayable
{
    /// <summary>The code of <see cref="Kind"/>.</summary>
    public const string Code = "pass";

    /// <inheritdoc/>
    public string Kind => Code;

    /// <inheritdoc/>
    public async Task<Result<Owing>> OwedAsync(CitySession s, Guid payableId, CancellationToken ct)
    {
        if (await s.Db.Set<PassPeriod>().FirstOrDefaultAsync(p => p.Id == payableId, ct) is not { } period)
            return new NotFound("pass");
        var pass = await s.Db.Set<Pass>().FirstAsync(p => p.Id == period.PassId, ct);
        if (period.State is PassPeriodState.Paid)
            return new Owing(period.LotId, Money.Zero);
        if (period.State is PassPeriodState.Lapsed)
            return new WrongPassState(PassState.Lapsed);
        if (pass.State != (period.Renewal ? PassState.Active : PassState.AwaitingPayment))
            return new WrongPassState(pass.State);
        if (!pass.OnLine || period.Renewal)
            return new Owing(period.LotId, period.Price);
        // Since it was chosen on the phone, the plate may have got a pass elsewhere.
        var product = await s.ProductAsync(pass, ct);
        var plates = await s.Db.Set<PassPlate>().Where(p => p.PassId == pass.Id && p.Plate != null).Select(p => p.Plate!).ToListAsync(ct);
        return await PassSales.OverlapAsync(s, pass.Id, await PassSales.LotsAsync(s, product, ct), plates, pass.BerthId, period.From, period.Until, ct)
            is { } overlap ? overlap : new Owing(period.LotId, period.Price);
    }

    /// <inheritdoc/>
    public async Task<Action> ReceivedAsync(CitySession s, Payment payment, CancellationToken ct)
    {
        var period = await s.Db.Set<PassPeriod>().FirstAsync(p => p.Id == payment.PayableId, ct);
        var pass = await s.Db.Set<Pass>().FirstAsync(p => p.Id == period.PassId, ct);
        period.Received += payment.Amount;
        var counts = period.State is not PassPeriodState.Paid && pass.State is not PassState.Cancelled;
        if (counts)
        {
            await MakeRoomAsync(s, pass, period, ct);
            (period.State, period.PaidAt) = (PassPeriodState.Paid, s.Now);
            if (pass.State is PassState.AwaitingPayment or PassState.Lapsed)
                pass.Go(PassState.Active);
            if (period.Until > pass.Until)
                (pass.Until, pass.TermDay) = (period.Until, period.TermDay);
        }
        PassOperation.Log(s, pass, counts ? PassOperationKind.Paid : PassOperationKind.Overpaid, payment.Amount, payment.Method);
        return () => live.Publish(s.City.Code, [new LiveNotice(LiveKind.Pass, pass.LotId, pass.Id)]);
    }

    /// <inheritdoc/>
    public async Task<Action> PaidBackAsync(CitySession s, Payment refund, CancellationToken ct)
    {
        var pass = await s.Db.Set<Pass>().FirstAsync(p => p.Id == refund.PayableId, ct);
        if (refund.State is PaymentState.Failed)
            PassOperation.Log(s, pass, PassOperationKind.RefundFailed, Money.Zero - refund.Amount, refund.Reference);
        else if (pass.State is PassState.CancelAgreed)
            ReviewCancel.Cancel(s, pass, refund.Method);
        else // the channel had said that it cannot, and somebody did otherwise: the proof of the day shows it
            PassOperation.Log(s, pass, PassOperationKind.Refunded, Money.Zero - refund.Amount, refund.Method);
        return () => live.Publish(s.City.Code, [new LiveNotice(LiveKind.Pass, pass.LotId, pass.Id)]);
    }

    /// <summary>Two renewals of the same days may both be paid: one on a phone that lapsed while its payment was on the way, and the one that took
    /// its place. The later money buys as many days after those that are paid. What still waits for its money then offers days that are
    /// taken: it lapses.</summary>
    static async Task MakeRoomAsync(CitySession s, Pass pass, PassPeriod period, CancellationToken ct)
    {
        if (!period.Renewal)
            return;
        if (period.From <= pass.Until)
            (period.From, period.Until, period.TermDay) = (pass.Until.AddDays(1), pass.Until.AddDays(period.Days), null);
        foreach (var other in await s.Db.Set<PassPeriod>()
            .Where(p => p.PassId == pass.Id && p.Id != period.Id && p.State == PassPeriodState.Open).ToListAsync(ct))
        {
            other.State = PassPeriodState.Lapsed;
            PassOperation.Log(s, pass, PassOperationKind.Lapsed, other.Price);
        }
    }
}
