using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;

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
        payment.HasIndex(p => p.ShiftId).HasFilter("shift_id IS NOT NULL");
        payment.HasIndex(p => p.CreatedAt).HasFilter("state = 'Pending'").HasDatabaseName("ix_payments_pending");
        payment.HasIndex(p => new { p.BusinessDate, p.LotId, p.Method });
    }
}

sealed class ChannelAccountMapping : IEntityTypeConfiguration<ChannelAccount>
{
    public void Configure(EntityTypeBuilder<ChannelAccount> account)
    {
        account.ToTable("channel_accounts");
        account.Property(a => a.Kind).HasConversion<string>().HasMaxLength(16);
        account.Property(a => a.Name).HasMaxLength(ChannelAccount.MaxName);
        account.Property(a => a.AppId).HasMaxLength(32);
        account.Property(a => a.MerchantId).HasMaxLength(32);
        account.Property(a => a.SubAppId).HasMaxLength(32);
        account.Property(a => a.SubMerchantId).HasMaxLength(32);
        account.Property(a => a.CertificateSerial).HasMaxLength(64);
        account.Property(a => a.PublicKeyId).HasMaxLength(64);
        account.Property(a => a.ChangedBy).HasMaxLength(64);
        account.Property(a => a.RowVersion).IsRowVersion();
        account.HasOne<Company>().WithMany().HasForeignKey(a => a.CompanyId).OnDelete(DeleteBehavior.Restrict);
        account.HasOne<Lot>().WithMany().HasForeignKey(a => a.LotId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>An account is the whole city's affair, whichever lots it serves.</summary>
sealed class ChannelAccountScope() : ScopeRule<ChannelAccount>(db => a => db.Scope.All, (_, _) => false);

sealed class ChannelOrderMapping : IEntityTypeConfiguration<ChannelOrder>
{
    public void Configure(EntityTypeBuilder<ChannelOrder> order)
    {
        order.ToTable("channel_orders").HasKey(o => o.PaymentId);
        order.Property(o => o.Way).HasConversion<string>().HasMaxLength(16);
        order.Property(o => o.Address).HasMaxLength(4096);
        order.Property(o => o.Notify).HasMaxLength(1024);
        order.HasOne<Payment>().WithOne().HasForeignKey<ChannelOrder>(o => o.PaymentId).OnDelete(DeleteBehavior.Restrict);
        order.HasOne<ChannelAccount>().WithMany().HasForeignKey(o => o.AccountId).OnDelete(DeleteBehavior.Restrict);
        order.HasOne<Lot>().WithMany().HasForeignKey(o => o.LotId).OnDelete(DeleteBehavior.Restrict);
        order.HasIndex(o => o.AskAt).HasFilter("ask_at IS NOT NULL");
    }
}

sealed class RefundMapping : IEntityTypeConfiguration<Refund>
{
    public void Configure(EntityTypeBuilder<Refund> refund)
    {
        refund.ToTable("refunds").HasKey(r => r.PaymentId);
        refund.HasOne<Payment>().WithOne().HasForeignKey<Refund>(r => r.PaymentId).OnDelete(DeleteBehavior.Restrict);
        refund.HasOne<Payment>().WithMany().HasForeignKey(r => r.OfPaymentId).OnDelete(DeleteBehavior.Restrict);
        refund.HasOne<Lot>().WithMany().HasForeignKey(r => r.LotId).OnDelete(DeleteBehavior.Restrict);
        refund.HasIndex(r => r.AskAt).HasFilter("ask_at IS NOT NULL");
    }
}

sealed class ChannelMessageMapping : IEntityTypeConfiguration<ChannelMessage>
{
    public void Configure(EntityTypeBuilder<ChannelMessage> message)
    {
        message.ToTable("channel_messages");
        message.Property(m => m.Kind).HasConversion<string>().HasMaxLength(16);
        message.Property(m => m.Sent).HasMaxLength(ChannelMessage.MaxText);
        message.Property(m => m.Said).HasMaxLength(ChannelMessage.MaxText);
        message.Property(m => m.Problem).HasMaxLength(64);
        message.HasOne<Payment>().WithMany().HasForeignKey(m => m.PaymentId).OnDelete(DeleteBehavior.Restrict);
        message.HasOne<ChannelAccount>().WithMany().HasForeignKey(m => m.AccountId).OnDelete(DeleteBehavior.Restrict);
        message.HasOne<Lot>().WithMany().HasForeignKey(m => m.LotId).OnDelete(DeleteBehavior.Restrict);
        message.HasIndex(m => m.At);
    }
}

sealed class ChannelBillMapping : IEntityTypeConfiguration<ChannelBill>
{
    public void Configure(EntityTypeBuilder<ChannelBill> bill)
    {
        bill.ToTable("channel_bills");
        bill.ComplexProperty(b => b.Paid);
        bill.ComplexProperty(b => b.Refunded);
        bill.Property(b => b.TakenBy).HasMaxLength(64);
        bill.HasOne<ChannelAccount>().WithMany().HasForeignKey(b => b.AccountId).OnDelete(DeleteBehavior.Restrict);
        bill.HasIndex(b => new { b.AccountId, b.Day }).IsUnique();
    }
}

/// <summary>A bill is the whole city's affair, as its account.</summary>
sealed class ChannelBillScope() : ScopeRule<ChannelBill>(db => b => db.Scope.All, (_, _) => false);

sealed class ChannelBillRowMapping : IEntityTypeConfiguration<ChannelBillRow>
{
    public void Configure(EntityTypeBuilder<ChannelBillRow> row)
    {
        row.ToTable("channel_bill_rows");
        row.ComplexProperty(r => r.Amount);
        row.Property(r => r.Number).HasMaxLength(64);
        row.HasOne<ChannelBill>().WithMany().HasForeignKey(r => r.BillId).OnDelete(DeleteBehavior.Restrict);
        row.HasIndex(r => r.PaymentId);
    }
}

sealed class ChannelBillRowScope() : ScopeRule<ChannelBillRow>(db => r => db.Scope.All, (_, _) => false);

sealed class BillExplanationMapping : IEntityTypeConfiguration<BillExplanation>
{
    public void Configure(EntityTypeBuilder<BillExplanation> explanation)
    {
        explanation.ToTable("bill_explanations").HasKey(e => new { e.BillId, e.SubjectId });
        explanation.Property(e => e.Note).HasMaxLength(ExplainDifference.MaxNote);
        explanation.Property(e => e.By).HasMaxLength(64);
        explanation.HasOne<ChannelBill>().WithMany().HasForeignKey(e => e.BillId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class BillExplanationScope() : ScopeRule<BillExplanation>(db => e => db.Scope.All, (_, _) => false);

sealed class ReceiptPrintMapping : IEntityTypeConfiguration<ReceiptPrint>
{
    public void Configure(EntityTypeBuilder<ReceiptPrint> print)
    {
        print.ToTable("receipt_prints");
        print.Property(p => p.By).HasMaxLength(64);
        print.HasOne<Payment>().WithMany().HasForeignKey(p => p.PaymentId).OnDelete(DeleteBehavior.Restrict);
        // Two who print at once do not both print the first.
        print.HasIndex(p => new { p.PaymentId, p.Number }).IsUnique();
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
