using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Why it is doubted that a car was there all the time.</summary>
[Flags]
public enum StayDoubt
{
    None = 0,

    /// <summary>It is far longer than stays in the lot are (<see cref="FreezeStays"/>).</summary>
    TooLong = 1,

    /// <summary>The same plate has come in somewhere else since.</summary>
    SeenElsewhere = 2,

    /// <summary>Its berth was reported free, or with another plate on it, since it came.</summary>
    BerthTaken = 4
}

/// <summary>The watchdog over stays: freezes those that are far beyond their lot's habit, and those whose exit was missed by all that was seen since. What
/// is frozen is not demanded until a person has looked; what a person has looked at is not frozen for the same reason again. Cars with passes, and those
/// that lists let stand for nothing, may stand as long as they like.</summary>
public sealed class FreezeStays(CitySessions sessions, OrderChanges changes)
{
    /// <summary>No shorter stay is too long by a lot's habit.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromHours(24);

    /// <summary>Where there are too few stays to know the habit, a longer one is too long.</summary>
    public static readonly TimeSpan WithoutHabit = TimeSpan.FromDays(7);

    /// <summary>The days whose stays are the habit.</summary>
    public const int HabitDays = 90;

    /// <summary>Of so many stays one may be longer; with fewer there is no habit.</summary>
    public const int OneOf = 1_000;

    /// <summary>Looked at each time; the rest comes an hour later.</summary>
    const int Portion = 500;

    static Actor ActorOf(string city) => Actor.Job(city, "stay-watch", OrderPermissions.Freeze);

    /// <returns>How many stays were frozen.</returns>
    public async Task<Result<int>> RunAsync(string city, CancellationToken ct)
    {
        var job = ActorOf(city);
        await using var s = await sessions.OpenAsync(job, OrderPermissions.Freeze, ct);
        var doubts = new Dictionary<Order, StayDoubt>();
        foreach (var (doubt, stays) in new[] { (StayDoubt.SeenElsewhere, SeenElsewhere(s)), (StayDoubt.BerthTaken, BerthTaken(s)) })
            foreach (var stay in await stays.Take(Portion).ToListAsync(ct))
                doubts[stay] = doubts.GetValueOrDefault(stay) | doubt;
        foreach (var stay in await TooLongAsync(s, ct))
            doubts[stay] = doubts.GetValueOrDefault(stay) | StayDoubt.TooLong;
        foreach (var (stay, doubt) in doubts)
        {
            stay.Doubts |= doubt;
            stay.Anomalies |= OrderAnomaly.Frozen;
            OrderOperation.Log(s, stay, OrderOperationKind.Frozen, job.Name, s.Now, detail: $"{doubt}");
        }
        return (await changes.SaveAsync(s, commands: [], ct)).Error is { } error ? error : doubts.Count;
    }

    static IQueryable<Order> SeenElsewhere(CitySession s) => s.Db.Set<Order>()
        .Where(o => o.State == OrderState.Parked && o.Plate != null && (o.Doubts & StayDoubt.SeenElsewhere) == 0)
        .Where(o => s.Db.Set<Order>().Any(x => x.Plate == o.Plate && x.Id != o.Id && x.State != OrderState.Void && x.EnteredAt > o.EnteredAt
            && (x.Anomalies & OrderAnomaly.Misread) == 0));

    static IQueryable<Order> BerthTaken(CitySession s) => s.Db.Set<Order>()
        .Where(o => o.State == OrderState.Parked && o.BerthId != null && (o.Doubts & StayDoubt.BerthTaken) == 0)
        .Where(o => (o.Anomalies & OrderAnomaly.OtherPlate) != 0
            || s.Db.Set<Berth>().Any(b => b.Id == o.BerthId && !b.Occupied && b.StateAt > o.EnteredAt));

    /// <summary>Whose end a person gave is as long as they said.</summary>
    static async Task<List<Order>> TooLongAsync(CitySession s, CancellationToken ct)
    {
        var now = s.Now;
        var watched = s.Db.Set<Order>().Where(o => (o.Doubts & StayDoubt.TooLong) == 0 && o.EnteredAt != null
            && (o.State == OrderState.Parked || (o.State == OrderState.Arrears && (o.Anomalies & OrderAnomaly.Corrected) == 0)));
        var least = await s.Db.Set<Lot>().MinAsync(l => l.LongestStayHours, ct) is { } hours && TimeSpan.FromHours(hours) < Least
            ? TimeSpan.FromHours(hours) : Least;
        var lots = await watched.Where(o => (o.ExitedAt ?? now) - o.EnteredAt > least).Select(o => o.LotId).Distinct()
            .Join(s.Db.Set<Lot>(), id => id, l => l.Id, (_, l) => new { l.Id, l.LongestStayHours }).ToListAsync(ct);
        var cars = new PlateLists(s);
        List<Order> found = [];
        foreach (var lot in lots)
        {
            var bound = lot.LongestStayHours is { } own ? TimeSpan.FromHours(own) : await HabitAsync(s, lot.Id, ct);
            var stays = await WithoutPass(s, watched.Where(o => o.LotId == lot.Id && (o.ExitedAt ?? now) - o.EnteredAt > bound))
                .OrderBy(o => o.Id).Take(Portion).ToListAsync(ct);
            await cars.LoadAsync(stays.Select(o => o.Plate).OfType<string>(), [], ct);
            foreach (var stay in stays)
                if (!(await cars.DecideAsync(lot.Id, stay.Plate, stay.ExitedAt ?? now, ct)).Free)
                    found.Add(stay);
        }
        return found;
    }

    /// <summary>What all but one of so many stays of the lot are shorter than, by the database.</summary>
    internal static async Task<TimeSpan> HabitAsync(CitySession s, Guid lotId, CancellationToken ct)
    {
        var since = s.City.Zone.Date(s.Now).AddDays(-HabitDays);
        var past = s.Db.Set<Order>().Where(o => o.LotId == lotId && o.BusinessDate >= since && o.EnteredAt != null && o.ExitedAt != null
            && o.Doubts == StayDoubt.None && (o.State == OrderState.Completed || o.State == OrderState.AwaitingPayment || o.State == OrderState.Arrears));
        var count = await past.CountAsync(ct);
        if (count < OneOf)
            return WithoutHabit;
        var habit = await past.Select(o => (o.ExitedAt - o.EnteredAt)!.Value).OrderByDescending(x => x).Skip(count / OneOf).FirstAsync(ct);
        return habit > Least ? habit : Least;
    }

    /// <summary>Whoever has a pass for the lot may stand there for weeks.</summary>
    internal static IQueryable<Order> WithoutPass(CitySession s, IQueryable<Order> stays)
    {
        var passes = PassInForce.Now(s);
        return stays.Where(o => !passes.Any(p => ((o.Plate != null && p.Plate == o.Plate) || (o.BerthId != null && p.BerthId == o.BerthId))
            && (p.Everywhere || p.LotIds.Contains(o.LotId) || s.Db.Set<LotGroup>().Any(g => g.Id == p.GroupId && g.LotIds.Contains(o.LotId)))));
    }
}
