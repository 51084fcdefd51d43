using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ParkingSaaS.Core.Names;

/// <summary>What a name is in the languages of those who read it: of every thing that is called so, whatever it is. People name things in their own
/// language; ten lanes called 入口 are translated once.</summary>
public sealed class NameTranslation
{
    /// <summary>The most characters of a name, and of what it is in another language.</summary>
    public const int MaxLength = 400;

    public required Guid Id { get; init; }

    /// <summary>As it was given. Unique.</summary>
    public required string Name { get; init; }

    /// <summary>What readers of English see; null for the name as it is.</summary>
    public string? English { get; set; }

    /// <summary>What readers of Chinese see; null for the name as it is.</summary>
    public string? Chinese { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

sealed class NameTranslationMapping : IEntityTypeConfiguration<NameTranslation>
{
    public void Configure(EntityTypeBuilder<NameTranslation> translation)
    {
        translation.ToTable("name_translations");
        translation.HasIndex(t => t.Name).IsUnique();
        translation.Property(t => t.Name).HasMaxLength(NameTranslation.MaxLength);
        translation.Property(t => t.English).HasMaxLength(NameTranslation.MaxLength);
        translation.Property(t => t.Chinese).HasMaxLength(NameTranslation.MaxLength);
        translation.Property(t => t.RowVersion).IsRowVersion();
    }
}
