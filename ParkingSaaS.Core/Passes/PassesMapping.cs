using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Lots;

namespace ParkingSaaS.Core.Passes;

sealed class PassProductMapping : IEntityTypeConfiguration<PassProduct>
{
    public void Configure(EntityTypeBuilder<PassProduct> product)
    {
        product.ToTable("pass_products");
        product.Property(p => p.Name).HasMaxLength(64);
        product.ComplexProperty(p => p.Price);
        product.Property(p => p.Scope).HasConversion<string>().HasMaxLength(16);
        product.Property(p => p.Binding).HasConversion<string>().HasMaxLength(16);
        product.Property(p => p.Term).HasConversion<string>().HasMaxLength(16);
        product.Property(p => p.ChangedBy).HasMaxLength(64);
        product.Property(p => p.RowVersion).IsRowVersion();
        product.HasIndex(p => p.Name).IsUnique().HasFilter("withdrawn_at IS NULL");
        product.HasOne<LotGroup>().WithMany().HasForeignKey(p => p.GroupId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class PassMapping : IEntityTypeConfiguration<Pass>
{
    public void Configure(EntityTypeBuilder<Pass> pass)
    {
        pass.ToTable("passes");
        pass.Property(p => p.Number).UseIdentityAlwaysColumn().HasIdentityOptions(startValue: 100001);
        pass.Property(p => p.Holder).HasMaxLength(64);
        pass.Property(p => p.Phone).HasMaxLength(Common.Phone.MaxLength);
        pass.Property(p => p.Vehicle).HasConversion<string>().HasMaxLength(16);
        pass.Property(p => p.State).HasConversion<string>().HasMaxLength(16);
        pass.Property(p => p.Before).HasConversion<string>().HasMaxLength(16);
        pass.Property(p => p.SoldBy).HasMaxLength(64);
        pass.Property(p => p.ServiceBy).HasMaxLength(64);
        pass.ComplexProperty(p => p.Refund);
        pass.Property(p => p.RowVersion).IsRowVersion();
        pass.HasIndex(p => p.Number).IsUnique();
        pass.HasIndex(p => new { p.State, p.Until });
        pass.HasIndex(p => p.BatchId).HasFilter("batch_id IS NOT NULL");
        pass.HasOne<PassProduct>().WithMany().HasForeignKey(p => p.ProductId).OnDelete(DeleteBehavior.Restrict);
        pass.HasOne<Berth>().WithMany().HasForeignKey(p => p.BerthId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class PassPlateMapping : IEntityTypeConfiguration<PassPlate>
{
    public void Configure(EntityTypeBuilder<PassPlate> plate)
    {
        plate.ToTable("pass_plates");
        plate.Property(p => p.Plate).HasMaxLength(Common.Plate.MaxLength);
        plate.HasIndex(p => p.Plate).HasFilter("plate IS NOT NULL");
        plate.HasIndex(p => p.BerthId).HasFilter("berth_id IS NOT NULL");
        plate.HasIndex(p => p.PassId);
        plate.HasOne<Pass>().WithMany().HasForeignKey(p => p.PassId);
    }
}

sealed class PassPeriodMapping : IEntityTypeConfiguration<PassPeriod>
{
    public void Configure(EntityTypeBuilder<PassPeriod> period)
    {
        period.ToTable("pass_periods");
        period.ComplexProperty(p => p.ListPrice);
        period.ComplexProperty(p => p.Discount);
        period.ComplexProperty(p => p.Received);
        period.Ignore(p => p.Price);
        period.Property(p => p.State).HasConversion<string>().HasMaxLength(16).IsConcurrencyToken();
        period.Property(p => p.By).HasMaxLength(64);
        period.HasIndex(p => p.PassId);
        // Two that renew at once, or a job that runs twice, lay one renewal ready.
        period.HasIndex(p => p.PassId, "open").IsUnique().HasFilter("state = 'Open'").HasDatabaseName("ix_pass_periods_open");
        period.HasOne<Pass>().WithMany().HasForeignKey(p => p.PassId);
    }
}

sealed class PassPauseMapping : IEntityTypeConfiguration<PassPause>
{
    public void Configure(EntityTypeBuilder<PassPause> pause)
    {
        pause.ToTable("pass_pauses");
        pause.HasIndex(p => p.PassId);
        pause.HasIndex(p => p.PassId, "open").IsUnique().HasFilter("until IS NULL").HasDatabaseName("ix_pass_pauses_open");
        pause.HasOne<Pass>().WithMany().HasForeignKey(p => p.PassId);
    }
}

sealed class PassOperationMapping : IEntityTypeConfiguration<PassOperation>
{
    public void Configure(EntityTypeBuilder<PassOperation> operation)
    {
        operation.ToTable("pass_operations");
        operation.ComplexProperty(o => o.Amount);
        operation.Property(o => o.By).HasMaxLength(64);
        operation.Property(o => o.Kind).HasConversion<string>().HasMaxLength(32);
        operation.Property(o => o.Detail).HasMaxLength(500);
        operation.Property(o => o.State).HasConversion<string>().HasMaxLength(16);
        operation.HasIndex(o => new { o.PassId, o.At });
        operation.HasOne<Pass>().WithMany().HasForeignKey(o => o.PassId);
    }
}

/// <summary>A product of all lots, or of a group, is seen by all who sell it and made by the city.</summary>
sealed class PassProductScope() : ScopeRule<PassProduct>(
    db => p => db.Scope.All || p.Scope != PassScope.Lots || p.LotIds.Any(lot => db.Scope.Lots.Contains(lot)),
    (product, scope) => product.Scope is PassScope.Lots && product.LotIds.TrueForAll(scope.Lots.Contains));
