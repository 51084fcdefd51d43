using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>What a list does. The order is the order in which they are asked.</summary>
public enum PlateListKind
{
    /// <summary>Gates stay closed to it, and no other list frees it from paying.</summary>
    Black,

    /// <summary>Parks free of charge.</summary>
    White,

    /// <summary>A form of plates that parks free of charge by law, such as <c>*警</c>.</summary>
    Special
}

/// <summary>A plate, a form of plates, or a group on a list: exactly one of <see cref="PlateRule.Pattern"/>, <see cref="PlateRule.Form"/> and
/// <see cref="PlateRule.GroupId"/> is there.</summary>
public sealed class PlateRule
{
    /// <summary>The longest reason, in characters.</summary>
    public const int MaxReason = 200;

    public required Guid Id { get; init; }

    public required PlateListKind Kind { get; set; }

    /// <summary>A normalised plate; with * for any characters and ? for one, a form of plates.</summary>
    public string? Pattern { get; set; }

    /// <summary>All plates that <see cref="PlateGrammar"/> knows as this.</summary>
    public PlateKind? Form { get; set; }

    /// <summary>All plates of this group.</summary>
    public Guid? GroupId { get; set; }

    /// <summary>True where every plate must be compared with it: the pattern has * or ?, or it names a form.</summary>
    public bool Wild { get; set; }

    /// <summary>The lots where it holds; empty for all of the city's.</summary>
    public List<Guid> LotIds { get; set; } = [];

    /// <summary>The first local date on which it holds; null for always.</summary>
    public DateOnly? From { get; set; }

    /// <summary>The last local date on which it holds; null for good.</summary>
    public DateOnly? Until { get; set; }

    /// <summary>Why, for those who see the car.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Who entered or last changed it.</summary>
    public required string ChangedBy { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>Whether it speaks of that plate, in that lot, on that day. Of an entry for a group, whoever read it knows that the plate is
    /// in the group.</summary>
    public bool Covers(string plate, Guid lotId, DateOnly day) =>
        (LotIds.Count == 0 || LotIds.Contains(lotId)) && !(From > day) && !(Until < day) && Names(plate);

    /// <summary>Whether it speaks of that plate, wherever and whenever; see <see cref="Covers"/> for groups.</summary>
    public bool Names(string plate) =>
        Form is { } form ? PlateGrammar.Parse(plate)?.Kind == form : Pattern is null || (Wild ? Like(Pattern, plate) : Pattern == plate);

    /// <summary>Compares with * and ?; going back to the last * only, so in the product of the lengths at most.</summary>
    static bool Like(string pattern, string text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
            if (p < pattern.Length && pattern[p] == '*')
                (star, mark) = (p++, t);
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
                (p, t) = (p + 1, t + 1);
            else if (star < 0)
                return false;
            else
                (p, t) = (star + 1, ++mark);
        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }
}

sealed class PlateRuleMapping : IEntityTypeConfiguration<PlateRule>
{
    public void Configure(EntityTypeBuilder<PlateRule> rule)
    {
        rule.ToTable("plate_rules", t => t.HasCheckConstraint("ck_plate_rules_names", "num_nonnulls(pattern, form, group_id) = 1"));
        rule.Property(r => r.Pattern).HasMaxLength(Common.Plate.MaxLength);
        rule.Property(r => r.Form).HasConversion<string>().HasMaxLength(16);
        rule.Property(r => r.Reason).HasMaxLength(PlateRule.MaxReason);
        rule.Property(r => r.ChangedBy).HasMaxLength(64);
        rule.Property(r => r.RowVersion).IsRowVersion();
        rule.HasIndex(r => r.Pattern);
        rule.HasIndex(r => r.Wild).HasFilter("wild").HasDatabaseName("ix_plate_rules_wild");
    }
}

/// <summary>A rule of the whole city is seen by all, as it holds in their lots too, and made by the city.</summary>
sealed class PlateRuleScope() : ScopeRule<PlateRule>(
    db => r => db.Scope.All || r.LotIds.Count == 0 || r.LotIds.Any(lot => db.Scope.Lots.Contains(lot)),
    (rule, scope) => rule.LotIds.Count > 0 && rule.LotIds.TrueForAll(scope.Lots.Contains));
