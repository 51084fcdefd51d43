using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance.Clearing;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>What the ledger says otherwise than the row itself.</summary>
public enum BookDifferenceKind
{
    /// <summary>What was charged for an order or a pass.</summary>
    Charged,

    /// <summary>What was let go of it.</summary>
    Discounts,

    /// <summary>What was given up of it.</summary>
    WrittenOff,

    /// <summary>What was paid for an order or a pass.</summary>
    Received,

    /// <summary>What was paid for it in advance, or too much.</summary>
    Prepaid,

    /// <summary>What a party gets of takings.</summary>
    Shared,

    /// <summary>What it has got of that.</summary>
    PaidOut,

    /// <summary>A payment, and its entry.</summary>
    Payment,

    /// <summary>What all drivers of a lot owe now.</summary>
    AllOutstanding,

    /// <summary>What all drivers of a lot have paid in advance, or too much, now.</summary>
    AllPrepaid
}

/// <summary>Something that the ledger says otherwise.</summary>
/// <param name="OrderId">The order, where it is of one.</param>
/// <param name="PassId">The pass, where it is of one.</param>
/// <param name="Method">The method of payment, where it is of one.</param>
/// <param name="Booked">By the ledger.</param>
/// <param name="Stands">By the orders, passes or payments themselves.</param>
public sealed record BookDifference(Guid LotId, BookDifferenceKind Kind, Guid? OrderId, Guid? PassId, string? Method, Money Booked, Money Stands);

/// <summary>Holds the ledger beside what it is the ledger of. Both are written by each unit of work together, so at no moment they may differ: each
/// order and pass that has an entry of the day, or is of the day, is held beside all of its entries; each payment of the day beside its own; and what all
/// entries of a lot come to beside all of its orders and passes that are not settled.</summary>
static class BookDifferences
{
    /// <summary>So many of a kind are told at most: where there are more, the first will do.</summary>
    public const int Most = 1000;

    sealed class Sums
    {
        public Guid PayableId { get; init; }
        public long Charged { get; init; }
        public long Discounts { get; init; }
        public long WrittenOff { get; init; }
        public long Received { get; init; }
        /// <summary>Less than nothing, as it is owed to drivers.</summary>
        public long Prepaid { get; init; }
    }

    /// <summary>What a row says.</summary>
    sealed class Found
    {
        public Guid LotId { get; init; }
        public Guid Id { get; init; }
        public Guid? PassId { get; init; }
        public long Charged { get; init; }
        public long Discounts { get; init; }
        public long WrittenOff { get; init; }
        public long Received { get; init; }
    }

    /// <summary>What a row says beside what its entries come to.</summary>
    sealed class Compared
    {
        public required Found Row { get; init; }
        public long Prepaid { get; init; }
        public long BookedCharged { get; init; }
        public long BookedDiscounts { get; init; }
        public long BookedWrittenOff { get; init; }
        public long BookedReceived { get; init; }
        public long BookedPrepaid { get; init; }
    }

    /// <summary>What is to be paid for a row, less what was.</summary>
    sealed class Unsettled
    {
        public Guid LotId { get; init; }
        public long Left { get; init; }
    }

    /// <summary>The differences within the session's reach. Read in one snapshot.</summary>
    /// <param name="lotId">One lot, or null for all.</param>
    /// <param name="balances">What all entries come to is looked at, too: as they are now, whatever the day.</param>
    public static async Task<List<BookDifference>> OfAsync(CitySession s, DateOnly day, Guid? lotId, CancellationToken ct, bool balances = true) =>
    [
        .. await PaymentsAsync(s, day, lotId, ct),
        .. await RowsAsync(s, day, lotId, ct),
        .. await SharesAsync(s, day, lotId, ct),
        .. balances ? await BalancesAsync(s, lotId, ct) : []
    ];

    static async Task<List<BookDifference>> RowsAsync(CitySession s, DateOnly day, Guid? lotId, CancellationToken ct)
    {
        var postings = s.Db.Set<Posting>().Where(p => lotId == null || p.LotId == lotId);
        var orders = s.Db.Set<Order>().Where(o => lotId == null || o.LotId == lotId);
        var periods = s.Db.Set<PassPeriod>().Where(p => lotId == null || p.LotId == lotId);
        var passes = s.Db.Set<Pass>().Where(p => lotId == null || p.LotId == lotId);
        var (from, to) = (s.City.Zone.StartOf(day), s.City.Zone.StartOf(day.AddDays(1)));
        var ofDay = postings.Where(p => p.Day == day);
        // Nearly all orders are begun, charged and paid on one day, and its entries alone are the order's. The others are held beside all of theirs.
        var differing = await Differing(Rows(orders.Where(o => o.BusinessDate == day)), Booked(ofDay)).Select(x => x.Row.Id).ToListAsync(ct);
        var elsewhere = await ofDay.Select(p => p.PayableId).Distinct().Where(id => !orders.Any(o => o.Id == id && o.BusinessDate == day)).ToListAsync(ct);
        var paid = await periods.Where(p => p.PaidAt >= from && p.PaidAt < to).Select(p => p.Id).ToListAsync(ct);
        Guid[] payables = [.. differing.Concat(elsewhere).Concat(paid).Distinct()];
        var booked = Booked(postings.Where(p => payables.Contains(p.PayableId)));

        var differences = new List<BookDifference>();
        await AddAsync(Rows(orders.Where(o => payables.Contains(o.Id))));
        await AddAsync(periods.Where(p => payables.Contains(p.Id)).Select(p => new Found
        {
            LotId = p.LotId,
            Id = p.Id,
            PassId = p.PassId,
            Charged = p.State == PassPeriodState.Paid ? p.ListPrice.Minor : 0,
            Discounts = p.State == PassPeriodState.Paid ? p.Discount.Minor : 0,
            WrittenOff = 0,
            Received = p.Received.Minor
        }));
        await AddAsync(passes.Where(p => payables.Contains(p.Id)).Select(p => new Found
        {
            LotId = p.LotId,
            Id = p.Id,
            PassId = p.Id,
            Charged = p.State == PassState.Cancelled ? -p.Refund.Minor : 0,
            Discounts = 0,
            WrittenOff = 0,
            Received = p.State == PassState.Cancelled ? -p.Refund.Minor : 0
        }));
        return differences;

        async Task AddAsync(IQueryable<Found> rows)
        {
            await foreach (var found in Differing(rows, booked).AsAsyncEnumerable().Take(Most).WithCancellation(ct))
            {
                var row = found.Row;
                Guid? order = row.PassId is null ? row.Id : null;
                Add(BookDifferenceKind.Charged, found.BookedCharged, row.Charged);
                Add(BookDifferenceKind.Discounts, found.BookedDiscounts, row.Discounts);
                Add(BookDifferenceKind.WrittenOff, found.BookedWrittenOff, row.WrittenOff);
                Add(BookDifferenceKind.Received, found.BookedReceived, row.Received);
                Add(BookDifferenceKind.Prepaid, found.BookedPrepaid, found.Prepaid);

                void Add(BookDifferenceKind kind, long says, long stands)
                {
                    if (says != stands)
                        differences.Add(new(row.LotId, kind, order, row.PassId, null, new(says), new(stands)));
                }
            }
        }
    }

    /// <summary>What orders say.</summary>
    static IQueryable<Found> Rows(IQueryable<Order> orders) => orders.Select(o => new Found
    {
        LotId = o.LotId,
        Id = o.Id,
        Charged = Order.Charged.Contains(o.State) ? o.Receivable.Minor : 0,
        Discounts = Order.Charged.Contains(o.State) ? o.Discount.Minor : 0,
        WrittenOff = Order.Charged.Contains(o.State) ? o.WrittenOff.Minor : 0,
        Received = o.Received.Minor
    });

    /// <summary>What entries come to, for each order or pass.</summary>
    static IQueryable<Sums> Booked(IQueryable<Posting> postings) => postings.GroupBy(p => p.PayableId).Select(g => new Sums
    {
        PayableId = g.Key,
        Charged = g.AsQueryable().Sum(Posting.Charges),
        Discounts = g.AsQueryable().Sum(Posting.To(Account.Discount)),
        WrittenOff = g.AsQueryable().Sum(Posting.To(Account.WrittenOff)),
        Received = g.AsQueryable().Sum(Posting.Receipts),
        Prepaid = g.AsQueryable().Sum(Posting.To(Account.Prepaid))
    });

    /// <summary>The rows of which entries say otherwise. A limit to how many would have the planner read for the first of them, where mostly there is
    /// none.</summary>
    static IQueryable<Compared> Differing(IQueryable<Found> rows, IQueryable<Sums> booked) => rows.LeftJoin(booked, r => r.Id, b => b.PayableId,
        (r, b) => new Compared
        {
            Row = r,
            Prepaid = Math.Max(0, r.Received - (r.Charged - r.Discounts - r.WrittenOff)),
            BookedCharged = (long?)b!.Charged ?? 0,
            BookedDiscounts = (long?)b!.Discounts ?? 0,
            BookedWrittenOff = (long?)b!.WrittenOff ?? 0,
            BookedReceived = (long?)b!.Received ?? 0,
            BookedPrepaid = -((long?)b!.Prepaid ?? 0)
        }).Where(x => x.Row.Charged != x.BookedCharged || x.Row.Discounts != x.BookedDiscounts || x.Row.WrittenOff != x.BookedWrittenOff
            || x.Row.Received != x.BookedReceived || x.Prepaid != x.BookedPrepaid);

    /// <summary>Each payment of the day beside its entry, and each entry of the day that enters a payment beside that payment.</summary>
    static async Task<List<BookDifference>> PaymentsAsync(CitySession s, DateOnly day, Guid? lotId, CancellationToken ct)
    {
        var payments = s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded && p.BusinessDate == day && (lotId == null || p.LotId == lotId));
        var entries = s.Db.Set<Posting>().Where(p => p.PaymentId != null && p.Day == day && (lotId == null || p.LotId == lotId));
        var paid = payments.LeftJoin(entries, p => p.Id, e => e.PaymentId, (p, e) => new
        {
            p.LotId,
            p.Kind,
            p.PayableId,
            Account = Account.Money + p.Method,
            Stands = p.Amount.Minor,
            Booked = e == null || e.PayableId != p.PayableId || e.LotId != p.LotId ? 0
                : e.Debit == Account.Money + p.Method ? e.Amount.Minor : e.Credit == Account.Money + p.Method ? -e.Amount.Minor : 0
        }).Where(p => p.Booked != p.Stands);
        var lost = entries.Where(e => !payments.Any(p => p.Id == e.PaymentId)).Select(e => new
        {
            e.LotId,
            e.Kind,
            e.PayableId,
            Account = e.Debit.StartsWith(Account.Money) ? e.Debit : e.Credit,
            Stands = 0L,
            Booked = e.Debit.StartsWith(Account.Money) ? e.Amount.Minor : -e.Amount.Minor
        });
        var found = await paid.AsAsyncEnumerable().Take(Most).Concat(lost.AsAsyncEnumerable().Take(Most)).ToListAsync(ct);
        var ofPeriods = found.Where(f => f.Kind == PassPayments.Code).Select(f => f.PayableId).ToList();
        var passes = await s.Db.Set<PassPeriod>().Where(p => ofPeriods.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.PassId, ct);
        return [.. found.Select(f => new BookDifference(f.LotId, BookDifferenceKind.Payment, f.Kind == Payment.Order ? f.PayableId : null,
            f.Kind == PassPayments.Code ? passes.GetValueOrDefault(f.PayableId, f.PayableId) : null, f.Account[Account.Money.Length..],
            new(f.Booked), new(f.Stands)))];
    }

    /// <summary>Each party's part that was made, taken back or paid out on the day, or has an entry of it, beside its entries.</summary>
    static async Task<List<BookDifference>> SharesAsync(CitySession s, DateOnly day, Guid? lotId, CancellationToken ct)
    {
        var (begin, end) = (s.City.Zone.StartOf(day), s.City.Zone.StartOf(day.AddDays(1)));
        var posted = await s.Db.Set<Posting>().Where(p => p.Day == day && p.Kind == ClearingLine.Code).Select(p => p.PayableId).Distinct().ToListAsync(ct);
        var lines = await (
            from line in s.Db.Set<ClearingLine>().AsNoTracking().Where(l => lotId == null || l.LotId == lotId)
            join statement in s.Db.Set<ClearingStatement>() on line.StatementId equals statement.Id
            join run in s.Db.Set<ClearingRun>() on statement.RunId equals run.Id
            where (run.MadeAt >= begin && run.MadeAt < end) || (run.VoidedAt >= begin && run.VoidedAt < end)
                || (statement.PaidAt >= begin && statement.PaidAt < end) || posted.Contains(line.Id)
            select line).ToListAsync(ct);
        var ids = lines.ConvertAll(l => l.Id);
        var booked = await s.Db.Set<Posting>().Where(p => ids.Contains(p.PayableId)).GroupBy(p => p.PayableId).Select(g => new
        {
            g.Key,
            Shared = g.AsQueryable().Sum(Posting.To(Account.Shares)),
            PaidOut = -g.AsQueryable().Sum(Posting.To(Account.PaidOut))
        }).ToDictionaryAsync(g => g.Key, ct);
        return [.. lines.SelectMany(l => new[]
        {
            new BookDifference(l.LotId, BookDifferenceKind.Shared, null, null, null, new(booked.GetValueOrDefault(l.Id)?.Shared ?? 0), l.Shared),
            new BookDifference(l.LotId, BookDifferenceKind.PaidOut, null, null, null, new(booked.GetValueOrDefault(l.Id)?.PaidOut ?? 0), l.PaidOut)
        }).Where(d => d.Booked != d.Stands)];
    }

    /// <summary>What drivers of each lot owe, and have paid beyond it, by all entries and by all rows as they are now: what somebody changed on a day long
    /// proven shows here. An order that is settled comes to nothing on both sides, so only the others are read.</summary>
    static async Task<List<BookDifference>> BalancesAsync(CitySession s, Guid? lotId, CancellationToken ct)
    {
        var proofs = s.Db.Set<BookProof>().Where(p => lotId == null || p.LotId == lotId);
        var proven = await s.Db.Set<BookProof>().MaxAsync(p => (DateOnly?)p.Day, ct);
        var booked = new Dictionary<Guid, (long Owed, long Prepaid)>();
        foreach (var proof in await proofs.Where(p => p.Day == proven).ToListAsync(ct))
            booked[proof.LotId] = (proof.Outstanding.Minor, proof.Prepaid.Minor);
        foreach (var move in await BookQueries.MovesAsync(
            s.Db.Set<Posting>().Where(p => (proven == null || p.Day > proven) && (lotId == null || p.LotId == lotId)), ct))
        {
            var (owed, prepaid) = booked.GetValueOrDefault(move.LotId);
            booked[move.LotId] = move.Account == Account.Receivable ? (owed + move.Balance.Minor, prepaid)
                : move.Account == Account.Prepaid ? (owed, prepaid - move.Balance.Minor) : (owed, prepaid);
        }

        var orders = s.Db.Set<Order>().Where(o => lotId == null || o.LotId == lotId);
        var stands = new Dictionary<Guid, (long Owed, long Prepaid)>();
        await AddAsync(orders.Where(o => o.State != OrderState.Parked && o.State != OrderState.Unresolved
                && o.Receivable.Minor - o.Discount.Minor - o.WrittenOff.Minor != o.Received.Minor)
            .Select(o => new Unsettled { LotId = o.LotId, Left = o.Receivable.Minor - o.Discount.Minor - o.WrittenOff.Minor - o.Received.Minor }));
        await AddAsync(orders.Where(o => (o.State == OrderState.Parked || o.State == OrderState.Unresolved) && o.Received.Minor != 0)
            .Select(o => new Unsettled { LotId = o.LotId, Left = -o.Received.Minor }));
        await AddAsync(s.Db.Set<PassPeriod>().Where(p => lotId == null || p.LotId == lotId)
            .Select(p => new Unsettled
            {
                LotId = p.LotId,
                Left = (p.State == PassPeriodState.Paid ? p.ListPrice.Minor - p.Discount.Minor : 0) - p.Received.Minor
            }).Where(p => p.Left != 0));

        return [.. booked.Keys.Union(stands.Keys).SelectMany(lot =>
        {
            var (says, row) = (booked.GetValueOrDefault(lot), stands.GetValueOrDefault(lot));
            return new[]
            {
                new BookDifference(lot, BookDifferenceKind.AllOutstanding, null, null, null, new(says.Owed), new(row.Owed)),
                new BookDifference(lot, BookDifferenceKind.AllPrepaid, null, null, null, new(says.Prepaid), new(row.Prepaid))
            };
        }).Where(d => d.Booked != d.Stands)];

        async Task AddAsync(IQueryable<Unsettled> rows)
        {
            foreach (var lot in await rows.GroupBy(r => r.LotId)
                .Select(g => new { Id = g.Key, Owed = g.Sum(r => Math.Max(0, r.Left)), Prepaid = g.Sum(r => Math.Max(0, -r.Left)) }).ToListAsync(ct))
            {
                var (owed, prepaid) = stands.GetValueOrDefault(lot.Id);
                stands[lot.Id] = (owed + lot.Owed, prepaid + lot.Prepaid);
            }
        }
    }
}
