using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Orders as something payable: before leaving, at the exit, or later as arrears.</summary>
public sealed class OrderPayments(Pricing pricing, Gates gates, CommandSender sender, LiveFeed live) : IPayable
{
    /// <inheritdoc/>
    public string Kind => Payment.Order;

    /// <inheritdoc/>
    public async Task<Result<Owing>> OwedAsync(CitySession s, Guid payableId, CancellationToken ct)
    {
        if (await s.Db.Set<Order>().AsNoTracking().FirstOrDefaultAsync(o => o.Id == payableId, ct) is not { } order)
            return new NotFound("order");
        if (order.IsFrozen)
            return new StayChecked();
        return await PriceUntilNowAsync(s, order, ct) ? new Owing(order.LotId, order.Owed) : new WrongState(order.State);
    }

    /// <summary>Puts into a copy of an order, of which nothing is kept, what its car would pay now while it is in.</summary>
    /// <returns>False where nothing can be paid, for nobody knows what.</returns>
    public async Task<bool> PriceUntilNowAsync(CitySession s, Order copy, CancellationToken ct) => copy.State switch
    {
        OrderState.Unresolved or OrderState.Void => false,
        OrderState.Parked => await pricing.PriceAsync(
            s, await s.Db.Set<Lot>().AsNoTracking().FirstAsync(l => l.Id == copy.LotId, ct), copy, PaidTo(copy, s.Now), ct),
        _ => true
    };

    /// <summary>A fee is quoted to the minute, so that what was shown is still right while the driver pays.</summary>
    public static DateTimeOffset PaidTo(Order order, DateTimeOffset now)
    {
        var minute = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        return minute < order.EnteredAt ? order.EnteredAt.Value : minute;
    }

    /// <inheritdoc/>
    public async Task<Action> ReceivedAsync(CitySession s, Payment payment, CancellationToken ct)
    {
        var order = (await s.Db.Set<Order>().FindAsync([payment.PayableId], ct))!;
        var lot = (await s.Db.Set<Lot>().FindAsync([order.LotId], ct))!;
        var paidTo = PaidTo(order, payment.QuotedAt);
        var furthest = !(order.PaidUntil > paidTo);
        if (order.State is OrderState.Parked && furthest)
            await pricing.PriceAsync(s, lot, order, paidTo, ct);
        order.Received += payment.Amount;
        var recovered = order.WrittenOff > payment.Amount ? payment.Amount : order.WrittenOff;
        if (recovered > Money.Zero)
        {
            order.WrittenOff -= recovered;
            OrderOperation.Log(s, order, OrderOperationKind.Recovered, s.Actor.Name, s.Now, recovered);
        }
        // A channel may confirm what was paid in advance only when the car stands at the exit already; then it is less than is owed there.
        var inAdvance = order.State is OrderState.Parked || (order.State is OrderState.AwaitingPayment && order.Owed > Money.Zero);
        if (inAdvance && furthest)
            order.PaidUntil = paidTo;
        if (inAdvance && order is { State: OrderState.AwaitingPayment, ExitedAt: { } exit })
            await pricing.LeftInTimeAsync(s, lot, order, exit, ct);
        var wanted = new List<(Guid, Order?, string)>();
        if (order.State is OrderState.AwaitingPayment or OrderState.Arrears && order.Owed == Money.Zero)
        {
            if (order is { State: OrderState.AwaitingPayment, ExitLaneId: { } lane } && await ExitSettlement.StandsThereAsync(s, order, ct))
                wanted.Add((lane, order, DeviceCommand.OpenGate));
            order.Go(OrderState.Completed);
        }
        var overpaid = order.State is not OrderState.Parked && order.Received > order.Due;
        if (overpaid)
            order.Anomalies |= OrderAnomaly.Overpaid;
        OrderOperation.Log(s, order, overpaid ? OrderOperationKind.Overpaid : OrderOperationKind.Paid, s.Actor.Name, s.Now, payment.Amount, payment.Method);
        var commands = await gates.AddAsync(s, wanted, ct);
        return () =>
        {
            sender.Send(s.City, commands);
            live.Publish(s.City.Code, [new LiveNotice(LiveKind.Order, order.LotId, order.Id)]);
        };
    }

    /// <inheritdoc/>
    public async Task<Action> PaidBackAsync(CitySession s, Payment refund, CancellationToken ct)
    {
        var order = (await s.Db.Set<Order>().FindAsync([refund.PayableId], ct))!;
        var amount = Money.Zero - refund.Amount;
        if (refund.State is PaymentState.Failed)
            OrderOperation.Log(s, order, OrderOperationKind.RefundFailed, s.Actor.Name, s.Now, amount, refund.Reference);
        else
        {
            order.Received -= amount;
            // Somebody may have set the amount up again while the money was on its way.
            if (order is { State: OrderState.Completed } && order.Owed > Money.Zero)
                order.Become(OrderState.Arrears);
            if (!order.IsOverpaid)
                order.Anomalies &= ~OrderAnomaly.Overpaid;
            OrderOperation.Log(s, order, OrderOperationKind.Refunded, s.Actor.Name, s.Now, amount, refund.Method);
        }
        return () => live.Publish(s.City.Code, [new LiveNotice(LiveKind.Order, order.LotId, order.Id)]);
    }
}
