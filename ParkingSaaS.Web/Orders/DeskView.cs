using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Orders;

/// <summary>How long a case waits, by when its stay began.</summary>
public enum CaseAge
{
    /// <summary>24 hours or less.</summary>
    Day,

    /// <summary>More than that, and seven days or less.</summary>
    Week,

    /// <summary>More than seven days.</summary>
    Longer
}

/// <summary>A case in the queue of the exceptions desk.</summary>
/// <param name="Start">When its stay began or, where that is unknown, when the car was seen leaving.</param>
/// <param name="Urgent">The car may stand at the exit now.</param>
public sealed record CaseRow(Guid Id, CaseKind Kind, string? Plate, string Lot, DateTimeOffset Start, bool Urgent);

/// <summary>The queue of the exceptions desk: whoever may stand at an exit first, then the oldest.</summary>
/// <param name="Cases">The first <see cref="Most"/>.</param>
/// <param name="Count">How many there are in all.</param>
public sealed record DeskView(IReadOnlyList<CaseRow> Cases, int Count, DateTimeOffset Now)
{
    /// <summary>Nobody reads further: what is worked off makes room.</summary>
    public const int Most = 50;

    /// <summary>Reads the cases within the session's reach to which the address narrows the desk.</summary>
    public static async Task<DeskView> LoadAsync(CitySession s, ListFilters narrowed)
    {
        var waiting = OrderCases.Waiting(s);
        if (narrowed.Of<CaseKind>("kind") is { } kind)
            waiting = OrderCases.OfKind(waiting, kind);
        if (narrowed.Id("lotId") is { } lot)
            waiting = waiting.Where(o => o.LotId == lot);
        var (day, week) = (s.Now.AddDays(-1), s.Now.AddDays(-7));
        waiting = narrowed.Of<CaseAge>("age") switch
        {
            CaseAge.Day => waiting.Where(o => (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) >= day),
            CaseAge.Week => waiting.Where(o => (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) < day && (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) >= week),
            CaseAge.Longer => waiting.Where(o => (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) < week),
            _ => waiting
        };
        var standing = s.Now - ExitSettlement.StandingWindow;
        var rows = await waiting
            .Select(o => new
            {
                o.Id,
                o.State,
                o.Anomalies,
                o.Plate,
                Lot = s.Db.Set<Lot>().First(l => l.Id == o.LotId).Name,
                o.EnteredAt,
                o.ExitedAt,
                Start = o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt,
                Urgent = o.State == OrderState.Unresolved && o.ExitLaneId != null && o.ExitedAt >= standing
            })
            .OrderByDescending(o => o.Urgent).ThenBy(o => o.Start).ThenBy(o => o.Id).Take(Most).ToListAsync();
        var count = rows.Count < Most ? rows.Count : await waiting.CountAsync();
        return new DeskView([.. rows.Select(o => new CaseRow(o.Id, OrderCases.KindOf(o.State, o.Anomalies, o.EnteredAt is not null, o.ExitedAt is not null),
            o.Plate, o.Lot, o.Start, o.Urgent))], count, s.Now);
    }
}
