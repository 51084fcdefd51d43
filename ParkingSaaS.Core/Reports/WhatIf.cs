using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
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

    const int BatchSize = 2048;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    static readonly int Workers = Math.Clamp(Environment.ProcessorCount, 1, 2);

    /// <param name="actor">Who asks; orders within reach are replayed.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="progress">Told after every few thousand orders.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="AccessDeniedException">The actor may not replay orders.</exception>
    public async Task<Result<WhatIfResult>> RunAsync(Actor actor, WhatIfQuestion question, IProgress<WhatIfProgress>? progress, CancellationToken ct)
    {
        if (question.To < question.From || question.To.DayNumber - question.From.DayNumber >= MaxDays)
            return new InvalidField("Period", "out-of-range");
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
        var count = states.Where(x => IsPriced(x.Key)).Sum(x => x.Count);
        var tally = new Tally(s.City.Zone);
        progress?.Report(new WhatIfProgress(0, count));
        await Parallel.ForEachAsync(BatchesAsync(s, question, tariff, lots, groups, states.Where(x => IsPriced(x.Key)).Min(x => x.First), ct),
            new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = ct }, (batch, _) =>
            {
                var part = new Tally(s.City.Zone);
                foreach (var stay in batch)
                    part.Add(stay, NowOf(stay, tariff, s.City.Zone));
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

    async Task<Dictionary<Guid, LotRules>> LotsAsync(CitySession s, WhatIfQuestion question, CancellationToken ct)
    {
        var chosen = await s.Db.Set<Lot>().AsNoTracking().Where(l => question.LotIds.Count == 0 || question.LotIds.Contains(l.Id))
            .Select(l => new { l.Id, l.Name, l.CalendarId, l.PrepaidMinutesToLeave }).ToListAsync(ct);
        var lots = new Dictionary<Guid, LotRules>(chosen.Count);
        foreach (var lot in chosen)
            lots[lot.Id] = new LotRules(lot.Id, lot.Name, (await calendars.GetAsync(s, lot.CalendarId, ct)).Days, lot.PrepaidMinutesToLeave);
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

    static bool IsPriced(OrderState state) => state is OrderState.AwaitingPayment or OrderState.Arrears or OrderState.Completed;

    /// <summary>The period's orders in batches, each with the car's stays before it where the tariff asks for them.</summary>
    static async IAsyncEnumerable<List<Replayed>> BatchesAsync(CitySession s, WhatIfQuestion question, Tariff tariff,
        Dictionary<Guid, LotRules> lots, Dictionary<string, string[]> groups, DateTimeOffset? first, [EnumeratorCancellation] CancellationToken ct)
    {
        Guid[] ids = [.. lots.Keys];
        var orders = s.Db.Set<Order>().AsNoTracking().Where(o => ids.Contains(o.LotId) && o.EnteredAt != null && o.ExitedAt != null);
        // A car's stays come one after the other, from as far before the first of the period as the tariff looks back.
        if (tariff.DaysBack > 0 && first is { } begin)
        {
            var since = s.City.Zone.Date(begin.AddDays(-tariff.DaysBack));
            orders = orders.Where(o => o.State != OrderState.Void && o.BusinessDate >= since && o.BusinessDate <= question.To)
                .OrderBy(o => o.LotId).ThenBy(o => o.Plate).ThenBy(o => o.EnteredAt);
        }
        else
            orders = orders.Where(o => (o.State == OrderState.AwaitingPayment || o.State == OrderState.Arrears || o.State == OrderState.Completed)
                && o.BusinessDate >= question.From && o.BusinessDate <= question.To);
        var rows = orders.Select(o => new
        {
            o.Id,
            o.LotId,
            o.Plate,
            o.Vehicle,
            o.Colour,
            o.State,
            o.BusinessDate,
            Entry = o.EnteredAt!.Value,
            Exit = o.ExitedAt!.Value,
            o.PaidUntil,
            Then = o.Receivable.Minor,
            Paid = o.Received.Minor,
            Marked = o.MarkReason != null,
            Passes = o.FeeLines != null && EF.Functions.JsonContains(o.FeeLines, """{"lines":[{"code":"pass"}]}""") ? o.FeeLines : null,
            Free = o.Receivable.Minor == 0 && o.FeeLines != null && (EF.Functions.JsonContains(o.FeeLines, """{"notes":[{"code":"whiteList"}]}""")
                || EF.Functions.JsonContains(o.FeeLines, """{"notes":[{"code":"specialPlate"}]}"""))
        }).AsAsyncEnumerable();

        var batch = new List<Replayed>(BatchSize);
        var before = new List<EarlierStay>();
        (Guid Lot, string? Plate) car = default;
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (car != (row.LotId, row.Plate))
                before.Clear();
            car = (row.LotId, row.Plate);
            if (row.BusinessDate >= question.From && IsPriced(row.State))
            {
                var lot = lots[row.LotId];
                // Who paid in advance and left in time paid up to then; he would have done so under the other prices too.
                var until = row.PaidUntil is { } paid && row.Exit > paid && row.Exit <= paid.AddMinutes(lot.MinutesToLeave) && row.Paid >= row.Then
                    ? paid : row.Exit;
                batch.Add(new Replayed(row.Id, lot, row.Plate, row.Exit, row.Then, row.Free, row.Passes is null ? null : Covered(row.Passes),
                    new Stay(row.Entry, until, row.Vehicle, row.Colour, row.Colour is PlateColour.Green or PlateColour.YellowGreen,
                        row.Plate is null ? null : groups.GetValueOrDefault(row.Plate), row.Marked,
                        tariff.DaysBack > 0 && row.Plate is not null ? Pricing.Earlier(before, row.Entry, tariff.DaysBack) : null)));
            }
            if (tariff.DaysBack > 0 && row.Plate is not null)
                before.Add(new EarlierStay(row.Entry, row.Exit));
            if (batch.Count < BatchSize)
                continue;
            yield return batch;
            batch = new List<Replayed>(BatchSize);
        }
        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>The time that passes covered, as the order's lines have it.</summary>
    static List<Stretch> Covered(string lines) => Stretches.Union(JsonSerializer.Deserialize<FeeQuote>(lines, TariffJson.Options)!.Lines
        .Where(l => l.Code is FeeLineCode.Pass).Select(l => new Stretch(l.From, l.To)));

    /// <summary>What it costs under the tariff. Time that a pass covered stays covered, and what is left of the stay is priced in parts, as
    /// orders are.</summary>
    /// <returns>Null where there is no fee.</returns>
    static long? NowOf(in Replayed order, Tariff tariff, CityZone zone)
    {
        if (order.Free)
            return 0;
        if (order.Covered is null)
            return FeeOf(order, order.Stay);
        var (sum, charged) = (0L, new List<EarlierStay>());
        foreach (var time in new[] { new Stretch(order.Stay.Entry, order.Stay.Exit) }.Without(order.Covered))
        {
            if (FeeOf(order, order.Stay with { Entry = time.From, Exit = time.To, Earlier = tariff.DaysBack > 0 ? [.. order.Stay.Earlier ?? [], .. charged] : null })
                is not { } part)
                return null;
            sum += part;
            charged.Add(new EarlierStay(time.From, time.To));
        }
        return sum;

        long? FeeOf(in Replayed of, Stay stay) =>
            FeeEngine.Quote(tariff, of.Lot.Days, zone.Rules, stay) is { Problem: null } quote ? quote.Total.Minor : null;
    }

    sealed record LotRules(Guid Id, string Name, DayTypes Days, int MinutesToLeave);

    readonly record struct Replayed(Guid Id, LotRules Lot, string? Plate, DateTimeOffset Exit, long Then, bool Free, List<Stretch>? Covered, Stay Stay);

    /// <summary>What has been summed up so far.</summary>
    sealed class Tally(CityZone zone)
    {
        readonly Dictionary<LotRules, WhatIfSum> lots = [];
        readonly WhatIfSum[] vehicles = new WhatIfSum[Enum.GetValues<VehicleKind>().Length];
        readonly WhatIfSum[] hours = new WhatIfSum[24];
        readonly SortedSet<WhatIfOrder> cheaper = new(ByDifference);
        readonly SortedSet<WhatIfOrder> dearer = new(ByDifference);
        int free;
        int noFee;

        static readonly Comparer<WhatIfOrder> ByDifference = Comparer<WhatIfOrder>.Create((a, b) =>
            (b.Size, a.Id).CompareTo((a.Size, b.Id)));

        public int Seen { get; private set; }

        public void Add(in Replayed order, long? now)
        {
            Seen++;
            if (now is not { } fee)
            {
                noFee++;
                return;
            }
            free += order.Free ? 1 : 0;
            var sum = new WhatIfSum(1, new Money(order.Then), new Money(fee), fee < order.Then ? 1 : 0, fee > order.Then ? 1 : 0);
            lots[order.Lot] = lots.GetValueOrDefault(order.Lot) + sum;
            vehicles[(int)order.Stay.Vehicle] += sum;
            hours[zone.Local(order.Stay.Entry).Hour] += sum;
            if (fee == order.Then)
                return;
            var list = fee < order.Then ? cheaper : dearer;
            if (list.Count == Listed && list.Max!.Size > Math.Abs(fee - order.Then))
                return;
            Keep(list, new WhatIfOrder(order.Id, order.Plate, order.Lot.Name, order.Stay.Entry, order.Exit, new Money(order.Then), new Money(fee)));
        }

        static void Keep(SortedSet<WhatIfOrder> list, WhatIfOrder order)
        {
            list.Add(order);
            if (list.Count > Listed)
                list.Remove(list.Max!);
        }

        public void Add(Tally other)
        {
            (Seen, free, noFee) = (Seen + other.Seen, free + other.free, noFee + other.noFee);
            foreach (var (lot, sum) in other.lots)
                lots[lot] = lots.GetValueOrDefault(lot) + sum;
            for (var i = 0; i < vehicles.Length; i++)
                vehicles[i] += other.vehicles[i];
            for (var i = 0; i < hours.Length; i++)
                hours[i] += other.hours[i];
            foreach (var order in other.cheaper)
                Keep(cheaper, order);
            foreach (var order in other.dearer)
                Keep(dearer, order);
        }

        public WhatIfResult Result(DateTimeOffset at, int voided, int unresolved, int parked) => new(at,
            lots.Values.Aggregate(default(WhatIfSum), (sum, next) => sum + next),
            [.. lots.OrderBy(l => l.Key.Name, StringComparer.Ordinal).ThenBy(l => l.Key.Id).Select(l => new WhatIfLot(l.Key.Id, l.Key.Name, l.Value))],
            [.. vehicles.Select((sum, kind) => ((VehicleKind)kind, sum)).Where(v => v.sum.Orders > 0)], hours,
            [.. cheaper], [.. dearer], free, voided, unresolved, parked, noFee);
    }
}

/// <summary>What is to be replayed.</summary>
/// <param name="VersionId">By which version of which tariff.</param>
/// <param name="From">The first business date.</param>
/// <param name="To">The last, included.</param>
/// <param name="LotIds">In which lots; empty for all within reach.</param>
public sealed record WhatIfQuestion(Guid VersionId, DateOnly From, DateOnly To, params IReadOnlyList<Guid> LotIds);

/// <summary>How far it is.</summary>
/// <param name="Done">Orders replayed.</param>
/// <param name="Of">Orders in all.</param>
public readonly record struct WhatIfProgress(int Done, int Of);

/// <summary>Some orders, as they were charged and as they would have been.</summary>
/// <param name="Orders">How many.</param>
/// <param name="Then">What they were charged.</param>
/// <param name="Now">What they would have been charged.</param>
/// <param name="Cheaper">How many would have cost less.</param>
/// <param name="Dearer">How many would have cost more.</param>
public readonly record struct WhatIfSum(int Orders, Money Then, Money Now, int Cheaper, int Dearer)
{
    /// <summary>How many would have cost the same.</summary>
    public int Unchanged => Orders - Cheaper - Dearer;

    /// <summary>What would have come in more; negative for less.</summary>
    public Money Difference => Now - Then;

    public static WhatIfSum operator +(WhatIfSum a, WhatIfSum b) =>
        new(a.Orders + b.Orders, a.Then + b.Then, a.Now + b.Now, a.Cheaper + b.Cheaper, a.Dearer + b.Dearer);
}

/// <summary>A lot's orders.</summary>
/// <param name="Id">The lot.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sum">Its orders.</param>
public sealed record WhatIfLot(Guid Id, string Name, WhatIfSum Sum);

/// <summary>An order that would have cost something else.</summary>
/// <param name="Id">The order.</param>
/// <param name="Plate">The plate; null where none was read.</param>
/// <param name="Lot">The lot's name.</param>
/// <param name="EnteredAt">When the car came in.</param>
/// <param name="ExitedAt">When it left.</param>
/// <param name="Then">What it was charged.</param>
/// <param name="Now">What it would have been charged.</param>
public sealed record WhatIfOrder(Guid Id, string? Plate, string Lot, DateTimeOffset EnteredAt, DateTimeOffset ExitedAt, Money Then, Money Now)
{
    internal long Size => Math.Abs((Now - Then).Minor);
}

/// <summary>What came of a replay. Orders that a list frees are in it, free as they were; time that a pass covered stays covered; groups of
/// vehicles are those of today.</summary>
/// <param name="At">When it began.</param>
/// <param name="Total">All orders that were replayed.</param>
/// <param name="Lots">By lot, in the order of names.</param>
/// <param name="Vehicles">By kind of vehicle.</param>
/// <param name="Hours">By the hour of the city's clock in which the car came in, 0 to 23.</param>
/// <param name="Cheaper">The orders that would have become cheaper by most; at most <see cref="WhatIf.Listed"/>.</param>
/// <param name="Dearer">The orders that would have become dearer by most; as many.</param>
/// <param name="Free">How many of all were free by a list.</param>
/// <param name="Voided">Left out: struck out.</param>
/// <param name="Unresolved">Left out: entry or exit is not known.</param>
/// <param name="Parked">Left out: the car is in.</param>
/// <param name="NoFee">Left out: the tariff has no fee for them, as for stays that are too long.</param>
public sealed record WhatIfResult(DateTimeOffset At, WhatIfSum Total, IReadOnlyList<WhatIfLot> Lots,
    IReadOnlyList<(VehicleKind Kind, WhatIfSum Sum)> Vehicles, IReadOnlyList<WhatIfSum> Hours,
    IReadOnlyList<WhatIfOrder> Cheaper, IReadOnlyList<WhatIfOrder> Dearer, int Free, int Voided, int Unresolved, int Parked, int NoFee);

/// <summary>Somebody replays orders of the city already.</summary>
public sealed record WhatIfBusy() : Error("reports.what-if-busy");
