using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>The end of every change that a person makes: the stay is priced, gates are asked, all is saved at once, and only then
/// gates and screens are told.</summary>
public sealed class OrderChanges(Pricing pricing, Gates gates, LiveFeed live)
{
    /// <summary>Prices a stay whose two ends are now known. What is owed holds the gate while the car may still stand there.</summary>
    /// <returns>What to ask of the gate, if anything.</returns>
    internal async Task<Result<List<(Guid LaneId, Order? Order, string Type)>>> SettleAsync(CitySession s, Order order, CancellationToken ct)
    {
        var lot = (await s.Db.Lots.FindAsync([order.LotId], ct))!;
        if (!await pricing.PriceAsync(s, lot, order, order.ExitedAt!.Value, ct))
            return new NoFee();
        order.BusinessDate = s.City.Zone.Date(order.ExitedAt.Value);
        var standsThere = lot.Gated && s.Now - order.ExitedAt.Value <= Timeline.AtExitWindow;
        order.Go(order.Owed == Money.Zero ? OrderState.Completed : standsThere ? OrderState.AwaitingPayment : OrderState.Arrears);
        return standsThere && order.ExitLaneId is { } lane
            ? new List<(Guid, Order?, string)>
                { (lane, order, order.State is OrderState.Completed ? DeviceCommand.OpenGate : DeviceCommand.ShowText) }
            : [];
    }

    /// <summary>Saves the session and tells gates and screens.</summary>
    /// <param name="s">The session with the changed orders.</param>
    /// <param name="touched">The orders that changed.</param>
    /// <param name="wanted">What to ask of gates and displays.</param>
    /// <param name="ct">Gives up.</param>
    internal async Task<Result<Done>> SaveAsync(CitySession s, IReadOnlyCollection<Order> touched,
        IReadOnlyCollection<(Guid LaneId, Order? Order, string Type)> wanted, CancellationToken ct) =>
        await SaveAsync(s, touched, await gates.AddAsync(s, wanted, ct), ct);

    /// <summary>Saves the session and tells gates and screens.</summary>
    /// <param name="s">The session with the changed orders.</param>
    /// <param name="touched">The orders that changed.</param>
    /// <param name="commands">Commands already added to the session.</param>
    /// <param name="ct">Gives up.</param>
    internal async Task<Result<Done>> SaveAsync(CitySession s, IReadOnlyCollection<Order> touched, IReadOnlyList<DeviceCommand> commands,
        CancellationToken ct)
    {
        if ((await CitySession.SaveAsync(c => StayBook.WriteAsync(s, touched, c), ct)).Error is { } error)
            return error;
        gates.Send(s.City, commands);
        live.Publish(s.City.Code, [.. touched.Select(o => new LiveNotice("order", o.LotId, o.Id))]);
        return new Done();
    }
}
