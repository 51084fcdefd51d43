using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Service;

/// <summary>What follows of an appeal.</summary>
public enum AppealRemedy
{
    /// <summary>The driver is not right, and nothing is done.</summary>
    Refuse,

    /// <summary>The driver is right, and what was to be put right is.</summary>
    None,

    /// <summary>Another amount is to be paid; what was paid above it is asked back by the city's review.</summary>
    Amount,

    /// <summary>The stay is struck out.</summary>
    Void
}

/// <summary>What somebody says to an appeal.</summary>
/// <param name="Amount">What is to be paid in all; null where that stays.</param>
/// <param name="Answer">What the driver reads; 1–200 characters.</param>
public sealed record AppealAnswer(Guid AppealId, AppealRemedy Remedy, Money? Amount, string? Answer);

/// <summary>Somebody answers an appeal. What is done to the stay is done by the use cases that others do it by, with their rights and reviews; said twice it
/// is done once.</summary>
public sealed class DecideAppeal(CitySessions sessions, ChangeAmount changeAmount, VoidOrder voidOrder, AskReview askReview, PayBack payBack, LiveFeed live)
{
    /// <exception cref="AccessDeniedException">The actor may not answer, or not do what is to be done.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, AppealAnswer answer, CancellationToken ct)
    {
        if (Check.All(Check.That(Enum.IsDefined(answer.Remedy), nameof(answer.Remedy), "invalid"),
                Check.Required(nameof(answer.Answer), answer.Answer, OpenGateByHand.MaxReason),
                Check.That(answer.Remedy is not AppealRemedy.Amount || answer.Amount is not null, nameof(answer.Amount), "required")) is { } invalid)
            return invalid;
        var (state, words) = (answer.Remedy is AppealRemedy.Refuse ? AppealState.Refused : AppealState.Granted, answer.Answer!.Trim());
        Guid orderId;
        await using (var s = await sessions.OpenAsync(actor, ServicePermissions.Decide, ct))
        {
            if (await s.Db.Set<Appeal>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == answer.AppealId, ct) is not { } appeal)
                return new NotFound("appeal");
            if (appeal.State is not AppealState.Open)
                return appeal.State == state && appeal.Answer == words ? new Done() : new AppealAnswered();
            orderId = appeal.OrderId;
        }
        if (await RemedyAsync(actor, answer, orderId, words, ct) is { } refused)
            return refused;
        return await TakePayment.RaceAsync(() => CloseAsync(actor, answer.AppealId, state, words, ct));
    }

    async Task<Error?> RemedyAsync(Actor actor, AppealAnswer answer, Guid orderId, string words, CancellationToken ct)
    {
        if (answer.Remedy is AppealRemedy.Void)
            return (await voidOrder.RunAsync(actor, orderId, words, ct)).Error;
        if (answer.Remedy is not AppealRemedy.Amount)
            return null;
        return (await changeAmount.RunAsync(actor, orderId, answer.Amount!.Value, words, ct)).Error
            ?? await RefundAsync(actor, answer.AppealId, orderId, words, ct);
    }

    /// <summary>What was paid too much is asked back by its channel where one payment holds all of it, else by transfer. The review has the appeal's id,
    /// so it is asked for once.</summary>
    async Task<Error?> RefundAsync(Actor actor, Guid appealId, Guid orderId, string words, CancellationToken ct)
    {
        Money over;
        Guid? payment;
        await using (var s = await sessions.OpenAsync(actor, ServicePermissions.Decide, ct))
        {
            over = await DecideReview.RefundableAsync(s, await s.Db.Set<Order>().AsNoTracking().FirstAsync(o => o.Id == orderId, ct), ct);
            if (over == Money.Zero || await s.Db.Set<Review>().AnyAsync(r => r.OrderId == orderId && r.State == ReviewState.Open, ct))
                return null;
            payment = (await payBack.OfAsync(s, [orderId], ct)).Find(p => p.Left >= over)?.PaymentId;
        }
        var request = new ReviewRequest(appealId, ReviewKind.Refund, orderId, over, payment is null ? "transfer" : null, words) { PaymentId = payment };
        return (await askReview.RunAsync(actor, request, ct)).Error;
    }

    async Task<Result<Done>> CloseAsync(Actor actor, Guid appealId, AppealState state, string words, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, ServicePermissions.Decide, ct);
        var appeal = await s.Db.Set<Appeal>().FirstAsync(a => a.Id == appealId, ct);
        if (appeal.State is not AppealState.Open)
            return appeal.State == state && appeal.Answer == words ? new Done() : new AppealAnswered();
        (appeal.State, appeal.Answer, appeal.AnsweredBy, appeal.AnsweredAt) = (state, words, actor.Name, s.Now);
        var order = await s.Db.Set<Order>().AsNoTracking().FirstAsync(o => o.Id == appeal.OrderId, ct);
        OrderOperation.Log(s, order, state is AppealState.Granted ? OrderOperationKind.AppealGranted : OrderOperationKind.AppealRefused, actor.Name, s.Now,
            detail: words);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Order, order.LotId, order.Id)]);
        return new Done();
    }
}
