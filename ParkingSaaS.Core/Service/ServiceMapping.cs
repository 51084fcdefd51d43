using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;

namespace ParkingSaaS.Core.Service;

sealed class AppealMapping : IEntityTypeConfiguration<Appeal>
{
    public void Configure(EntityTypeBuilder<Appeal> appeal)
    {
        appeal.ToTable("appeals");
        appeal.Property(a => a.Reason).HasConversion<string>().HasMaxLength(16);
        appeal.Property(a => a.State).HasConversion<string>().HasMaxLength(16);
        appeal.Property(a => a.Text).HasMaxLength(Appeal.MaxText);
        appeal.Property(a => a.Phone).HasMaxLength(Common.Phone.MaxLength);
        appeal.Property(a => a.Answer).HasMaxLength(OpenGateByHand.MaxReason);
        appeal.Property(a => a.AnsweredBy).HasMaxLength(64);
        appeal.Property(a => a.RowVersion).IsRowVersion();
        appeal.HasOne<Order>().WithMany().HasForeignKey(a => a.OrderId).OnDelete(DeleteBehavior.Restrict);
        appeal.HasOne<Lot>().WithMany().HasForeignKey(a => a.LotId).OnDelete(DeleteBehavior.Restrict);
        // Two browsers at once do not file two.
        appeal.HasIndex(a => a.OrderId).IsUnique().HasFilter("state = 'Open'").HasDatabaseName("ix_appeals_open");
        appeal.HasIndex(a => new { a.OrderId, a.FiledAt });
        appeal.HasIndex(a => a.FiledAt);
    }
}

sealed class AppealPhotoMapping : IEntityTypeConfiguration<AppealPhoto>
{
    public void Configure(EntityTypeBuilder<AppealPhoto> photo)
    {
        photo.ToTable("appeal_photos");
        photo.Property(p => p.ContentType).HasMaxLength(32);
        photo.HasOne<Appeal>().WithMany().HasForeignKey(p => p.AppealId).OnDelete(DeleteBehavior.Restrict);
    }
}
