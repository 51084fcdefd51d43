using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

[InControlDatabase(Only = true)]
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
        city.Property(c => c.Province).HasMaxLength(1);
        city.Property(c => c.Accent).HasConversion<string>().HasMaxLength(16);
        city.HasIndex(c => c.HostName).IsUnique();
        city.HasIndex(c => c.Database).IsUnique();
        city.Ignore(c => c.Zone);
    }
}
