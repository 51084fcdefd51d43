using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Orders;

/// <summary>A lane and the car that stands at its exit.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Car">The order that waits for payment or for a person; null where nobody waits.</param>
/// <param name="Fee">What the car owes, line by line.</param>
/// <param name="MoreWaiting">Older orders of this lane that still wait; <see cref="BoothView.Most"/> stands for so many or more.</param>
/// <param name="BlackListedFor">Why the black list has the car; null where it does not.</param>
/// <param name="Refused">The car that the black list keeps at the gate; null where nobody stands there for that.</param>
public sealed record BoothLane(Lane Lane, Order? Car, FeeQuote? Fee, int MoreWaiting, string? BlackListedFor, RecentPassage? Refused);

/// <summary>What a booth shows.</summary>
/// <param name="Lanes">The chosen lanes.</param>
/// <param name="Passages">The lot's last passages.</param>
public sealed record BoothView(IReadOnlyList<BoothLane> Lanes, IReadOnlyList<RecentPassage> Passages)
{
    /// <summary>Nobody counts further at a booth: the list of orders has them all.</summary>
    public const int Most = 99;

    /// <summary>Reads it with the session's reach: of each lane the car that stands there, whatever was left behind.</summary>
    public static async Task<BoothView> LoadAsync(CitySession s, Guid lotId, IReadOnlyList<Lane> lanes)
    {
        // An exit without an entry is shown as long as the car may still stand there.
        var since = s.Now - ExitSettlement.StandingWindow;
        var waiting = new Dictionary<Guid, (Order Car, int More)>();
        foreach (var lane in lanes.Where(l => l.Direction is not LaneDirection.Entry))
        {
            var here = Waiting(s, lane, since);
            if (await here.FirstOrDefaultAsync() is { } car)
                waiting[lane.Id] = (car, await here.Skip(1).Take(Most).CountAsync());
        }
        var passages = await RecentPassage.ReadAsync(s, lotId, 20, default);
        var cars = new PlateLists(s);
        await cars.LoadAsync(waiting.Values.Select(w => w.Car.Plate).OfType<string>(), [], default);
        var view = new List<BoothLane>(lanes.Count);
        foreach (var lane in lanes)
        {
            var (car, more) = waiting.GetValueOrDefault(lane.Id);
            var decision = await cars.DecideAsync(lotId, car?.Plate, s.Now, default);
            view.Add(new BoothLane(lane, car, car?.FeeLines is { } json ? JsonSerializer.Deserialize<FeeQuote>(json, TariffJson.Options) : null,
                more, decision.Refused ? decision.Rule!.Reason : null,
                passages.FirstOrDefault(p => p.LaneId == lane.Id) is { Outcome: PassageOutcome.Refused } last && last.At >= since ? last : null));
        }
        return new BoothView(view, passages);
    }

    /// <summary>Who waits at a lane, the newest first; in these words by <c>ix_orders_at_exit</c>.</summary>
    internal static IQueryable<Order> Waiting(CitySession s, Lane lane, DateTimeOffset since) => s.Db.Set<Order>().AsNoTracking()
        .Where(o => o.ExitLaneId == lane.Id && (o.State == OrderState.AwaitingPayment || o.State == OrderState.Unresolved)
            && (o.State == OrderState.AwaitingPayment || (o.EnteredAt == null && o.ExitedAt >= since)))
        .OrderByDescending(o => o.ExitedAt);
}
