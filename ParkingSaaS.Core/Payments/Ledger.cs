using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Posts each claim that arises or changes, and each payment that comes or is paid back, in the unit of work that does it. No use case posts
/// by itself, so none can forget it or do it twice.</summary>
sealed class Ledger : ISaving
{
    /// <inheritdoc/>
    public void Before(CitySession s)
    {
        // What an attempt to save posted that failed is worked out once more.
        foreach (var entry in s.Db.ChangeTracker.Entries<Posting>().Where(e => e.State is EntityState.Added).ToList())
            entry.State = EntityState.Detached;
        var changed = s.Db.ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified).ToList();
        var payments = changed.Where(e => e.Entity is Payment { State: PaymentState.Succeeded } && IsNew(e)).Select(e => (Payment)e.Entity).ToList();
        foreach (var entry in changed.Where(e => e.Entity is IClaim))
        {
            var (now, before) = ((IClaim)entry.Entity, entry.State is EntityState.Added ? null : (IClaim)entry.OriginalValues.ToObject());
            var more = now.Prepaid - (before?.Prepaid ?? Money.Zero);
            // All of a payment may be in advance.
            if (payments.FirstOrDefault(p => p.PayableId == now.Id && p.Amount == more) is { } advance)
            {
                Post(s, advance, Account.Prepaid);
                payments.Remove(advance);
                more = Money.Zero;
            }
            var at = entry.State is EntityState.Added ? now.ClaimedAt ?? s.Now : s.Now;
            Post(s, now, at, Account.Receivable, Account.Income, now.Claim - (before?.Claim ?? Money.Zero));
            Post(s, now, at, Account.Discount, Account.Receivable, now.Discounts - (before?.Discounts ?? Money.Zero));
            Post(s, now, at, Account.WrittenOff, Account.Receivable, now.WrittenOff - (before?.WrittenOff ?? Money.Zero));
            Post(s, now, at, Account.Receivable, Account.Prepaid, more);
            Post(s, now, at, Account.Shares, Account.Parties, now.Shared - (before?.Shared ?? Money.Zero));
            Post(s, now, at, Account.Parties, Account.PaidOut, now.PaidOut - (before?.PaidOut ?? Money.Zero));
        }
        payments.ForEach(payment => Post(s, payment, Account.Receivable));
    }

    static bool IsNew(EntityEntry payment) => payment.State is EntityState.Added
        || payment.Property(nameof(Payment.State)).OriginalValue is not PaymentState.Succeeded;

    static void Post(CitySession s, IClaim claim, DateTimeOffset at, string to, string from, Money more) =>
        Post(s, claim, claim.Kind, claim.Id, null, at, to, from, more);

    static void Post(CitySession s, Payment payment, string from) => Post(s, payment, payment.Kind, payment.PayableId, payment.Id, payment.PaidAt ?? s.Now,
        Account.Of(payment.Method), from, payment.Amount);

    /// <param name="amount">Less than nothing goes the other way.</param>
    static void Post(CitySession s, ILotOwned row, string kind, Guid payableId, Guid? paymentId, DateTimeOffset at, string to, string from, Money amount)
    {
        if (amount == Money.Zero)
            return;
        var back = amount < Money.Zero;
        s.Db.Add(new Posting
        {
            Id = Guid.CreateVersion7(at),
            LotId = row.LotId,
            At = at,
            Day = s.City.Zone.Date(at),
            Debit = back ? from : to,
            Credit = back ? to : from,
            Amount = back ? Money.Zero - amount : amount,
            Kind = kind,
            PayableId = payableId,
            PaymentId = paymentId
        });
    }
}
