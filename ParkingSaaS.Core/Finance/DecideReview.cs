using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>What somebody who looks says.</summary>
/// <param name="Step">Whose turn it was as shown.</param>
/// <param name="Agreed">Yes or no; a no ends it.</param>
/// <param name="Note">Why; wanted for a no.</param>
/// <param name="Reference">The number of the transfer or receipt, where this is the last yes of a refund that a person pays.</param>
public sealed record ReviewAnswer(Guid ReviewId, ReviewSteps Step, bool Agreed, string? Note, string? Reference);

/// <summary>Those who have to look at a review say yes or no, one after the other, each another person. With the last yes it is done: paid back or
/// given up, once. What goes back by its channel is handed to the channel then.</summary>
public sealed class DecideReview(CitySessions sessions, OrderChanges changes, PayBack payBack, LiveFeed live)
{
    /// <summary>What a step takes.</summary>
    public static string PermissionOf(ReviewSteps step) => step switch
    {
        ReviewSteps.Service => FinancePermissions.ReviewAsService,
        ReviewSteps.Finance => FinancePermissions.ReviewAsFinance,
        _ => FinancePermissions.ReviewAsManagement
    };

    /// <summary>The steps that an actor may decide, in order.</summary>
    public static IReadOnlyList<ReviewSteps> StepsOf(Actor actor) =>
        [.. ReviewChain.InOrder.Where(step => actor.May(PermissionOf(step)))];

    /// <exception cref="AccessDeniedException">The actor may not see reviews.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, ReviewAnswer answer, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Reviews, ct);
        if (await ReadAsync(s, answer.ReviewId, ct) is not var (review, order))
            return new NotFound("review");
        var said = await s.Db.Set<ReviewDecision>().Where(d => d.ReviewId == review.Id).ToListAsync(ct);
        if (said.Exists(d => d.Step == answer.Step && d.ById == actor.Id && d.Agreed == answer.Agreed))
            return new Done();
        if (review.State is not ReviewState.Open || review.Next != answer.Step)
            return new ReviewMoved();
        if (!actor.May(PermissionOf(answer.Step)))
            return new NotYourTurn(answer.Step);
        if (review.AskedById == actor.Id || said.Exists(d => d.ById == actor.Id))
            return new SamePerson();
        var next = Review.After(review.Steps, answer.Step);
        if ((answer.Agreed ? Check.Optional(nameof(answer.Note), answer.Note, OpenGateByHand.MaxReason)
                : Check.Required(nameof(answer.Note), answer.Note, OpenGateByHand.MaxReason)) is { } invalid)
            return invalid;
        if (answer.Agreed && next is ReviewSteps.None && review is { Kind: ReviewKind.Refund, PaymentId: null }
            && Check.Required(nameof(answer.Reference), answer.Reference, 100) is { } missing)
            return missing;

        s.Db.Add(new ReviewDecision
        {
            Id = Guid.CreateVersion7(),
            LotId = review.LotId,
            ReviewId = review.Id,
            Step = answer.Step,
            Agreed = answer.Agreed,
            By = actor.Name,
            ById = actor.Id,
            At = s.Now,
            Note = answer.Note?.Trim() ?? ""
        });
        if (answer.Agreed)
            review.Next = next;
        else
            End(s, review, order, ReviewState.Refused, answer.Note!.Trim());
        return await SaveAsync(s, review, order, answer.Reference?.Trim() ?? "", ct);
    });

    /// <summary>Whoever asked takes it back.</summary>
    /// <exception cref="AccessDeniedException">The actor may not ask.</exception>
    public Task<Result<Done>> WithdrawAsync(Actor actor, Guid reviewId, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Ask, ct);
        if (await ReadAsync(s, reviewId, ct) is not var (review, order) || review.AskedById != actor.Id)
            return new NotFound("review");
        if (review.State is ReviewState.Withdrawn)
            return new Done();
        if (review.State is not ReviewState.Open)
            return new ReviewMoved();
        End(s, review, order, ReviewState.Withdrawn, "");
        return await SaveAsync(s, review, order, "", ct);
    });

    /// <summary>The order is read before the review: where somebody decides in between, the review says so.</summary>
    static async Task<(Review Review, Order Order)?> ReadAsync(CitySession s, Guid reviewId, CancellationToken ct) =>
        await s.Db.Set<Order>().FirstOrDefaultAsync(o => s.Db.Set<Review>().Any(r => r.Id == reviewId && r.OrderId == o.Id), ct) is { } order
        && await s.Db.Set<Review>().FirstOrDefaultAsync(r => r.Id == reviewId, ct) is { } review ? (review, order) : null;

    /// <summary>Why it cannot be done as the order stands; null where it can.</summary>
    internal static async Task<Error?> RefusedAsync(CitySession s, Order order, Review review, CancellationToken ct)
    {
        if (review.Kind is ReviewKind.WriteOff)
            return order.State is not OrderState.Arrears ? new WrongState(order.State)
                : review.Amount != order.Owed ? new AmountChanged(order.Owed, s.City.Currency) : null;
        var most = await RefundableAsync(s, order, ct);
        if (review.Amount > most)
            return new RefundAboveOverpaid(most, s.City.Currency);
        if (review.PaymentId is null)
            return null;
        var left = await PayBack.LeftAsync(s, await PaidAsync(s, review, ct), ct);
        return review.Amount > left ? new RefundAbovePayment(left, s.City.Currency) : null;
    }

    /// <summary>What was paid too much for an order and is not on its way back.</summary>
    public static async Task<Money> RefundableAsync(CitySession s, Order order, CancellationToken ct) =>
        order.IsOverpaid && await PayBack.UnderWayAsync(s, order.Id, ct) is var underWay && order.Received - order.Due > underWay
            ? order.Received - order.Due - underWay : Money.Zero;

    static Task<Payment> PaidAsync(CitySession s, Review review, CancellationToken ct) =>
        s.Db.Set<Payment>().AsNoTracking().FirstAsync(p => p.Id == review.PaymentId, ct);

    /// <summary>Saves a review; one that nobody has to look at any more is done.</summary>
    /// <param name="reference">The number of the transfer or receipt.</param>
    internal async Task<Result<Done>> SaveAsync(CitySession s, Review review, Order order, string reference, CancellationToken ct)
    {
        Payment? paidBack = null;
        if (review is { State: ReviewState.Open, Next: ReviewSteps.None })
        {
            if (await RefusedAsync(s, order, review, ct) is { } refused)
                return refused;
            (review.State, review.EndedAt) = (ReviewState.Agreed, s.Now);
            if (review is { Kind: ReviewKind.Refund, PaymentId: not null })
            {
                paidBack = PayBack.Begin(s, review.Id, await PaidAsync(s, review, ct), order.Id, review.Amount);
                // Written with it, so that nobody sets the amount up between our look and our write.
                s.Db.Entry(order).Property(o => o.Anomalies).IsModified = true;
                OrderOperation.Log(s, order, OrderOperationKind.RefundBegun, s.Actor.Name, s.Now, review.Amount, review.Method!);
            }
            else if (review.Kind is ReviewKind.Refund)
            {
                // Under the review's own id: it cannot be paid back twice.
                paidBack = await TakePayment.BookAsync(s, review.Id, order.LotId, Payment.Order, order.Id, review.Method!,
                    Money.Zero - review.Amount, reference, ct);
                order.Received -= review.Amount;
                OrderOperation.Log(s, order, OrderOperationKind.Refunded, s.Actor.Name, s.Now, review.Amount, review.Method!);
            }
            else
            {
                order.WrittenOff += review.Amount;
                order.Anomalies |= OrderAnomaly.Corrected;
                order.Go(OrderState.Completed);
                OrderOperation.Log(s, order, OrderOperationKind.WrittenOff, s.Actor.Name, s.Now, review.Amount);
            }
        }
        if ((await changes.SaveAsync(s, commands: [], ct)).Error is { } error)
            return error;
        LiveNotice ofOrder = new(LiveKind.Order, order.LotId, order.Id);
        live.Publish(s.City.Code, paidBack is null ? [ofOrder] : [ofOrder, TakePayment.Notice(paidBack)]);
        // It is decided: what the channel does not hear now it hears later.
        if (paidBack?.State is PaymentState.Pending)
            await payBack.AskAsync(s.City.Code, paidBack.Id, ct);
        return new Done();
    }

    internal static void End(CitySession s, Review review, Order order, ReviewState state, string note)
    {
        (review.State, review.Next, review.EndedAt) = (state, ReviewSteps.None, s.Now);
        OrderOperation.Log(s, order, OrderOperationKind.ReviewEnded, s.Actor.Name, s.Now, review.Amount, note);
    }
}
