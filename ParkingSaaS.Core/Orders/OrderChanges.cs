using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>The end of every change that a person makes: the stay is priced, gates are asked, all is saved at once, and only then
/// gates and screens are told.</summary>
public sealed class OrderChanges(Pricing pricing, Gates gates, CommandSender sender, LiveFeed live, IStruckOut struckOut)
{
    /// <summary>Prices a stay whose two ends are now known, and the car's later ones that were priced without it. What is owed holds the gate
    /// while the car may still stand there.</summary>
    /// <returns>What to ask of the gate, if anything.</returns>
    internal async Task<Result<List<(Guid LaneId, Order? Order, string Type)>>> SettleAsync(CitySession s, Order order, CancellationToken ct)
    {
        var lot = await LotAsync(s, order, ct);
        if (!await ExitSettlement.SettleAsync(s, pricing, lot, order, ExitSettlement.MayStand(lot, order.ExitedAt, s.Now), ct))
            return new NoFee();
        var wanted = AtGate(s, lot, order);
        wanted.AddRange(await LaterAsync(s, order, ct));
        return wanted;
    }

    /// <summary>Prices a stay anew that is over and not paid, after something that its fee hangs on was changed.</summary>
    /// <returns>What to ask of the gate, if anything.</returns>
    internal async Task<Result<List<(Guid LaneId, Order? Order, string Type)>>> PriceAgainAsync(CitySession s, Order order, CancellationToken ct)
    {
        var lot = await LotAsync(s, order, ct);
        return await ExitSettlement.SettleAsync(s, pricing, lot, order, order.State is OrderState.AwaitingPayment, ct)
            ? Waited(s, order) ? AtGate(s, lot, order) : []
            : new NoFee();
    }

    /// <summary>What to ask of the gate at which the car waits, if it does.</summary>
    internal async Task<List<(Guid LaneId, Order? Order, string Type)>> AtGateAsync(CitySession s, Order order, CancellationToken ct) =>
        Waited(s, order) ? AtGate(s, await LotAsync(s, order, ct), order) : [];

    /// <summary>Prices the car's later stays anew that were priced before this one was known, or while it was known otherwise.</summary>
    /// <returns>What to ask of gates, if anything.</returns>
    internal async Task<List<(Guid LaneId, Order? Order, string Type)>> LaterAsync(CitySession s, Order order, CancellationToken ct)
    {
        var lot = await LotAsync(s, order, ct);
        return [.. (await PricedAgain.LaterAsync(s, pricing, lot, order, s.Actor.Name, ct))
            .Where(later => Waited(s, later)).SelectMany(later => AtGate(s, lot, later))];
    }

    static async Task<Lot> LotAsync(CitySession s, Order order, CancellationToken ct) => (await s.Db.Set<Lot>().FindAsync([order.LotId], ct))!;

    /// <summary>Whether the car was held at an exit before this change: one that has been let out, or has paid, is gone.</summary>
    static bool Waited(CitySession s, Order order) => s.Db.Entry(order).Property(o => o.State).OriginalValue is OrderState.AwaitingPayment;

    static List<(Guid, Order?, string)> AtGate(CitySession s, Lot lot, Order order) =>
        ExitSettlement.MayStand(lot, order.ExitedAt, s.Now) && order.ExitLaneId is { } lane
            ? [(lane, order, order.Owed == Money.Zero ? DeviceCommand.OpenGate : DeviceCommand.ShowText)]
            : [];

    /// <summary>Saves the session and tells gates and screens.</summary>
    /// <param name="s">The session with the changed orders.</param>
    /// <param name="wanted">What to ask of gates and displays.</param>
    internal async Task<Result<Done>> SaveAsync(CitySession s, IReadOnlyCollection<(Guid LaneId, Order? Order, string Type)> wanted, CancellationToken ct) =>
        await SaveAsync(s, await gates.AddAsync(s, wanted, ct), ct);

    /// <summary>Saves the session and tells gates and screens.</summary>
    /// <param name="s">The session with the changed orders.</param>
    /// <param name="commands">Commands already added to the session.</param>
    internal async Task<Result<Done>> SaveAsync(CitySession s, IReadOnlyList<DeviceCommand> commands, CancellationToken ct)
    {
        var touched = s.Db.ChangeTracker.Entries<Order>().Where(e => e.State is EntityState.Added or EntityState.Modified).Select(e => e.Entity).ToList();
        var gone = touched.FindAll(o => o.State is OrderState.Void && s.Db.Entry(o).Property(x => x.State).OriginalValue is not OrderState.Void);
        if (gone.Count > 0)
            await struckOut.EndAsync(s, gone, ct);
        if ((await CitySession.SaveAsync(c => StayWindow.WriteAsync(s, touched, s.Db.SaveChangesAsync, c), ct)).Error is { } error)
            return error;
        sender.Send(s.City, commands);
        live.Publish(s.City.Code, [.. touched.Select(o => new LiveNotice(LiveKind.Order, o.LotId, o.Id))]);
        return new Done();
    }
}
