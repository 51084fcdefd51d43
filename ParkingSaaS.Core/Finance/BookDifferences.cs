using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
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

    /// <summary>What was paid for an order.</summary>
    Received,

    /// <summary>What a day's payments of a method come to.</summary>
    Payments
}

/// <summary>Something that the ledger says otherwise.</summary>
/// <param name="OrderId">The order, where it is of one.</param>
/// <param name="PassId">The pass, where it is of one.</param>
/// <param name="Method">The method of payment, where it is of one.</param>
/// <param name="Booked">By the ledger.</param>
/// <param name="Stands">By the orders, passes or payments themselves.</param>
public sealed record BookDifference(Guid LotId, BookDifferenceKind Kind, Guid? OrderId, Guid? PassId, string? Method, Money Booked, Money Stands);

/// <summary>Holds the ledger of a day beside what it is the ledger of. Both are written by each unit of work together, so at no moment they may
/// differ: each order and pass that has an entry of the day, or is of the day, is held beside all of its entries, and the day's payments beside
/// the entries of the day.</summary>
static class BookDifferences
{
    /// <summary>So many of a kind are told at most: where there are more, the first will do.</summary>
    public const int Most = 1000;

    sealed class Sums
    {
        public Guid PayableId { get; init; }
        public long Charged { get; init; }
        public long Received { get; init; }
    }

    /// <summary>What a row says, and what the ledger says of it; null for nothing.</summary>
    sealed class Found
    {
        public Guid LotId { get; init; }
        public Guid Id { get; init; }
        public Guid? PassId { get; init; }
        public long Charged { get; init; }
        public long Received { get; init; }
        public long? BookedCharged { get; init; }
        public long? BookedReceived { get; init; }
    }

    /// <summary>The differences within the session's reach. Read in one snapshot.</summary>
    /// <param name="lotId">One lot, or null for all.</param>
    public static async Task<List<BookDifference>> OfAsync(CitySession s, DateOnly day, Guid? lotId, CancellationToken ct)
    {
        var postings = s.Db.Set<Posting>().Where(p => lotId == null || p.LotId == lotId);
        var orders = s.Db.Set<Order>().Where(o => lotId == null || o.LotId == lotId);
        var periods = s.Db.Set<PassPeriod>().Where(p => lotId == null || p.LotId == lotId);
        var passes = s.Db.Set<Pass>().Where(p => lotId == null || p.LotId == lotId);
        var (from, to) = (s.City.Zone.StartOf(day), s.City.Zone.StartOf(day.AddDays(1)));
        var payables = postings.Where(p => p.Day == day).Select(p => p.PayableId)
            .Union(orders.Where(o => o.BusinessDate == day).Select(o => o.Id))
            .Union(periods.Where(p => p.PaidAt >= from && p.PaidAt < to).Select(p => p.Id));
        var booked = postings.Where(p => payables.Contains(p.PayableId)).GroupBy(p => p.PayableId).Select(g => new Sums
        {
            PayableId = g.Key,
            Charged = g.AsQueryable().Sum(Posting.Charges),
            Received = g.AsQueryable().Sum(Posting.Receipts)
        });

        var differences = await PaymentsAsync(s, day, lotId, ct);
        await AddAsync(orders.Where(o => payables.Contains(o.Id)).LeftJoin(booked, o => o.Id, b => b.PayableId, (o, b) => new Found
        {
            LotId = o.LotId,
            Id = o.Id,
            Charged = Order.Charged.Contains(o.State) ? o.Receivable.Minor : 0,
            Received = o.Received.Minor,
            BookedCharged = b!.Charged,
            BookedReceived = b!.Received
        }));
        // A pass does not keep what was paid for it: its payments alone do.
        await AddAsync(periods.Where(p => payables.Contains(p.Id)).LeftJoin(booked, p => p.Id, b => b.PayableId, (p, b) => new Found
        {
            LotId = p.LotId,
            Id = p.Id,
            PassId = p.PassId,
            Charged = p.State == PassPeriodState.Paid ? p.ListPrice.Minor - p.Discount.Minor : 0,
            Received = 0,
            BookedCharged = b!.Charged,
            BookedReceived = 0
        }));
        await AddAsync(passes.Where(p => payables.Contains(p.Id)).LeftJoin(booked, p => p.Id, b => b.PayableId, (p, b) => new Found
        {
            LotId = p.LotId,
            Id = p.Id,
            PassId = p.Id,
            Charged = p.State == PassState.Cancelled ? -p.Refund.Minor : 0,
            Received = 0,
            BookedCharged = b!.Charged,
            BookedReceived = 0
        }));
        return differences;

        async Task AddAsync(IQueryable<Found> rows)
        {
            var differing = rows.Where(r => r.Charged != (r.BookedCharged ?? 0) || r.Received != (r.BookedReceived ?? 0));
            foreach (var row in await differing.Take(Most).ToListAsync(ct))
            {
                Guid? order = row.PassId is null ? row.Id : null;
                Add(BookDifferenceKind.Charged, row.BookedCharged ?? 0, row.Charged);
                Add(BookDifferenceKind.Received, row.BookedReceived ?? 0, row.Received);

                void Add(BookDifferenceKind kind, long says, long stands)
                {
                    if (says != stands)
                        differences.Add(new(row.LotId, kind, order, row.PassId, null, new(says), new(stands)));
                }
            }
        }
    }

    static async Task<List<BookDifference>> PaymentsAsync(CitySession s, DateOnly day, Guid? lotId, CancellationToken ct)
    {
        var paid = (await s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded && p.BusinessDate == day && (lotId == null || p.LotId == lotId))
            .GroupBy(p => new { p.LotId, p.Method }).Select(g => new { g.Key.LotId, g.Key.Method, Minor = g.Sum(p => p.Amount.Minor) }).ToListAsync(ct))
            .ToDictionary(p => (p.LotId, Account.Of(p.Method)), p => p.Minor);
        var booked = (await BookQueries.MovesAsync(s.Db.Set<Posting>().Where(p => p.Day == day && (lotId == null || p.LotId == lotId)), ct))
            .Where(m => m.Account.StartsWith(Account.Money, StringComparison.Ordinal)).ToDictionary(m => (m.LotId, m.Account), m => m.Balance.Minor);
        return [.. paid.Keys.Union(booked.Keys).Where(k => paid.GetValueOrDefault(k) != booked.GetValueOrDefault(k))
            .Select(k => new BookDifference(k.LotId, BookDifferenceKind.Payments, null, null, k.Item2[Account.Money.Length..],
                new(booked.GetValueOrDefault(k)), new(paid.GetValueOrDefault(k))))];
    }
}
