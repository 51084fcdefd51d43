using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Bounds of what is kept.</summary>
static class TariffsMapping
{
    public const int MaxName = 64;
}

sealed class TariffPlanMapping : IEntityTypeConfiguration<TariffPlan>
{
    public void Configure(EntityTypeBuilder<TariffPlan> tariff)
    {
        tariff.ToTable("tariffs");
        tariff.Property(t => t.Name).HasMaxLength(TariffsMapping.MaxName);
        tariff.HasIndex(t => t.Name).IsUnique();
    }
}

sealed class TariffVersionMapping : IEntityTypeConfiguration<TariffVersion>
{
    public void Configure(EntityTypeBuilder<TariffVersion> version)
    {
        version.ToTable("tariff_versions");
        version.Property(v => v.Definition).HasColumnType("jsonb");
        // A draft that somebody else has saved or published in the meantime is not written over.
        version.Property(v => v.RowVersion).IsRowVersion();
        version.Property(v => v.PublishedBy).HasMaxLength(64);
        version.Property(v => v.SavedBy).HasMaxLength(64);
        version.HasIndex(v => new { v.TariffId, v.Number }).IsUnique();
        version.HasOne<TariffPlan>().WithMany().HasForeignKey(v => v.TariffId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class LotTariffMapping : IEntityTypeConfiguration<LotTariff>
{
    public void Configure(EntityTypeBuilder<LotTariff> assignment)
    {
        assignment.ToTable("lot_tariffs");
        assignment.Property(a => a.AssignedBy).HasMaxLength(64);
        assignment.HasIndex(a => a.LotId).IsUnique().HasFilter("used_until IS NULL").HasDatabaseName("ix_lot_tariffs_in_use");
        assignment.HasIndex(a => new { a.LotId, a.UsedFrom });
        assignment.HasOne<TariffPlan>().WithMany().HasForeignKey(a => a.TariffId).OnDelete(DeleteBehavior.Restrict);
    }
}
