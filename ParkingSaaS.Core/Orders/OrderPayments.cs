using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Orders as something payable: before leaving, at the exit, or later as arrears.</summary>
public sealed class OrderPayments(Pricing pricing, Gates gates, LiveFeed live) : IPayable
{
    /// <inheritdoc/>
    public string Kind => Payment.Order;

    /// <inheritdoc/>
    public async Task<Result<Owing>> OwedAsync(CitySession s, Guid payableId, CancellationToken ct)
    {
        if (await s.Db.Orders.FindAsync([payableId], ct) is not { } order)
            return new NotFound("order");
        if (order.State is OrderState.Unresolved or OrderState.Void)
            return new WrongState(order.State);
        if (order.State is OrderState.Parked)
        {
            var lot = (await s.Db.Lots.FindAsync([order.LotId], ct))!;
            if (!await pricing.PriceAsync(s, lot, order, PaidTo(s.Now), ct))
                return new WrongState(order.State);
        }
        return new Owing(order.LotId, order.Owed);
    }

    /// <summary>A fee is quoted to the minute, so that what was shown is still right while the driver pays.</summary>
    public static DateTimeOffset PaidTo(DateTimeOffset now) => new(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    /// <summary>Nobody waits longer than this at an exit. Who pays later pays from elsewhere, and no gate opens for whoever stands
    /// there now; nor does it when another car has come to the lane since.</summary>
    public static readonly TimeSpan AtGate = TimeSpan.FromMinutes(30);

    internal static async Task<bool> StandsThereAsync(CitySession s, Order order, CancellationToken ct) =>
        s.Now - order.ExitedAt <= AtGate
        && !await s.Db.Orders.AnyAsync(o => o.ExitLaneId == order.ExitLaneId && o.ExitedAt > order.ExitedAt
            && o.State != OrderState.Void && o.MisreadOf != order.Id, ct);

    /// <inheritdoc/>
    public async Task<Action> ReceivedAsync(CitySession s, Payment payment, CancellationToken ct)
    {
        var order = (await s.Db.Orders.FindAsync([payment.PayableId], ct))!;
        order.Received += payment.Amount;
        // A channel may confirm what was paid in advance only when the car stands at the exit already; then it is less than is owed there.
        var inAdvance = order.State is OrderState.Parked || (order.State is OrderState.AwaitingPayment && order.Owed > Money.Zero);
        if (inAdvance && !(order.PaidUntil > PaidTo(payment.QuotedAt)))
            order.PaidUntil = PaidTo(payment.QuotedAt);
        if (inAdvance && order is { State: OrderState.AwaitingPayment, ExitedAt: { } exit })
            await pricing.LeftInTimeAsync(s, (await s.Db.Lots.FindAsync([order.LotId], ct))!, order, exit, ct);
        var wanted = new List<(Guid, Order?, string)>();
        if (order.State is OrderState.AwaitingPayment or OrderState.Arrears && order.Owed == Money.Zero)
        {
            if (order is { State: OrderState.AwaitingPayment, ExitLaneId: { } lane } && await StandsThereAsync(s, order, ct))
                wanted.Add((lane, order, DeviceCommand.OpenGate));
            order.Go(OrderState.Completed);
        }
        var overpaid = order.State is not OrderState.Parked && order.Received > order.Receivable;
        if (overpaid)
            order.Anomalies |= OrderAnomaly.Overpaid;
        StayBook.Log(s, order, overpaid ? "overpaid" : "paid", s.Actor.Name, s.Now, payment.Amount, payment.Method);
        var commands = await gates.AddAsync(s, wanted, ct);
        return () =>
        {
            gates.Send(s.City, commands);
            live.Publish(s.City.Code, [new LiveNotice("order", order.LotId, order.Id)]);
        };
    }
}
