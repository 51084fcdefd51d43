using System.Text.Json.Serialization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>What an entry of a list said at some time.</summary>
/// <param name="Pattern">The plate, or a form with * and ?; null where it named a form or a group.</param>
/// <param name="Form">The form of plates.</param>
/// <param name="Group">The group by the name that it had then.</param>
/// <param name="LotIds">Where it held; empty for all of the city's lots.</param>
/// <param name="From">The first local date; null for always.</param>
/// <param name="Until">The last local date; null for good.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record PlateRuleValues(PlateListKind Kind, string? Pattern, PlateKind? Form, string? Group, IReadOnlyList<Guid> LotIds, DateOnly? From,
    DateOnly? Until, string Reason)
{
    /// <summary>Says the same; the order of the lots does not matter.</summary>
    public bool SameAs(PlateRuleValues other) =>
        this with { LotIds = other.LotIds } == other && LotIds.Order().SequenceEqual(other.LotIds.Order());

    internal static PlateRuleValues Of(PlateRule rule, string? group) =>
        new(rule.Kind, rule.Pattern, rule.Form, group, [.. rule.LotIds], rule.From, rule.Until, rule.Reason);
}

/// <summary>Who put an entry on a list, changed it or took it off, when, and what it said before and after. Lists decide who pays, so this
/// is only ever added to, and it outlives the entry.</summary>
public sealed class PlateRuleChange
{
    public required Guid Id { get; init; }

    /// <summary>The entry, which may be gone.</summary>
    public required Guid RuleId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: an actor's name.</summary>
    public required string By { get; init; }

    /// <summary>It came with a file; false where somebody did it by hand.</summary>
    public required bool FromFile { get; init; }

    /// <summary>The plate, or the form with * and ?, to look for; null where the entry names a form or a group.</summary>
    public string? Pattern { get; init; }

    /// <summary>The lots where the entry held before or holds now; empty where one of them is the whole city. Who sees one of them sees this.</summary>
    public required List<Guid> LotIds { get; init; }

    /// <summary>What it said; null where it is new.</summary>
    public PlateRuleValues? Before { get; init; }

    /// <summary>What it says; null where it was taken off.</summary>
    public PlateRuleValues? After { get; init; }

    /// <summary>Adds a change to the session, unless nothing changed.</summary>
    internal static void Log(CitySession s, Guid ruleId, PlateRuleValues? before, PlateRuleValues? after, bool fromFile = false)
    {
        if (before is not null && after is not null && before.SameAs(after))
            return;
        PlateRuleValues[] both = [.. new[] { before, after }.OfType<PlateRuleValues>()];
        s.Db.Add(new PlateRuleChange
        {
            Id = Guid.CreateVersion7(),
            RuleId = ruleId,
            At = s.Now,
            By = s.Actor.Name,
            FromFile = fromFile,
            Pattern = (after ?? before)?.Pattern,
            LotIds = Array.Exists(both, v => v.LotIds.Count == 0) ? [] : [.. both.SelectMany(v => v.LotIds).Distinct()],
            Before = before,
            After = after
        });
    }
}

sealed class PlateRuleChangeMapping : IEntityTypeConfiguration<PlateRuleChange>
{
    static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public void Configure(EntityTypeBuilder<PlateRuleChange> change)
    {
        change.ToTable("plate_rule_changes");
        change.Property(c => c.By).HasMaxLength(64);
        change.Property(c => c.Pattern).HasMaxLength(Common.Plate.MaxLength);
        change.Property(c => c.Before).HasColumnType("jsonb")
            .HasConversion(v => JsonSerializer.Serialize(v, Json), t => JsonSerializer.Deserialize<PlateRuleValues>(t, Json));
        change.Property(c => c.After).HasColumnType("jsonb")
            .HasConversion(v => JsonSerializer.Serialize(v, Json), t => JsonSerializer.Deserialize<PlateRuleValues>(t, Json));
        change.HasIndex(c => c.RuleId);
        change.HasIndex(c => c.Pattern);
    }
}

sealed class PlateRuleChangeScope() : ScopeRule<PlateRuleChange>(
    db => c => db.Scope.All || c.LotIds.Count == 0 || c.LotIds.Any(lot => db.Scope.Lots.Contains(lot)),
    (change, scope) => change.LotIds.Count > 0 && change.LotIds.TrueForAll(scope.Lots.Contains));
