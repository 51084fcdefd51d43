using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ParkingSaaS.Core.Payments;

sealed class PaymentMapping : IEntityTypeConfiguration<Payment>
{
    public void Configure(EntityTypeBuilder<Payment> payment)
    {
        payment.ToTable("payments");
        payment.ComplexProperty(p => p.Amount);
        payment.Property(p => p.Kind).HasMaxLength(16).HasDefaultValue(Payment.Order);
        payment.Property(p => p.Method).HasMaxLength(16);
        payment.Property(p => p.Reference).HasMaxLength(128);
        payment.Property(p => p.State).HasConversion<string>().HasMaxLength(16).IsConcurrencyToken();
        payment.HasIndex(p => p.PayableId);
        payment.HasIndex(p => p.CreatedAt).HasFilter("state = 'Pending'").HasDatabaseName("ix_payments_pending");
        payment.HasIndex(p => new { p.BusinessDate, p.LotId, p.Method });
    }
}

sealed class PostingMapping : IEntityTypeConfiguration<Posting>
{
    public void Configure(EntityTypeBuilder<Posting> posting)
    {
        posting.ToTable("postings", t =>
        {
            t.HasCheckConstraint("ck_postings_amount", "amount_minor > 0");
            t.HasCheckConstraint("ck_postings_accounts", "debit <> credit");
        });
        posting.ComplexProperty(p => p.Amount);
        posting.Property(p => p.Debit).HasMaxLength(24);
        posting.Property(p => p.Credit).HasMaxLength(24);
        posting.Property(p => p.Kind).HasMaxLength(16);
        posting.HasIndex(p => p.PayableId);
        posting.HasIndex(p => p.PaymentId).IsUnique().HasFilter("payment_id IS NOT NULL");
        posting.HasIndex(p => new { p.LotId, p.Day });
        posting.HasIndex(p => new { p.Day, p.At, p.Id });
    }
}
