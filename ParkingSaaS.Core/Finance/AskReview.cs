using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>What is asked for.</summary>
/// <param name="Id">Made up by the form, so that a second click is the same review.</param>
/// <param name="Amount">For a refund at most what was paid too much; for a write-off all that is owed.</param>
/// <param name="Method">How a person pays it back: one of <see cref="ReviewCancel.Methods"/>; null for a write-off, and for what goes back by its
/// channel.</param>
/// <param name="Reason">Why; 1–200 characters.</param>
public sealed record ReviewRequest(Guid Id, ReviewKind Kind, Guid OrderId, Money Amount, string? Method, string? Reason)
{
    /// <summary>The payment that it goes back of, by the channel it came by; null for all else.</summary>
    public Guid? PaymentId { get; init; }
}

/// <summary>Asks that money of an order be paid back or given up. Where the city wants nobody to look at so little, it is done at once.</summary>
public sealed class AskReview(CitySessions sessions, PayBack payBack, DecideReview decide)
{
    /// <exception cref="AccessDeniedException">The actor may not ask.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, ReviewRequest request, CancellationToken ct)
    {
        var refund = request.Kind is ReviewKind.Refund;
        if ((Check.That(Enum.IsDefined(request.Kind), nameof(request.Kind), "invalid")
            ?? Check.That(request.Method is null ? refund == request.PaymentId.HasValue
                : refund && request.PaymentId is null && ReviewCancel.Methods.Contains(request.Method), nameof(request.Method), "invalid")
            ?? Check.That(request.Amount > Money.Zero, nameof(request.Amount), "out-of-range")
            ?? Check.Required(nameof(request.Reason), request.Reason, OpenGateByHand.MaxReason)) is { } invalid)
            return invalid;
        return await TakePayment.RaceAsync(() => AskAsync(actor, request, ct));
    }

    async Task<Result<Done>> AskAsync(Actor actor, ReviewRequest request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Ask, ct);
        if (await s.Db.Set<Review>().FindAsync([request.Id], ct) is { } known)
            return known.OrderId == request.OrderId && known.Kind == request.Kind ? new Done() : new NotFound("review");
        if (await s.Db.Set<Order>().FindAsync([request.OrderId], ct) is not { } order)
            return new NotFound("order");
        if (await s.Db.Set<Review>().AnyAsync(r => r.OrderId == order.Id && r.Kind == request.Kind && r.State == ReviewState.Open, ct))
            return new ReviewOpen();
        var method = request.Method;
        if (request.PaymentId is { } paymentId)
        {
            if ((await payBack.OfAsync(s, [order.Id], ct)).Find(p => p.PaymentId == paymentId) is not { } paid)
                return new NotFound("payment");
            method = paid.Method;
        }
        var chain = await s.Db.Set<ReviewChain>().FirstOrDefaultAsync(c => c.Kind == request.Kind, ct) ?? ReviewChain.Default(request.Kind);
        var steps = chain.For(request.Amount);
        var review = new Review
        {
            Id = request.Id,
            LotId = order.LotId,
            Kind = request.Kind,
            OrderId = order.Id,
            Amount = request.Amount,
            Method = method,
            PaymentId = request.PaymentId,
            Reason = request.Reason!.Trim(),
            AskedBy = actor.Name,
            AskedById = actor.Id,
            AskedAt = s.Now,
            Steps = steps,
            Next = Review.After(steps, ReviewSteps.None)
        };
        if (await DecideReview.RefusedAsync(s, order, review, ct) is { } refused)
            return refused;
        s.Db.Add(review);
        OrderOperation.Log(s, order, request.Kind is ReviewKind.Refund ? OrderOperationKind.RefundAsked : OrderOperationKind.WriteOffAsked, actor.Name, s.Now,
            review.Amount, review.Reason);
        return await decide.SaveAsync(s, review, order, reference: "", ct);
    }
}
