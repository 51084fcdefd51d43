using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>In which language somebody is written to.</summary>
public enum OwnerLanguage
{
    /// <summary>Simplified Chinese.</summary>
    Chinese,

    English
}

/// <summary>Somebody who drives: known by a telephone number. What is kept of a person is here and in <see cref="OwnerPlate"/>, so that
/// removing these rows forgets the person; the orders of the plates stay.</summary>
public sealed class Owner
{
    /// <summary>The most plates of one owner.</summary>
    public const int MaxPlates = 5;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 64;

    /// <summary>The longest note, in characters.</summary>
    public const int MaxNote = 200;

    /// <summary>The longest mail address, in characters.</summary>
    public const int MaxMail = 128;

    public required Guid Id { get; init; }

    /// <summary>In the form of <see cref="Common.Phone"/>, unique in the city.</summary>
    public required string Phone { get; set; }

    /// <summary>Where mail reaches them; null where they gave none.</summary>
    public string? Mail { get; set; }

    /// <summary>What the person wants to be called; may be empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>For those who deal with the person.</summary>
    public string Note { get; set; } = "";

    public OwnerLanguage Language { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who entered or last changed it.</summary>
    public required string ChangedBy { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>A plate of an owner. No other owner has it.</summary>
public sealed class OwnerPlate
{
    /// <summary>Normalised plate.</summary>
    public required string Plate { get; init; }

    public required Guid OwnerId { get; init; }

    public PlateColour Colour { get; set; }

    public VehicleKind Vehicle { get; set; }

    /// <summary>The one that is meant where the owner names none. Each owner with plates has one.</summary>
    public bool IsDefault { get; set; }
}

sealed class OwnerMapping : IEntityTypeConfiguration<Owner>
{
    public void Configure(EntityTypeBuilder<Owner> owner)
    {
        owner.ToTable("owners");
        owner.Property(o => o.Phone).HasMaxLength(Phone.MaxLength);
        owner.Property(o => o.Name).HasMaxLength(Owner.MaxName);
        owner.Property(o => o.Note).HasMaxLength(Owner.MaxNote);
        owner.Property(o => o.Mail).HasMaxLength(Owner.MaxMail);
        owner.Property(o => o.Language).HasConversion<string>().HasMaxLength(16);
        owner.Property(o => o.ChangedBy).HasMaxLength(64);
        owner.Property(o => o.RowVersion).IsRowVersion();
        owner.HasIndex(o => o.Phone).IsUnique();
    }
}

sealed class OwnerPlateMapping : IEntityTypeConfiguration<OwnerPlate>
{
    public void Configure(EntityTypeBuilder<OwnerPlate> plate)
    {
        plate.ToTable("owner_plates");
        plate.HasKey(p => p.Plate);
        plate.Property(p => p.Plate).HasMaxLength(Plate.MaxLength);
        plate.Property(p => p.Colour).HasConversion<string>().HasMaxLength(16);
        plate.Property(p => p.Vehicle).HasConversion<string>().HasMaxLength(16);
        plate.HasIndex(p => p.OwnerId);
        plate.HasOne<Owner>().WithMany().HasForeignKey(p => p.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
