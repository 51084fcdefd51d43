using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>Where a car is seen: a lane or a berth, with the device that sees it, and what moves the lane's gate.</summary>
sealed record DemoSpot(Guid? LaneId, Guid? BerthId, Device Device, Device? Gate);

/// <summary>A lot of the demo as its history needs it, and which of its places are taken at the moment that the history has come to.</summary>
sealed class DemoPlace
{
    /// <summary>Where nobody plays the cars, those that are in stay for good: no more than so many.</summary>
    const int MostLeft = 6;

    readonly PriorityQueue<DateTimeOffset, DateTimeOffset> exits = new();
    readonly DateTimeOffset[] berthsFree;
    int left;

    DemoPlace(DemoLot plan, Lot lot, DemoSpot[] entries, DemoSpot[] leaving, DemoSpot[] berths) =>
        (Plan, Lot, Entries, Exits, Berths, berthsFree) = (plan, lot, entries, leaving, berths, new DateTimeOffset[berths.Length]);

    public DemoLot Plan { get; }

    public Lot Lot { get; }

    /// <summary>Lanes in, each with its camera; none on a street.</summary>
    public DemoSpot[] Entries { get; }

    /// <summary>Lanes out, each with its camera; none on a street.</summary>
    public DemoSpot[] Exits { get; }

    /// <summary>Berths with their sensors, but for those that a pass is bound to.</summary>
    public DemoSpot[] Berths { get; }

    /// <summary>The tariff version that prices all its stays.</summary>
    public required Guid VersionId { get; init; }

    public required Tariff Tariff { get; init; }

    public required CalendarInForce Calendar { get; init; }

    /// <summary>Reads the lots of a city.</summary>
    public static async Task<List<DemoPlace>> ReadAsync(CitySession s, DemoCity plan, TariffsInForce tariffs, CalendarsInForce calendars, CancellationToken ct)
    {
        var lots = await s.Db.Set<Lot>().AsNoTracking().Where(l => l.RetiredAt == null).ToDictionaryAsync(l => l.Name, ct);
        var devices = await s.Db.Set<Device>().AsNoTracking().Where(d => d.RetiredAt == null).OrderBy(d => d.Name).ToListAsync(ct);
        var bound = await s.Db.Set<PassPlate>().Where(p => p.BerthId != null).Select(p => p.BerthId!.Value).ToListAsync(ct);
        var versions = await tariffs.ForLotsAsync(s, [.. lots.Values.Select(l => l.Id)], ct);
        var places = new List<DemoPlace>();
        foreach (var of in plan.Lots)
        {
            var lot = lots[of.Name];
            var version = versions.VersionAt(lot.Id, s.Now)!.Value;
            places.Add(new DemoPlace(of, lot, Spots(DeviceKind.EntryCamera), Spots(DeviceKind.ExitCamera), Spots(DeviceKind.BerthSensor))
            {
                VersionId = version,
                Tariff = await tariffs.RulesAsync(s, version, ct),
                Calendar = await calendars.GetAsync(s, lot.CalendarId, ct)
            });

            DemoSpot[] Spots(DeviceKind kind) => [.. devices.Where(d => d.LotId == lot.Id && d.Kind == kind && !bound.Contains(d.BerthId ?? default))
                .Select(d => new DemoSpot(d.LaneId, d.BerthId, d, d.LaneId is null ? null : Gates.MoverOf(devices.Where(x => x.LaneId == d.LaneId))))];
        }
        return places;
    }

    /// <summary>Lets a car in if there is room.</summary>
    /// <param name="exit">When it leaves; null where it stays.</param>
    /// <param name="spots">Where it is seen coming and going.</param>
    public bool TryEnter(Random random, DateTimeOffset entry, DateTimeOffset? exit, out (DemoSpot In, DemoSpot Out) spots)
    {
        spots = default;
        if (exit is null && !Plan.Simulated && left == MostLeft)
            return false;
        var until = exit ?? DateTimeOffset.MaxValue;
        if (Berths.Length > 0)
        {
            // Drivers take any berth that is free, and none at the instant at which another leaves.
            var first = random.Next(Berths.Length);
            for (var i = 0; i < Berths.Length; i++)
                if ((first + i) % Berths.Length is var berth && berthsFree[berth] < entry.AddSeconds(-20))
                {
                    berthsFree[berth] = until;
                    spots = (Berths[berth], Berths[berth]);
                    return true;
                }
            return false;
        }
        while (exits.TryPeek(out _, out var next) && next <= entry)
            exits.Dequeue();
        if (exits.Count >= Lot.Capacity)
            return false;
        exits.Enqueue(until, until);
        left += exit is null ? 1 : 0;
        spots = (Entries[random.Next(Entries.Length)], Exits[random.Next(Exits.Length)]);
        return true;
    }
}
