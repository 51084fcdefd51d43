using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Lots;

sealed class AreaMapping : IEntityTypeConfiguration<Area>
{
    public void Configure(EntityTypeBuilder<Area> area)
    {
        area.ToTable("areas");
        area.Property(x => x.RowVersion).IsRowVersion();
        area.Property(a => a.Name).HasMaxLength(64);
        area.HasIndex(a => new { a.ParentId, a.Name }).IsUnique().AreNullsDistinct(false);
        area.HasOne<Area>().WithMany().HasForeignKey(a => a.ParentId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class RoadMapping : IEntityTypeConfiguration<Road>
{
    public void Configure(EntityTypeBuilder<Road> road)
    {
        road.ToTable("roads");
        road.Property(x => x.RowVersion).IsRowVersion();
        road.Property(r => r.Name).HasMaxLength(64);
        road.HasIndex(r => new { r.AreaId, r.Name }).IsUnique();
        road.HasOne<Area>().WithMany().HasForeignKey(r => r.AreaId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class LotGroupMapping : IEntityTypeConfiguration<LotGroup>
{
    public void Configure(EntityTypeBuilder<LotGroup> group)
    {
        group.ToTable("lot_groups");
        group.Property(x => x.RowVersion).IsRowVersion();
        group.Property(g => g.Name).HasMaxLength(64);
        group.HasIndex(g => g.Name).IsUnique();
    }
}

sealed class CompanyMapping : IEntityTypeConfiguration<Company>
{
    public void Configure(EntityTypeBuilder<Company> company)
    {
        company.ToTable("companies");
        company.Property(x => x.RowVersion).IsRowVersion();
        company.Property(c => c.Name).HasMaxLength(64);
        company.HasIndex(c => c.Name).IsUnique();
        company.HasOne<Area>().WithMany().HasForeignKey(c => c.AreaId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class LotMapping : IEntityTypeConfiguration<Lot>
{
    public void Configure(EntityTypeBuilder<Lot> lot)
    {
        lot.ToTable("lots");
        lot.Property(x => x.RowVersion).IsRowVersion();
        lot.Property(l => l.Name).HasMaxLength(64);
        lot.Property(l => l.Address).HasMaxLength(200);
        lot.Property(l => l.OpeningHours).HasMaxLength(64);
        lot.Property(l => l.Kind).HasConversion<string>().HasMaxLength(16);
        lot.HasIndex(l => l.Name).IsUnique().HasFilter("retired_at IS NULL");
        lot.HasOne<Area>().WithMany().HasForeignKey(l => l.AreaId).OnDelete(DeleteBehavior.Restrict);
        lot.HasOne<Road>().WithMany().HasForeignKey(l => l.RoadId).OnDelete(DeleteBehavior.Restrict);
        lot.HasOne<Company>().WithMany().HasForeignKey(l => l.CompanyId).OnDelete(DeleteBehavior.Restrict);
        lot.Ignore(l => l.Gated);
        foreach (var owned in typeof(Lot).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(ILotOwned)) && t != typeof(Lot)))
            lot.HasMany(owned, null).WithOne().HasForeignKey(nameof(ILotOwned.LotId)).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class LotZoneMapping : IEntityTypeConfiguration<LotZone>
{
    public void Configure(EntityTypeBuilder<LotZone> zone)
    {
        zone.ToTable("lot_zones");
        zone.Property(x => x.RowVersion).IsRowVersion();
        zone.Property(z => z.Name).HasMaxLength(64);
        zone.HasIndex(z => new { z.LotId, z.Name }).IsUnique();
    }
}

sealed class LotPhotoMapping : IEntityTypeConfiguration<LotPhoto>
{
    public void Configure(EntityTypeBuilder<LotPhoto> photo)
    {
        photo.ToTable("lot_photos");
        photo.Property(p => p.Caption).HasMaxLength(100);
        photo.Property(p => p.ContentType).HasMaxLength(16);
    }
}

sealed class LaneMapping : IEntityTypeConfiguration<Lane>
{
    public void Configure(EntityTypeBuilder<Lane> lane)
    {
        lane.ToTable("lanes");
        lane.Property(x => x.RowVersion).IsRowVersion();
        lane.Property(l => l.Name).HasMaxLength(64);
        lane.Property(l => l.Direction).HasConversion<string>().HasMaxLength(8);
        lane.HasIndex(l => new { l.LotId, l.Name }).IsUnique().HasFilter("retired_at IS NULL");
    }
}

sealed class BerthMapping : IEntityTypeConfiguration<Berth>
{
    public void Configure(EntityTypeBuilder<Berth> berth)
    {
        berth.ToTable("berths");
        berth.Property(b => b.Number).HasMaxLength(16);
        berth.Property(b => b.Type).HasConversion<string>().HasMaxLength(16);
        berth.HasOne<LotZone>().WithMany().HasForeignKey(b => b.ZoneId).OnDelete(DeleteBehavior.SetNull);
        berth.HasIndex(b => new { b.LotId, b.Number }).IsUnique().HasFilter("retired_at IS NULL");
    }
}

sealed class LotScope() : ScopeRule<Lot>(
    db => l => db.Scope.All || db.Scope.Lots.Contains(l.Id),
    (lot, scope) => scope.Lots.Contains(lot.Id));

sealed class CompanyScope() : ScopeRule<Company>(
    db => c => db.Scope.All || db.Scope.Companies.Contains(c.Id),
    (company, scope) => scope.Companies.Contains(company.Id));
