using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Storage;

/// <summary>The platform's own database: which cities there are, who administers the platform, which nodes serve it, and the keys
/// that all of them protect cookies and tokens with.</summary>
sealed class ControlDb(DbContextOptions<ControlDb> options) : DbContext(options)
{
    public DbSet<City> Cities => Set<City>();
    public DbSet<User> Users => Set<User>();
    public DbSet<PlatformNode> Nodes => Set<PlatformNode>();
    public DbSet<ProtectionKey> ProtectionKeys => Set<ProtectionKey>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.ApplyConfiguration(new CityMapping());
        model.ApplyConfiguration(new UserMapping());
        model.ApplyConfiguration(new SignInSessionMapping());
        model.ApplyConfiguration(new SignInTriesMapping());
        model.Entity<PlatformNode>().ToTable("nodes").HasKey(n => n.Name);
        model.Entity<PlatformNode>().Property(n => n.Name).HasMaxLength(64);
        model.Entity<ProtectionKey>().ToTable("protection_keys").HasKey(k => k.Name);
    }
}

/// <summary>A key of ASP.NET Core's data protection.</summary>
sealed class ProtectionKey
{
    /// <summary>The key's name.</summary>
    public required string Name { get; init; }

    /// <summary>The XML that data protection writes, sealed by <see cref="KeyStore"/>.</summary>
    public required string Xml { get; init; }
}

sealed class CityMapping : IEntityTypeConfiguration<City>
{
    public void Configure(EntityTypeBuilder<City> city)
    {
        city.ToTable("cities").HasKey(c => c.Code);
        city.Property(c => c.Code).HasMaxLength(32);
        city.Property(c => c.Name).HasMaxLength(64);
        city.Property(c => c.NameEn).HasMaxLength(64);
        city.Property(c => c.TimeZone).HasMaxLength(64);
        city.Property(c => c.Currency).HasMaxLength(3).HasConversion(c => c.Code, code => Currency.Find(code)!);
        city.Property(c => c.State).HasConversion<string>().HasMaxLength(16);
        city.HasIndex(c => c.HostName).IsUnique();
        city.HasIndex(c => c.Database).IsUnique();
        city.Ignore(c => c.Zone);
    }
}
