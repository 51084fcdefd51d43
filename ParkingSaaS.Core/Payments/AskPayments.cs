using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Asks channels what became of payments of which they told nothing. What is paid is booked as if the channel had told. A payment that has
/// waited too long is closed there before it is given up here, so no driver pays for what is over; where it is paid in that very moment, the question
/// right after finds that.</summary>
public sealed class AskPayments(CitySessions sessions, IEnumerable<IPaymentChannel> channels, TakePayment payments)
{
    /// <summary>The distance grows to eight minutes.</summary>
    const int Doublings = 5;

    static Actor JobOf(string city) => Actor.Job(city, "ask-payments", PaymentPermissions.GiveUp);

    /// <returns>How many payments are not waited for any more.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(JobOf(city), PaymentPermissions.GiveUp, ct);
        return await OpenQuestion.AskDueAsync<ChannelOrder>(s, Doublings, async order =>
        {
            var payment = await s.Db.Set<Payment>().AsNoTracking().FirstAsync(p => p.Id == order.PaymentId, ct);
            if (payment.State is not PaymentState.Pending)
                return true;
            var most = order.Way is ChannelWay.Scanned ? TakePaymentCode.MaxWait : GiveUpPayments.MaxWait;
            return await AskAsync(s.City, payment, s.Now - payment.CreatedAt >= most, ct) is not PaymentState.Pending;
        }, ct);
    }

    /// <param name="close">What is not paid yet is closed.</param>
    /// <returns>What became of it.</returns>
    internal async Task<PaymentState> AskAsync(City city, Payment payment, bool close, CancellationToken ct) =>
        await BookAsync(city, payment, await channels.First(c => c.Code == payment.Method).AskAsync(city, payment, close, ct), ct);

    /// <summary>Books what a channel says of a payment that is pending.</summary>
    /// <returns>What became of it.</returns>
    internal async Task<PaymentState> BookAsync(City city, Payment payment, ChannelProgress told, CancellationToken ct)
    {
        var actor = Actor.Channel(city.Code, payment.Method, PaymentPermissions.Confirm);
        var booked = told.State switch
        {
            PaymentState.Succeeded => (await payments.ConfirmAsync(actor, payment.Id, payment.Amount, told.Reference, ct)).Ok,
            PaymentState.Failed => (await payments.FailAsync(actor, payment.Id, ct)).Ok,
            _ => false
        };
        return booked ? told.State : PaymentState.Pending;
    }
}
