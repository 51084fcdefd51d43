using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Reports;

/// <summary>Replays a period's orders under another version of a tariff, a draft too: what would have come in, who would have paid more
/// and who less. Nothing is written.</summary>
/// <remarks>It is work for the background: one query, read row by row, without the server's parallel workers, one replay in a city at a
/// time, on as many cores as <see cref="Workers"/>.</remarks>
public sealed class WhatIf(CitySessions sessions, CalendarsInForce calendars)
{
    /// <summary>The longest period that is replayed, in days.</summary>
    public const int MaxDays = 366;

    /// <summary>How many orders are listed at either end.</summary>
    public const int Listed = 20;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    static readonly int Workers = Math.Clamp(Environment.ProcessorCount, 1, 2);

    /// <param name="actor">Who asks; orders within reach are replayed.</param>
    /// <param name="progress">Told after every few thousand orders.</param>
    /// <exception cref="AccessDeniedException">The actor may not replay orders.</exception>
    public async Task<Result<WhatIfResult>> RunAsync(Actor actor, WhatIfQuestion question, IProgress<WhatIfProgress>? progress, CancellationToken ct)
    {
        if (Check.Period("Period", question.From, question.To, MaxDays) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, ReportPermissions.WhatIf, ct);
        s.Db.Database.SetCommandTimeout(Patience);
        // One state of the data for all that is read.
        await using var reading = await s.Db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        if (!await IsAloneAsync(s, reading, ct))
            return new WhatIfBusy();
        if (await s.Db.Set<TariffVersion>().AsNoTracking().FirstOrDefaultAsync(v => v.Id == question.VersionId, ct) is not { } version)
            return new NotFound("tariff");
        var (tariff, problems) = version.Read();
        if (tariff is null)
            return new TariffInvalid(problems);

        var lots = await LotsAsync(s, question, ct);
        var groups = await GroupsAsync(s, tariff, ct);
        Guid[] ids = [.. lots.Keys];
        var states = await s.Db.Set<Order>().Where(o => ids.Contains(o.LotId) && o.BusinessDate >= question.From && o.BusinessDate <= question.To)
            .GroupBy(o => o.State).Select(g => new { g.Key, Count = g.Count(), First = g.Min(o => o.EnteredAt) }).ToListAsync(ct);
        var count = states.Where(x => ReplayedOrders.IsPriced(x.Key)).Sum(x => x.Count);
        var tally = new WhatIfTally(s.City.Zone);
        progress?.Report(new WhatIfProgress(0, count));
        var first = states.Where(x => ReplayedOrders.IsPriced(x.Key)).Min(x => x.First);
        await Parallel.ForEachAsync(ReplayedOrders.BatchesAsync(s, question, tariff, lots, groups, first, ct),
            new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = ct }, (batch, _) =>
            {
                var part = new WhatIfTally(s.City.Zone);
                foreach (var stay in batch)
                    part.Add(stay, stay.FeeUnder(tariff, s.City.Zone));
                lock (tally)
                {
                    tally.Add(part);
                    progress?.Report(new WhatIfProgress(tally.Seen, count));
                }
                return ValueTask.CompletedTask;
            });
        return tally.Result(s.Now, states.Where(x => x.Key is OrderState.Void).Sum(x => x.Count),
            states.Where(x => x.Key is OrderState.Unresolved).Sum(x => x.Count),
            states.Where(x => x.Key is OrderState.Parked).Sum(x => x.Count));
    }

    /// <summary>Whether nobody else replays orders in the city, on whatever node. Those who come later are told so; the lock ends with the
    /// transaction.</summary>
    static async Task<bool> IsAloneAsync(CitySession s, IDbContextTransaction reading, CancellationToken ct)
    {
        await using DbCommand command = s.Db.Database.GetDbConnection().CreateCommand();
        command.Transaction = reading.GetDbTransaction();
        command.CommandText = "SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '64MB'; SELECT pg_try_advisory_xact_lock(7403)";
        return await command.ExecuteScalarAsync(ct) is true;
    }

    async Task<Dictionary<Guid, ReplayedLot>> LotsAsync(CitySession s, WhatIfQuestion question, CancellationToken ct)
    {
        var chosen = await s.Db.Set<Lot>().AsNoTracking().Where(l => question.LotIds.Count == 0 || question.LotIds.Contains(l.Id))
            .Select(l => new { l.Id, l.Name, l.CalendarId, l.PrepaidMinutesToLeave }).ToListAsync(ct);
        var lots = new Dictionary<Guid, ReplayedLot>(chosen.Count);
        foreach (var lot in chosen)
            lots[lot.Id] = new ReplayedLot(lot.Id, lot.Name, (await calendars.GetAsync(s, lot.CalendarId, ct)).Days, lot.PrepaidMinutesToLeave);
        return lots;
    }

    /// <summary>Which groups each car is in now, where the tariff asks.</summary>
    static async Task<Dictionary<string, string[]>> GroupsAsync(CitySession s, Tariff tariff, CancellationToken ct)
    {
        string[] named = [.. tariff.Conditions.SelectMany(c => c.GroupsNamed)];
        if (named.Length == 0)
            return [];
        var members = await s.Db.Set<PlateGroupPlate>().Join(s.Db.Set<PlateGroup>().Where(g => named.Contains(g.Name)), p => p.GroupId, g => g.Id,
            (p, g) => new { p.Plate, g.Name }).ToListAsync(ct);
        return members.GroupBy(m => m.Plate, m => m.Name).ToDictionary(g => g.Key, g => g.ToArray());
    }
}
