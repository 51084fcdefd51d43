using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Finance;

/// <summary>An entry of the ledger in the list of its day. Amounts are in minor units.</summary>
public sealed class BookEntryRow
{
    public Guid Id { get; init; }
    public DateTimeOffset At { get; init; }
    public string Debit { get; init; } = "";
    public string Credit { get; init; } = "";
    public long Amount { get; init; }
    public string Lot { get; init; } = "";

    /// <summary>The order that it is of; null for a pass.</summary>
    public Guid? OrderId { get; init; }
    public string? Plate { get; init; }

    /// <summary>The pass that it is of; null for an order.</summary>
    public Guid? PassId { get; init; }
    public long? PassNumber { get; init; }

    /// <summary>The entries of a day, narrowed as the address says.</summary>
    public static IQueryable<BookEntryRow> Of(CitySession s, DateOnly day, ListFilters f)
    {
        var entries = s.Db.Set<Posting>().Where(p => p.Day == day);
        if (f.Id("lotId") is { } lot)
            entries = entries.Where(p => p.LotId == lot);
        if (f["account"] is { } account)
            entries = entries.Where(p => p.Debit == account || p.Credit == account);
        return entries.Select(p => new
        {
            Entry = p,
            Pass = s.Db.Set<Pass>().FirstOrDefault(x => p.Kind == PassPayments.Code
                && (x.Id == p.PayableId || s.Db.Set<PassPeriod>().Any(y => y.Id == p.PayableId && y.PassId == x.Id))),
            Order = s.Db.Set<Order>().FirstOrDefault(o => o.Id == p.PayableId)
        }).Select(x => new BookEntryRow
        {
            Id = x.Entry.Id,
            At = x.Entry.At,
            Debit = x.Entry.Debit,
            Credit = x.Entry.Credit,
            Amount = x.Entry.Amount.Minor,
            Lot = s.Db.Set<Lot>().First(l => l.Id == x.Entry.LotId).Name,
            OrderId = x.Order == null ? null : x.Order.Id,
            Plate = x.Order == null ? null : x.Order.Plate,
            PassId = x.Pass == null ? null : x.Pass.Id,
            PassNumber = x.Pass == null ? null : x.Pass.Number
        });
    }
}
