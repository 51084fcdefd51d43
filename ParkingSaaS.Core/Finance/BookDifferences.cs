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
    sealed record Row(Guid LotId, Guid PayableId, Guid? PassId, long Charged, long Received);

    /// <summary>All differences within the session's reach. Read in one snapshot.</summary>
    public static async Task<List<BookDifference>> OfAsync(CitySession s, DateOnly day, CancellationToken ct)
    {
        var differences = await PaymentsAsync(s, day, ct);
        var (orders, passes, periods) = (s.Db.Set<Order>(), s.Db.Set<Pass>(), s.Db.Set<PassPeriod>());
        var posted = s.Db.Set<Posting>().Where(p => p.Day == day).Select(p => p.PayableId);
        var (from, to) = (s.City.Zone.StartOf(day), s.City.Zone.StartOf(day.AddDays(1)));
        var ofDay = orders.Where(o => o.BusinessDate == day).Select(o => o.Id)
            .Union(periods.Where(p => p.PaidAt >= from && p.PaidAt < to).Select(p => p.Id));
        var payables = posted.Union(ofDay);
        var booked = (await s.Db.Set<Posting>().Where(p => payables.Contains(p.PayableId)).GroupBy(p => p.PayableId)
            .Select(g => new
            {
                g.Key,
                Charged = g.Sum(p => p.Credit == Account.Income ? p.Amount.Minor : p.Debit == Account.Income ? -p.Amount.Minor : 0),
                Received = g.Sum(p => p.PaymentId == null ? 0 : p.Credit == Account.Receivable ? p.Amount.Minor : -p.Amount.Minor)
            }).ToListAsync(ct)).ToDictionary(b => b.Key);
        Compare(await orders.Where(o => payables.Contains(o.Id)).Select(o => new Row(o.LotId, o.Id, null,
            o.State == OrderState.AwaitingPayment || o.State == OrderState.Arrears || o.State == OrderState.Completed ? o.Receivable.Minor : 0,
            o.Received.Minor)).ToListAsync(ct));
        Compare(await periods.Where(p => payables.Contains(p.Id)).Select(p => new Row(p.LotId, p.Id, p.PassId,
            p.State == PassPeriodState.Paid ? p.ListPrice.Minor - p.Discount.Minor : 0, 0)).ToListAsync(ct));
        Compare(await passes.Where(p => payables.Contains(p.Id)).Select(p => new Row(p.LotId, p.Id, p.Id,
            p.State == PassState.Cancelled ? -p.Refund.Minor : 0, 0)).ToListAsync(ct));
        return differences;

        void Compare(List<Row> rows)
        {
            foreach (var row in rows)
            {
                var ledger = booked.GetValueOrDefault(row.PayableId);
                Guid? order = row.PassId is null ? row.PayableId : null;
                Add(BookDifferenceKind.Charged, ledger?.Charged ?? 0, row.Charged);
                // A pass does not keep what was paid for it: its payments alone do.
                if (order is not null)
                    Add(BookDifferenceKind.Received, ledger?.Received ?? 0, row.Received);

                void Add(BookDifferenceKind kind, long says, long stands)
                {
                    if (says != stands)
                        differences.Add(new(row.LotId, kind, order, row.PassId, null, new(says), new(stands)));
                }
            }
        }
    }

    static async Task<List<BookDifference>> PaymentsAsync(CitySession s, DateOnly day, CancellationToken ct)
    {
        var paid = (await s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded && p.BusinessDate == day)
            .GroupBy(p => new { p.LotId, p.Method }).Select(g => new { g.Key.LotId, g.Key.Method, Minor = g.Sum(p => p.Amount.Minor) }).ToListAsync(ct))
            .ToDictionary(p => (p.LotId, Account.Of(p.Method)), p => p.Minor);
        var booked = (await BookQueries.MovesAsync(s.Db.Set<Posting>().Where(p => p.Day == day), ct))
            .Where(m => m.Account.StartsWith(Account.Money, StringComparison.Ordinal)).ToDictionary(m => (m.LotId, m.Account), m => m.Balance.Minor);
        return [.. paid.Keys.Union(booked.Keys).Where(k => paid.GetValueOrDefault(k) != booked.GetValueOrDefault(k))
            .Select(k => new BookDifference(k.LotId, BookDifferenceKind.Payments, null, null, k.Item2[Account.Money.Length..],
                new(booked.GetValueOrDefault(k)), new(paid.GetValueOrDefault(k))))];
    }
}
