using ParkingSaaS.Core.Finance.Clearing;
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

    /// <summary>The order that it is of; null for all else.</summary>
    public Guid? OrderId { get; init; }
    public string? Plate { get; init; }

    /// <summary>The pass that it is of; null for all else.</summary>
    public Guid? PassId { get; init; }
    public long? PassNumber { get; init; }

    /// <summary>The clearing that it is of; null for all else.</summary>
    public Guid? ClearingId { get; init; }

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
            PassId = p.Kind != PassPayments.Code ? (Guid?)null
                : s.Db.Set<PassPeriod>().Where(y => y.Id == p.PayableId).Select(y => (Guid?)y.PassId).FirstOrDefault() ?? p.PayableId
        }).Select(x => new BookEntryRow
        {
            Id = x.Entry.Id,
            At = x.Entry.At,
            Debit = x.Entry.Debit,
            Credit = x.Entry.Credit,
            Amount = x.Entry.Amount.Minor,
            Lot = s.Db.Set<Lot>().First(l => l.Id == x.Entry.LotId).Name,
            OrderId = x.Entry.Kind == Payment.Order ? x.Entry.PayableId : null,
            Plate = s.Db.Set<Order>().Where(o => o.Id == x.Entry.PayableId).Select(o => o.Plate).FirstOrDefault(),
            PassId = x.PassId,
            PassNumber = s.Db.Set<Pass>().Where(y => y.Id == x.PassId).Select(y => (long?)y.Number).FirstOrDefault(),
            ClearingId = s.Db.Set<ClearingLine>().Where(l => x.Entry.Kind == ClearingLine.Code && l.Id == x.Entry.PayableId)
                .Join(s.Db.Set<ClearingStatement>(), l => l.StatementId, y => y.Id, (_, y) => (Guid?)y.RunId).FirstOrDefault()
        });
    }
}
