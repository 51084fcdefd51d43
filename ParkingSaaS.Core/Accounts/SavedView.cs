using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Accounts;

/// <summary>A list as somebody wants to see it again: what it is narrowed to and how it is sorted. It follows the account, whatever the browser.</summary>
public sealed class SavedView
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 40;

    /// <summary>The longest query, in characters.</summary>
    public const int MaxQuery = 1000;

    /// <summary>The most views of one list that an account keeps.</summary>
    public const int Most = 30;

    public required Guid Id { get; init; }

    /// <summary>The account that saved it, and alone sees it.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The list, by its key, such as <c>orders</c>.</summary>
    public required string List { get; init; }

    /// <summary>Unique among the account's views of the list.</summary>
    public required string Name { get; set; }

    /// <summary>The query of the list's address: empty, or beginning with a question mark.</summary>
    public required string Query { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

sealed class SavedViewMapping : IEntityTypeConfiguration<SavedView>
{
    public void Configure(EntityTypeBuilder<SavedView> view)
    {
        view.ToTable("saved_views");
        view.HasIndex(v => new { v.UserId, v.List, v.Name }).IsUnique();
        view.Property(v => v.List).HasMaxLength(40);
        view.Property(v => v.Name).HasMaxLength(SavedView.MaxName);
        view.Property(v => v.Query).HasMaxLength(SavedView.MaxQuery);
        view.Property(v => v.RowVersion).IsRowVersion();
        view.HasOne<User>().WithMany().HasForeignKey(v => v.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>Whatever the reach, everybody keeps views; whose they are, each question says (<see cref="SavedViews"/>).</summary>
sealed class SavedViewScope() : ScopeRule<SavedView>(_ => _ => true, (_, _) => true);
