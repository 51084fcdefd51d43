using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>Plates under one name, such as a company's fleet. Lists and tariffs name the group, so its cars change in one place.</summary>
public sealed class PlateGroup
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 64;

    /// <summary>The longest note, in characters.</summary>
    public const int MaxNote = 200;

    public const int MaxPlates = 10_000;

    public required Guid Id { get; init; }

    /// <summary>Unique in the city, without commas; tariffs name it by this.</summary>
    public required string Name { get; set; }

    /// <summary>What it is for.</summary>
    public string Note { get; set; } = "";

    /// <summary>Who entered or last changed it.</summary>
    public required string ChangedBy { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>A plate of a group.</summary>
public sealed class PlateGroupPlate
{
    public required Guid GroupId { get; init; }

    /// <summary>Normalised plate.</summary>
    public required string Plate { get; init; }
}

sealed class PlateGroupMapping : IEntityTypeConfiguration<PlateGroup>
{
    public void Configure(EntityTypeBuilder<PlateGroup> group)
    {
        group.ToTable("plate_groups");
        group.Property(g => g.Name).HasMaxLength(PlateGroup.MaxName);
        group.Property(g => g.Note).HasMaxLength(PlateGroup.MaxNote);
        group.Property(g => g.ChangedBy).HasMaxLength(64);
        group.Property(g => g.RowVersion).IsRowVersion();
        group.HasIndex(g => g.Name).IsUnique();
        group.HasMany<PlateRule>().WithOne().HasForeignKey(r => r.GroupId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class PlateGroupPlateMapping : IEntityTypeConfiguration<PlateGroupPlate>
{
    public void Configure(EntityTypeBuilder<PlateGroupPlate> plate)
    {
        plate.ToTable("plate_group_plates");
        plate.HasKey(p => new { p.GroupId, p.Plate });
        plate.Property(p => p.Plate).HasMaxLength(Plate.MaxLength);
        plate.HasIndex(p => p.Plate);
        plate.HasOne<PlateGroup>().WithMany().HasForeignKey(p => p.GroupId).OnDelete(DeleteBehavior.Cascade);
    }
}
