using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>Who added, changed or removed a group of plates, when, and which plates came and went. Lists and tariffs go by groups, so this is
/// only ever added to, and it outlives the group.</summary>
public sealed class PlateGroupChange
{
    public required Guid Id { get; init; }

    /// <summary>The group, which may be gone.</summary>
    public required Guid GroupId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: an actor's name.</summary>
    public required string By { get; init; }

    /// <summary>Its name before; null where it is new.</summary>
    public string? NameBefore { get; init; }

    /// <summary>Its name; null where it was removed.</summary>
    public string? Name { get; init; }

    /// <summary>Its note before; may be empty.</summary>
    public string NoteBefore { get; init; } = "";

    /// <summary>Its note; may be empty.</summary>
    public string Note { get; init; } = "";

    public List<string> Added { get; init; } = [];

    public List<string> Removed { get; init; } = [];
}

sealed class PlateGroupChangeMapping : IEntityTypeConfiguration<PlateGroupChange>
{
    public void Configure(EntityTypeBuilder<PlateGroupChange> change)
    {
        change.ToTable("plate_group_changes");
        change.Property(c => c.By).HasMaxLength(64);
        change.Property(c => c.NameBefore).HasMaxLength(PlateGroup.MaxName);
        change.Property(c => c.Name).HasMaxLength(PlateGroup.MaxName);
        change.Property(c => c.NoteBefore).HasMaxLength(PlateGroup.MaxNote);
        change.Property(c => c.Note).HasMaxLength(PlateGroup.MaxNote);
        change.HasIndex(c => c.GroupId);
    }
}
