using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>A stay as far as passes look at it: a car in their lots.</summary>
/// <param name="Plate">Its plate; null when none was read.</param>
/// <param name="Exit">When it left, or until when it is looked at.</param>
public readonly record struct PassStay(Guid OrderId, string? Plate, DateTimeOffset Entry, DateTimeOffset Exit);

/// <summary>Some time of a stay that a pass makes free.</summary>
/// <param name="Number">The pass.</param>
public readonly record struct PassCover(Stretch Time, long Number);

/// <summary>A plate or a berth that has a pass.</summary>
public sealed class PassHold
{
    /// <summary>The plate; null for a berth.</summary>
    public string? Plate { get; init; }

    /// <summary>The berth; null for a plate.</summary>
    public Guid? BerthId { get; init; }

    /// <summary>In all lots of the city; else in those of the group, or in the lots that are named.</summary>
    public bool Everywhere { get; init; }

    public Guid? GroupId { get; init; }
    public List<Guid> LotIds { get; init; } = [];
}

/// <summary>A pass that was paid, as far as it matters to stays.</summary>
public sealed record PassInForce
{
    public required long Number { get; init; }

    /// <summary>How many of its cars park on it at once.</summary>
    public required int Places { get; init; }

    /// <summary>The lots where it holds; null for all of the city's.</summary>
    public required IReadOnlyList<Guid>? Lots { get; init; }

    /// <summary>Bound to a berth: whatever stands there is its car.</summary>
    public required bool ByBerth { get; init; }

    /// <summary>When it holds: the days that are paid, without those on which it stood still.</summary>
    public required IReadOnlyList<Stretch> Days { get; init; }

    /// <summary>Which plate it had when.</summary>
    public required IReadOnlyList<(string Plate, Stretch Time)> Plates { get; init; }

    /// <summary>Its plates, past and present.</summary>
    public IEnumerable<string> AllPlates => Plates.Select(p => p.Plate).Distinct();

    static readonly PassState[] Counting =
        [PassState.Active, PassState.Suspended, PassState.CancelAsked, PassState.CancelAgreed, PassState.Cancelled];

    /// <summary>The passes that may cover a stay in a lot, by number. One query, by the indices of plates and berths.</summary>
    /// <param name="s">The session; passes hold whoever looks.</param>
    /// <param name="plate">The car's plate, if it was read.</param>
    /// <param name="berthId">The berth, on street.</param>
    /// <param name="entry">The stay's beginning.</param>
    /// <param name="until">Its end.</param>
    public static async Task<IReadOnlyList<PassInForce>> OfAsync(CitySession s, Guid lotId, string? plate, Guid? berthId, DateTimeOffset entry,
        DateTimeOffset until, CancellationToken ct)
    {
        if (plate is null && berthId is null)
            return [];
        var zone = s.City.Zone;
        var (first, last) = (zone.Date(entry), zone.Date(until));
        var db = s.Db;
        var rows = await (
            from pass in db.Set<Pass>().AsNoTracking().IgnoreQueryFilters([CityDb.ScopeFilter])
            join product in db.Set<PassProduct>() on pass.ProductId equals product.Id
            where db.Set<PassPlate>().Where(k => (plate != null && k.Plate == plate) || (berthId != null && k.BerthId == berthId))
                    .Select(k => k.PassId).Contains(pass.Id)
                && Counting.Contains(pass.State) && pass.From <= last && pass.Until >= first
                && (product.Scope == PassScope.City || product.LotIds.Contains(lotId)
                    || db.Set<LotGroup>().Any(g => g.Id == product.GroupId && g.LotIds.Contains(lotId)))
            orderby pass.Number
            select new
            {
                pass.Number,
                pass.Places,
                pass.BerthId,
                product.Scope,
                product.LotIds,
                GroupLots = db.Set<LotGroup>().Where(g => g.Id == product.GroupId).Select(g => g.LotIds).FirstOrDefault(),
                Periods = db.Set<PassPeriod>().Where(x => x.PassId == pass.Id && x.State == PassPeriodState.Paid)
                    .Select(x => new { x.From, x.Until }).ToList(),
                Pauses = db.Set<PassPause>().Where(x => x.PassId == pass.Id).Select(x => new { x.From, x.Until }).ToList(),
                Plates = db.Set<PassPlate>().Where(x => x.PassId == pass.Id && x.Plate != null).Select(x => new { x.Plate, x.Since, x.Until }).ToList()
            }).ToListAsync(ct);
        return [.. rows.Select(r => new PassInForce
        {
            Number = r.Number,
            Places = r.Places,
            ByBerth = r.BerthId is not null,
            Lots = r.Scope switch { PassScope.City => null, PassScope.Group => r.GroupLots ?? [], _ => r.LotIds },
            Days = Stretches.Union(r.Periods.Select(p => Span(zone, p.From, p.Until)))
                .Without([.. r.Pauses.Select(p => Span(zone, p.From, p.Until))]),
            Plates = [.. r.Plates.Select(p => (p.Plate!, new Stretch(p.Since ?? DateTimeOffset.MinValue, p.Until ?? DateTimeOffset.MaxValue)))]
        })];
    }

    /// <summary>The plates and berths of passes that hold now, each with where its pass does.</summary>
    public static IQueryable<PassHold> Now(CitySession s)
    {
        var (db, now, today) = (s.Db, s.Now, s.City.Zone.Date(s.Now));
        return from key in db.Set<PassPlate>()
               join pass in db.Set<Pass>() on key.PassId equals pass.Id
               join product in db.Set<PassProduct>() on pass.ProductId equals product.Id
               where Counting.Contains(pass.State) && pass.From <= today && pass.Until >= today
                   && (key.Since == null || key.Since <= now) && (key.Until == null || key.Until > now)
                   && db.Set<PassPeriod>().Any(x => x.PassId == pass.Id && x.State == PassPeriodState.Paid && x.From <= today && x.Until >= today)
                   && !db.Set<PassPause>().Any(x => x.PassId == pass.Id && x.From <= today && (x.Until == null || x.Until >= today))
               select new PassHold
               {
                   Plate = key.Plate,
                   BerthId = key.BerthId,
                   Everywhere = product.Scope == PassScope.City,
                   GroupId = product.GroupId,
                   LotIds = product.LotIds
               };
    }

    /// <summary>Local days, both included, as time.</summary>
    public static Stretch Span(CityZone zone, DateOnly from, DateOnly? until) =>
        new(zone.StartOf(from), until is { } last ? zone.StartOf(last.AddDays(1)) : DateTimeOffset.MaxValue);

    /// <summary>The time of a stay in which the car may park on this pass, if there is a place.</summary>
    public List<Stretch> Eligible(PassStay stay)
    {
        var time = Days.And([new Stretch(stay.Entry, stay.Exit)]);
        return ByBerth ? time : time.And(Stretches.Union(Plates.Where(p => p.Plate == stay.Plate).Select(p => p.Time)));
    }

    /// <summary>The time of a stay that the pass covers: that in which fewer of its cars that came in before are on it than it has places.
    /// Of cars that came in together the one with the smaller order id was first.</summary>
    /// <param name="others">Stays of its other cars, where it holds.</param>
    public List<Stretch> Covered(PassStay stay, IEnumerable<PassStay> others)
    {
        var eligible = Eligible(stay);
        var before = others.Where(o => o.OrderId != stay.OrderId && (o.Entry, o.OrderId).CompareTo((stay.Entry, stay.OrderId)) < 0)
            .SelectMany(Eligible).ToList();
        if (ByBerth || before.Count < Places)
            return eligible;
        // Between two of these instants nobody comes or goes.
        var instants = eligible.Concat(before).SelectMany(x => new[] { x.From, x.To }).Distinct().Order().ToList();
        return eligible.And(Stretches.Union(instants.Zip(instants.Skip(1), (from, to) => new Stretch(from, to))
            .Where(x => before.Count(b => b.From <= x.From && b.To >= x.To) < Places)));
    }
}
