using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Pays money back by the channel it came by. Whoever decides begins it in their own unit of work; after the commit the channel is told, and
/// it is booked when the channel says that the money is back. Every step may be repeated and then changes nothing.</summary>
public sealed class PayBack(CitySessions sessions, IEnumerable<IPayable> kinds, IEnumerable<IPaymentChannel> channels, LiveFeed live,
    ILogger<PayBack> log)
{
    /// <summary>Which payments for these things can go back by their channel, oldest first.</summary>
    public async Task<List<Refundable>> OfAsync(CitySession s, IReadOnlyCollection<Guid> payables, CancellationToken ct)
    {
        var codes = channels.Select(c => c.Code).ToList();
        var paid = await s.Db.Set<Payment>().AsNoTracking().Where(p => payables.Contains(p.PayableId) && p.State == PaymentState.Succeeded
            && p.Amount.Minor > 0 && codes.Contains(p.Method)).OrderBy(p => p.PaidAt).ToListAsync(ct);
        var left = new List<Refundable>();
        foreach (var payment in paid)
            if (await LeftAsync(s, payment, ct) is var most && most > Money.Zero)
                left.Add(new Refundable(payment.Id, payment.Method, payment.PaidAt!.Value, most));
        return left;
    }

    /// <summary>What is on its way back to whoever paid for a thing.</summary>
    public static async Task<Money> UnderWayAsync(CitySession s, Guid payableId, CancellationToken ct) => new(-await s.Db.Set<Payment>()
        .Where(p => p.PayableId == payableId && p.State == PaymentState.Pending && p.Amount.Minor < 0).SumAsync(p => p.Amount.Minor, ct));

    /// <summary>How much of a payment is neither back nor on its way.</summary>
    internal static async Task<Money> LeftAsync(CitySession s, Payment paid, CancellationToken ct) => new(paid.Amount.Minor + await s.Db.Set<Refund>()
        .Where(r => r.OfPaymentId == paid.Id)
        .Join(s.Db.Set<Payment>().Where(p => p.State != PaymentState.Failed), r => r.PaymentId, p => p.Id, (_, p) => p.Amount.Minor).SumAsync(ct));

    /// <summary>Adds to the session that so much of a payment goes back.</summary>
    /// <param name="id">The refund's id: twice the same cannot be.</param>
    /// <param name="payableId">In whose name it goes back.</param>
    /// <param name="amount">At most what is left of it.</param>
    internal static Payment Begin(CitySession s, Guid id, Payment paid, Guid payableId, Money amount)
    {
        s.Db.Add(new Refund { PaymentId = id, LotId = paid.LotId, OfPaymentId = paid.Id, AskAt = s.Now + Refund.FirstWait });
        return TakePayment.New(s, id, paid.LotId, paid.Kind, payableId, paid.Method, Money.Zero - amount);
    }

    /// <summary>Tells the channel of a refund, or asks how far it is, and books what has become of it.</summary>
    /// <returns>Whether the money is back, or cannot be.</returns>
    public async Task<bool> AskAsync(string cityCode, Guid refundId, CancellationToken ct)
    {
        Payment refund, paid;
        City city;
        await using (var s = await sessions.OpenAsync(JobOf(cityCode), PaymentPermissions.GiveUp, ct))
        {
            (refund, city) = (await s.Db.Set<Payment>().AsNoTracking().FirstAsync(p => p.Id == refundId, ct), s.City);
            paid = await s.Db.Set<Payment>().AsNoTracking()
                .FirstAsync(p => s.Db.Set<Refund>().Any(r => r.PaymentId == refundId && r.OfPaymentId == p.Id), ct);
        }
        if (refund.State is not PaymentState.Pending)
            return true;
        if (channels.FirstOrDefault(c => c.Code == refund.Method) is not { } channel)
        {
            log.LogWarning("Refund {Refund} waits for the channel {Channel}, which is switched off", refundId, refund.Method);
            return false;
        }
        var progress = await channel.RefundAsync(city, refund, paid, ct);
        return progress.State is not PaymentState.Pending
            && (await SettleAsync(Actor.Channel(cityCode, channel.Code, PaymentPermissions.Confirm), refundId, progress, ct)).Ok;
    }

    /// <summary>The channel says that the money is back, or cannot be. What is back counts, also where the channel said otherwise before.</summary>
    /// <param name="actor">The channel. Refunds of another one are none that it knows.</param>
    public Task<Result<Done>> SettleAsync(Actor actor, Guid refundId, ChannelProgress progress, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Confirm, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        if (await s.Db.Set<Refund>().FindAsync([refundId], ct) is not { } row
            || await s.Db.Set<Payment>().FindAsync([refundId], ct) is not { } refund || refund.Method != actor.Id)
            return new NotFound("payment");
        if (progress.State is PaymentState.Pending || refund.State is PaymentState.Succeeded || refund.State == progress.State)
            return new Done();
        row.AskAt = null;
        refund.Reference = progress.Reference;
        if (progress.State is PaymentState.Succeeded)
            TakePayment.EnterInBooks(s, refund);
        else
            refund.State = PaymentState.Failed;
        var afterwards = await kinds.First(p => p.Kind == refund.Kind).PaidBackAsync(s, refund, ct);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(CancellationToken.None);
        afterwards();
        live.Publish(s.City.Code, [TakePayment.Notice(refund)]);
        return new Done();
    });

    internal static Actor JobOf(string city) => Actor.Job(city, "ask-refunds", PaymentPermissions.GiveUp);
}
