using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ParkingSaaS.Core.Payments.Shifts;

sealed class ShiftMapping : IEntityTypeConfiguration<Shift>
{
    public void Configure(EntityTypeBuilder<Shift> shift)
    {
        shift.ToTable("shifts");
        shift.ComplexProperty(x => x.Float);
        shift.ComplexProperty(x => x.Expected);
        shift.ComplexProperty(x => x.Counted);
        shift.Property(x => x.Collector).HasMaxLength(64);
        shift.Property(x => x.State).HasConversion<string>().HasMaxLength(16);
        shift.Property(x => x.Explanation).HasMaxLength(HandInShift.MaxText);
        shift.Property(x => x.RowVersion).IsRowVersion();
        shift.HasMany<Payment>().WithOne().HasForeignKey(p => p.ShiftId).OnDelete(DeleteBehavior.Restrict);
        shift.HasIndex(x => new { x.CollectorId, x.LotId }).IsUnique().HasFilter("state = 'Open'").HasDatabaseName("ix_shifts_open");
        shift.HasIndex(x => x.OpenedAt);
    }
}

sealed class ShiftOperationMapping : IEntityTypeConfiguration<ShiftOperation>
{
    public void Configure(EntityTypeBuilder<ShiftOperation> operation)
    {
        operation.ToTable("shift_operations");
        operation.ComplexProperty(o => o.Amount);
        operation.Property(o => o.By).HasMaxLength(64);
        operation.Property(o => o.Kind).HasConversion<string>().HasMaxLength(16);
        operation.Property(o => o.Detail).HasMaxLength(HandInShift.MaxText);
        operation.HasOne<Shift>().WithMany().HasForeignKey(o => o.ShiftId).OnDelete(DeleteBehavior.Restrict);
    }
}
