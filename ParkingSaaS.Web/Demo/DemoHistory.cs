using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Web.Demo;

/// <summary>Gives a city of the demo its past: up to a year of stays, priced by the engine and paid, up to now. The same seed makes the same cars
/// come on the same day; what is there once is not made again.</summary>
sealed class DemoHistory(Settings settings, CitySessions sessions, TariffsInForce tariffs, CalendarsInForce calendars)
{
    /// <summary>The gate that is off line has been so for this long.</summary>
    public static readonly TimeSpan LostFor = TimeSpan.FromHours(3);

    /// <summary>Makes it unless the city has orders.</summary>
    public async Task RunAsync(Actor actor, string permission, DemoCity plan, DemoCars cars, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, permission, ct);
        if (await s.Db.Set<Order>().AnyAsync(ct))
            return;
        var random = plan.Random(settings.SimulatorSeed);
        var places = await DemoPlace.ReadAsync(s, plan, tariffs, calendars, ct);
        var visits = (await HoldersAsync(s, cars, places, random, ct)).Concat(await ListedAsync(s, plan, places, random, ct));
        var stays = new DemoTraffic(s.City, places, cars, random, s.Now).Run(First(s), visits);
        var shifts = await DemoShifts.ReadAsync(s, places[0].Lot.Id, ct);
        var ledger = new DemoLedger(s.City, random, s.Now, shifts);
        var cases = new DemoCases(s.City, ledger, s.Now).At(places.First(p => p.Plan is { Simulated: true, Kind: LotKind.Indoor }), plan);

        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.Db.LoadAsync(stays.Select(ledger.Write).Concat(cases), ct);
        shifts.End();
        await s.Db.LoadAsync(shifts.Shifts, ct);
        await s.Db.LoadAsync(shifts.Operations, ct);
        await s.Db.LoadAsync(ledger.Payments, ct);
        await DemoBills.AddAsync(s, ledger.Payments, ct);
        await s.Db.LoadAsync(ledger.Postings, ct);
        await s.Db.LoadAsync(ledger.Passages, ct);
        await s.Db.LoadAsync(ledger.Operations, ct);
        await s.Db.LoadAsync(ledger.Messages, ct);
        await s.Db.LoadAsync(ledger.Commands, ct);
        await BerthsAsync(s, stays, ct);
        await AskAsync(s, plan, ct);
        await LoseGateAsync(s, ct);
        await s.Db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    DateOnly First(CitySession s) => s.City.Zone.Date(s.Now).AddDays(1 - settings.DemoDays);

    /// <summary>Holders of passes come to their lot on most workdays, and stay free as long as the pass lasts.</summary>
    async Task<List<DemoVisit>> HoldersAsync(CitySession s, DemoCars cars, List<DemoPlace> places, Random random, CancellationToken ct)
    {
        var visits = new List<DemoVisit>();
        var lots = await s.Db.Set<PassPlate>().Where(p => p.Plate != null)
            .Join(s.Db.Set<Pass>(), p => p.PassId, p => p.Id, (plate, pass) => new { Plate = plate.Plate!, pass.LotId, pass.Number }).ToListAsync(ct);
        var (first, today) = (First(s), s.City.Zone.Date(s.Now));
        foreach (var held in lots.OrderBy(l => l.Number))
        {
            if (!cars.Holders.Any(c => c.Plate == held.Plate))
                continue;
            var place = places.First(p => p.Lot.Id == held.LotId);
            var pass = (await PassInForce.OfAsync(s, held.LotId, held.Plate, null, s.City.Zone.StartOf(first), s.Now, ct)).Single();
            for (var day = first; day <= today; day = day.AddDays(1))
                if (random.Next(100) < (place.Calendar.Days.On(day) is DayType.Workday ? 86 : 12)
                    && PassInForce.Span(s.City.Zone, day, day) is var time && pass.Days.Any(d => d.From <= time.From && d.To >= time.To))
                    visits.Add(new DemoVisit(place, DemoCar.Of(held.Plate), time.From.AddSeconds(random.Next(7 * 3600, 10 * 3600)),
                        TimeSpan.FromMinutes(random.Next(6 * 60, 11 * 60)))
                    {
                        Pass = held.Number
                    });
        }
        return visits;
    }

    /// <summary>Cars that a list knows, and two that their owners ask about.</summary>
    async Task<List<DemoVisit>> ListedAsync(CitySession s, DemoCity plan, List<DemoPlace> places, Random random, CancellationToken ct)
    {
        var visits = new List<DemoVisit>();
        var (gated, street) = (places[0], places.First(p => !p.Lot.Gated));
        var (lists, first, today) = (new PlateLists(s), First(s), s.City.Zone.Date(s.Now));
        for (var day = first; day <= today; day = day.AddDays(1))
        {
            foreach (var bus in DemoVehicles.Buses(plan).Where(_ => random.Next(100) < 45))
                await FreeAsync(gated, bus, day, random.Next(11, 15));
            if (random.Next(100) < 12)
                await FreeAsync(places[1], DemoVehicles.Police(plan), day, random.Next(9, 17));
        }
        await FreeAsync(gated, DemoVehicles.Guest(plan), today.AddDays(-2), 14);
        var (refused, indebted) = (DemoVehicles.Refused(plan), DemoVehicles.Indebted(plan));
        foreach (var (plate, days, minutes) in new[] { (refused, 58, 190), (refused, 41, 150), (refused, 33, 215), (indebted, 2, 105) })
            visits.Add(new DemoVisit(street, DemoCar.Of(plate), At(today.AddDays(-days), 13), TimeSpan.FromMinutes(minutes)) { NeverPays = true });
        visits.Add(new DemoVisit(gated, DemoCar.Of(DemoVehicles.Left(plan)), At(today.AddDays(-12), 9), null));
        return visits;

        async Task FreeAsync(DemoPlace place, string plate, DateOnly day, int hour)
        {
            var at = At(day, hour);
            visits.Add(new DemoVisit(place, DemoCar.Of(plate), at, TimeSpan.FromSeconds(random.Next(1200, 5400)))
            {
                Free = (await lists.DecideAsync(place.Lot.Id, plate, at, ct)).Note
            });
        }

        DateTimeOffset At(DateOnly day, int hour) => s.City.Zone.StartOf(day).AddHours(hour).AddSeconds(random.Next(3600));
    }

    /// <summary>Sensors last said what the stays say.</summary>
    static async Task BerthsAsync(CitySession s, List<DemoStay> stays, CancellationToken ct)
    {
        var last = stays.Where(x => x.In.BerthId is not null).GroupBy(x => x.In.BerthId!.Value).ToDictionary(g => g.Key, g => g.MaxBy(x => x.Entry)!);
        Guid[] berths = [.. last.Keys];
        foreach (var berth in await s.Db.Set<Berth>().Where(b => berths.Contains(b.Id)).ToListAsync(ct))
            (berth.Occupied, berth.StateAt) = (last[berth.Id].Exit is null, last[berth.Id].Exit ?? last[berth.Id].Entry);
    }

    /// <summary>Somebody wants the oldest debt of a car that never pays written off; it waits for a decision.</summary>
    static async Task AskAsync(CitySession s, DemoCity plan, CancellationToken ct)
    {
        const string by = "公司管理员", reason = "车辆已报废，联系不到车主";
        var (plate, at) = (DemoVehicles.Refused(plan), s.Now.AddHours(-20));
        if (await s.Db.Set<Order>().AsNoTracking().Where(o => o.State == OrderState.Arrears && o.Plate == plate).OrderBy(o => o.ExitedAt)
            .FirstOrDefaultAsync(ct) is not { } order)
            return;
        s.Db.Add(new Review
        {
            Id = Guid.CreateVersion7(at),
            LotId = order.LotId,
            Kind = ReviewKind.WriteOff,
            OrderId = order.Id,
            Amount = order.Owed,
            Reason = reason,
            AskedBy = by,
            AskedById = s.Actor.Id,
            AskedAt = at,
            Steps = ReviewSteps.Finance,
            Next = ReviewSteps.Finance
        });
        s.Db.Add(new OrderOperation
        {
            Id = Guid.CreateVersion7(at),
            LotId = order.LotId,
            OrderId = order.Id,
            At = at,
            By = by,
            Kind = OrderOperationKind.WriteOffAsked,
            State = order.State,
            Amount = order.Owed,
            Detail = reason
        });
    }

    static async Task LoseGateAsync(CitySession s, CancellationToken ct)
    {
        if (await s.Db.Set<Device>().FirstOrDefaultAsync(d => d.Name == DemoPlan.LostGate, ct) is not { } gate)
            return;
        (gate.LastSeenAt, gate.OfflineSince) = (s.Now - LostFor, s.Now - LostFor);
        s.Db.Add(new DeviceStateChange
        {
            Id = Guid.CreateVersion7(s.Now - LostFor),
            LotId = gate.LotId,
            DeviceId = gate.Id,
            At = s.Now - LostFor,
            State = "offline",
            Detail = "lost"
        });
    }
}
