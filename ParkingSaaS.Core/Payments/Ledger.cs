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
        foreach (var entry in changed)
            if (entry.Entity is IClaim claim)
                Post(s, claim, entry.State is EntityState.Added ? claim.ClaimedAt ?? s.Now : s.Now, claim.Claim - Before(entry));
            else if (entry.Entity is Payment { State: PaymentState.Succeeded } payment && IsNew(entry))
                Post(s, payment);
    }

    /// <summary>The claim as it was read.</summary>
    static Money Before(EntityEntry entry) =>
        entry.State is EntityState.Added ? Money.Zero : ((IClaim)entry.OriginalValues.ToObject()).Claim;

    static bool IsNew(EntityEntry payment) => payment.State is EntityState.Added
        || payment.Property(nameof(Payment.State)).OriginalValue is not PaymentState.Succeeded;

    static void Post(CitySession s, IClaim claim, DateTimeOffset at, Money more) =>
        Post(s, claim, claim.Kind, claim.Id, null, at, Account.Receivable, Account.Income, more);

    static void Post(CitySession s, Payment payment) => Post(s, payment, payment.Kind, payment.PayableId, payment.Id, payment.PaidAt ?? s.Now,
        Account.Of(payment.Method), Account.Receivable, payment.Amount);

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
