using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Core.Orders;

sealed class OrderMapping : IEntityTypeConfiguration<Order>
{
    public void Configure(EntityTypeBuilder<Order> order)
    {
        order.ToTable("orders");
        order.ComplexProperty(o => o.Receivable);
        order.ComplexProperty(o => o.Discount);
        order.ComplexProperty(o => o.WrittenOff);
        order.ComplexProperty(o => o.Received);
        order.Property(o => o.Plate).HasMaxLength(Common.Plate.MaxLength);
        order.Ignore(o => o.Start);
        order.Property(o => o.Colour).HasConversion<string>().HasMaxLength(16);
        order.Property(o => o.Vehicle).HasConversion<string>().HasMaxLength(16);
        order.Property(o => o.State).HasConversion<string>().HasMaxLength(16);
        order.Property(o => o.MarkReason).HasMaxLength(OpenGateByHand.MaxReason);
        order.Property(o => o.FeeLines).HasColumnType("jsonb");
        order.Property(o => o.RowVersion).IsRowVersion();
        order.HasOne<Lane>().WithMany().HasForeignKey(o => o.EntryLaneId).OnDelete(DeleteBehavior.Restrict);
        order.HasOne<Lane>().WithMany().HasForeignKey(o => o.ExitLaneId).OnDelete(DeleteBehavior.Restrict);
        order.HasOne<Berth>().WithMany().HasForeignKey(o => o.BerthId).OnDelete(DeleteBehavior.Restrict);
        order.HasOne<TariffVersion>().WithMany().HasForeignKey(o => o.TariffVersionId).OnDelete(DeleteBehavior.Restrict);
        // Two nodes that see the same car enter cannot both open an order.
        order.HasIndex(o => new { o.LotId, o.Plate }).IsUnique()
            .HasFilter("state = 'Parked' AND plate IS NOT NULL AND berth_id IS NULL");
        order.HasIndex(o => o.BerthId).IsUnique().HasFilter("state = 'Parked' AND berth_id IS NOT NULL");
        order.HasIndex(o => new { o.CreatedAt, o.Id }).IsDescending(true, true);
        // Lists go by when a stay began (ix_orders_start, ix_orders_lot_start, ix_orders_plate_start), and parts of plates are searched by
        // ix_orders_plate_part: indexes on expressions, which only migrations know.
        // Rows lie in the order of their days, near enough, so a period is found by an index of ranges that costs writers nothing.
        order.HasIndex(o => o.BusinessDate).HasMethod("brin").HasStorageParameter("autosummarize", true);
        // The car at a lane: the newest of those that wait there, however many were left behind.
        order.HasIndex(o => new { o.ExitLaneId, o.ExitedAt }).IsDescending(false, true)
            .HasFilter("exit_lane_id IS NOT NULL AND state IN ('AwaitingPayment', 'Unresolved')").HasDatabaseName("ix_orders_at_exit");
        // Whoever came to the lane last.
        order.HasIndex(o => new { o.ExitLaneId, o.ExitedAt }, "last").IsDescending(false, true).HasDatabaseName("ix_orders_exit_lane");
        // Those that somebody still waits for, money of arrears included.
        order.HasIndex(o => new { o.State, o.LotId }).HasFilter("state IN ('Parked', 'AwaitingPayment', 'Unresolved', 'Arrears')")
            .HasDatabaseName("ix_orders_open");
        // Those that are over and neither paid to the fen nor free: what the books are held beside.
        order.HasIndex(o => o.LotId, "unsettled").HasFilter("receivable_minor - discount_minor - written_off_minor <> received_minor")
            .HasDatabaseName("ix_orders_unsettled");
        // Those that are marked for a person: OrderCases.Marks.
        order.HasIndex(o => o.LotId, "marked").HasFilter($"(anomalies & {(int)OrderCases.Marks}) <> 0 AND state <> 'Void'").HasDatabaseName("ix_orders_marked");
    }
}

sealed class PassageMapping : IEntityTypeConfiguration<Passage>
{
    public void Configure(EntityTypeBuilder<Passage> passage)
    {
        passage.ToTable("passages");
        passage.PrimitiveCollection(p => p.ImageNames).HasColumnName("images");
        passage.Ignore(p => p.Images);
        passage.Property(p => p.Plate).HasMaxLength(Common.Plate.MaxLength);
        passage.Property(p => p.RefusedFor).HasMaxLength(Vehicles.PlateRule.MaxReason);
        passage.Property(p => p.Outcome).HasConversion<string>().HasMaxLength(16);
        passage.HasIndex(p => p.OrderId);
        passage.HasIndex(p => new { p.BerthId, p.At }).HasFilter("berth_id IS NOT NULL");
        passage.HasIndex(p => new { p.LotId, p.At }).IsDescending(false, true);
    }
}

sealed class OrderOperationMapping : IEntityTypeConfiguration<OrderOperation>
{
    public void Configure(EntityTypeBuilder<OrderOperation> operation)
    {
        operation.ToTable("order_operations");
        operation.ComplexProperty(o => o.Amount);
        operation.Property(o => o.By).HasMaxLength(64);
        operation.Property(o => o.Kind).HasConversion<string>().HasMaxLength(32);
        operation.Property(o => o.Detail).HasMaxLength(500);
        operation.Property(o => o.State).HasConversion<string>().HasMaxLength(16);
        operation.HasIndex(o => new { o.OrderId, o.At });
    }
}
