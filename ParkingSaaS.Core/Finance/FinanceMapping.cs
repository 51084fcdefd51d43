using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Core.Finance;

sealed class BookProofMapping : IEntityTypeConfiguration<BookProof>
{
    public void Configure(EntityTypeBuilder<BookProof> proof)
    {
        proof.ToTable("book_proofs");
        proof.HasKey(p => new { p.Day, p.LotId });
        proof.ComplexProperty(p => p.Charged);
        proof.ComplexProperty(p => p.Discounts);
        proof.ComplexProperty(p => p.WrittenOff);
        proof.ComplexProperty(p => p.Received);
        proof.ComplexProperty(p => p.Outstanding);
        proof.ComplexProperty(p => p.Prepaid);
    }
}

sealed class BookMonthMapping : IEntityTypeConfiguration<BookMonth>
{
    public void Configure(EntityTypeBuilder<BookMonth> month)
    {
        month.ToTable("book_months").HasKey(m => m.Month);
        month.Property(m => m.ClosedBy).HasMaxLength(64);
        month.Property(m => m.Note).HasMaxLength(CloseMonth.MaxNote);
    }
}

sealed class ReviewMapping : IEntityTypeConfiguration<Review>
{
    public void Configure(EntityTypeBuilder<Review> review)
    {
        review.ToTable("reviews");
        review.ComplexProperty(r => r.Amount);
        review.Property(r => r.Kind).HasConversion<string>().HasMaxLength(16);
        review.Property(r => r.State).HasConversion<string>().HasMaxLength(16);
        review.Property(r => r.Method).HasMaxLength(16);
        review.Property(r => r.Reason).HasMaxLength(OpenGateByHand.MaxReason);
        review.Property(r => r.AskedBy).HasMaxLength(64);
        review.Property(r => r.AskedById).HasMaxLength(64);
        review.Property(r => r.RowVersion).IsRowVersion();
        review.HasOne<Payment>().WithMany().HasForeignKey(r => r.PaymentId).OnDelete(DeleteBehavior.Restrict);
        review.HasOne<Order>().WithMany().HasForeignKey(r => r.OrderId).OnDelete(DeleteBehavior.Restrict);
        // Two who ask at once do not ask twice.
        review.HasIndex(r => new { r.OrderId, r.Kind }).IsUnique().HasFilter("state = 'Open'").HasDatabaseName("ix_reviews_open");
        review.HasIndex(r => r.OrderId);
        review.HasIndex(r => r.AskedAt);
    }
}

sealed class ReviewDecisionMapping : IEntityTypeConfiguration<ReviewDecision>
{
    public void Configure(EntityTypeBuilder<ReviewDecision> decision)
    {
        decision.ToTable("review_decisions");
        decision.Property(d => d.By).HasMaxLength(64);
        decision.Property(d => d.ById).HasMaxLength(64);
        decision.Property(d => d.Note).HasMaxLength(OpenGateByHand.MaxReason);
        decision.HasOne<Review>().WithMany().HasForeignKey(d => d.ReviewId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class ReviewChainMapping : IEntityTypeConfiguration<ReviewChain>
{
    public void Configure(EntityTypeBuilder<ReviewChain> chain)
    {
        chain.ToTable("review_chains").HasKey(c => c.Kind);
        chain.Property(c => c.Kind).HasConversion<string>().HasMaxLength(16);
        chain.ComplexProperty(c => c.FreeUpTo);
        chain.Property(c => c.ChangedBy).HasMaxLength(64);
        chain.Property(c => c.RowVersion).IsRowVersion();
    }
}
