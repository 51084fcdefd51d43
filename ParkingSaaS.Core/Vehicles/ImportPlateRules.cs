using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>A file of plates for a list.</summary>
/// <param name="Text">Lines of <see cref="PlateFile"/>, at most <see cref="PlateFile.MaxLines"/>; the black list wants a reason for each plate.</param>
/// <param name="LotIds">Where they hold, at least one lot; null for the whole city, which takes somebody who sees all of it.</param>
/// <param name="Empty">What empty cells mean.</param>
public sealed record PlateImport(PlateListKind Kind, string? Text, IReadOnlyList<Guid>? LotIds, EmptyCells Empty = EmptyCells.Keep);

/// <summary>What a file can say of a plate.</summary>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="From">The first local date; null for always.</param>
/// <param name="Until">The last local date; null for good.</param>
public readonly record struct PlateTerms(string Reason, DateOnly? From, DateOnly? Until);

/// <summary>What an import does to one plate.</summary>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="Pattern">The plate, or a form with * and ?.</param>
/// <param name="Before">What the list says; null where the plate is new on it.</param>
/// <param name="After">What it will say.</param>
public sealed record PlateImportChange(int Line, string Pattern, PlateTerms? Before, PlateTerms After);

/// <summary>All that an import does.</summary>
/// <param name="Changes">Each plate that is new or changes, in the order of the file.</param>
/// <param name="Unchanged">Plates of the file of which the list says the same already.</param>
public sealed record PlateImportPlan(IReadOnlyList<PlateImportChange> Changes, int Unchanged)
{
    /// <summary>Plates that are new on that list for these lots.</summary>
    public int Added => Changes.Count(c => c.Before is null);

    /// <summary>Plates that are on it and change.</summary>
    public int Changed => Changes.Count - Added;
}

/// <summary>What an import did.</summary>
/// <param name="Added">Plates new on that list for these lots.</param>
/// <param name="Changed">Plates that were on it, with their reason and days as they are now.</param>
public readonly record struct PlatesImported(int Added, int Changed);

/// <summary>Lines of the file are wrong; nothing was saved.</summary>
/// <param name="Lines">Each of them.</param>
public sealed record BadPlateLines(IReadOnlyList<BadPlateLine> Lines) : Error("vehicles.bad-lines", Lines.Count);

/// <summary>The list is no longer what it was when the changes were shown; nothing was saved.</summary>
/// <param name="Now">What the import would do now.</param>
public sealed record PlateListChanged(PlateImportPlan Now) : Error("vehicles.list-changed");

/// <summary>Puts a file of plates on a list: all of it or, where a line is wrong, none. First it says what would change; then it does that and
/// nothing else. The same file again changes nothing more.</summary>
public sealed class ImportPlateRules(CitySessions sessions)
{
    /// <summary>Says what would change, and saves nothing.</summary>
    /// <exception cref="AccessDeniedException">The actor may not put plates on lists.</exception>
    public async Task<Result<PlateImportPlan>> PreviewAsync(Actor actor, PlateImport request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageLists, ct);
        if (!(await ReadAsync(s, request, ct)).Try(out var read, out var error))
            return error;
        return read.Plan;
    }

    /// <summary>Saves and answers how many.</summary>
    /// <param name="shown">What was shown and agreed to. If it would now be something else, nothing is saved.</param>
    /// <exception cref="AccessDeniedException">The actor may not put plates on lists.</exception>
    public async Task<Result<PlatesImported>> RunAsync(Actor actor, PlateImport request, PlateImportPlan shown, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageLists, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.PlateLists, ct);
        if (!(await ReadAsync(s, request, ct)).Try(out var read, out var wrong))
            return wrong;
        if (!read.Plan.Changes.SequenceEqual(shown.Changes))
            return new PlateListChanged(read.Plan);
        foreach (var change in read.Plan.Changes)
        {
            var before = read.Known.TryGetValue(change.Pattern, out var rule) ? PlateRuleValues.Of(rule, null) : null;
            if (rule is null)
                s.Db.Add(rule = new PlateRule
                {
                    Id = Guid.CreateVersion7(),
                    Kind = request.Kind,
                    Pattern = change.Pattern,
                    Wild = SavePlateRules.IsForm(change.Pattern),
                    LotIds = [.. read.Lots],
                    ChangedBy = actor.Name,
                    ChangedAt = s.Now
                });
            (rule.Reason, rule.From, rule.Until) = change.After;
            (rule.ChangedBy, rule.ChangedAt) = (actor.Name, s.Now);
            PlateRuleChange.Log(s, rule.Id, before, PlateRuleValues.Of(rule, null), fromFile: true);
        }
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        return new PlatesImported(read.Plan.Added, read.Plan.Changed);
    }

    /// <summary>What the file does to the list as it stands, and the entries of its plates.</summary>
    sealed record Reading(PlateImportPlan Plan, Dictionary<string, PlateRule> Known, List<Guid> Lots);

    static async Task<Result<Reading>> ReadAsync(CitySession s, PlateImport request, CancellationToken ct)
    {
        var lots = request.LotIds?.Distinct().Order().ToList() ?? [];
        var invalid = Check.That(Enum.IsDefined(request.Kind), nameof(request.Kind), "invalid")
            ?? Check.That(Enum.IsDefined(request.Empty), nameof(request.Empty), "invalid")
            ?? Check.That(!string.IsNullOrWhiteSpace(request.Text), nameof(request.Text), "required")
            ?? Check.That(request.Text!.Length <= PlateFile.MaxLength, nameof(request.Text), "too-long")
            ?? Check.That(lots.Count > 0 || (request.LotIds is null && s.Actor.Scope.IsWholeCity), nameof(request.LotIds), "required");
        if (invalid is not null)
            return invalid;
        if (await s.Db.Set<Lot>().CountAsync(l => lots.Contains(l.Id), ct) != lots.Count)
            return new NotFound("lot");
        if (!PlateFile.Read(request.Text!).Try(out var file, out var unread))
            return unread;
        var (lines, bad) = file;
        if (lines.Count + bad.Count > PlateFile.MaxLines)
            return new InvalidField(nameof(request.Text), "too-long");
        if (lines.Count + bad.Count == 0)
            return new InvalidField(nameof(request.Text), "required");
        var patterns = lines.ConvertAll(l => l.Pattern);
        var known = (await s.Db.Set<PlateRule>().Where(r => r.Kind == request.Kind && patterns.Contains(r.Pattern!)).OrderBy(r => r.Id).ToListAsync(ct))
            .Where(r => r.LotIds.Order().SequenceEqual(lots)).GroupBy(r => r.Pattern!).ToDictionary(g => g.Key, g => g.First());
        var changes = new List<PlateImportChange>();
        foreach (var line in lines)
        {
            PlateTerms? before = known.TryGetValue(line.Pattern, out var rule) ? new(rule.Reason, rule.From, rule.Until) : null;
            var kept = request.Empty is EmptyCells.Keep ? before : null;
            var after = new PlateTerms(line.Reason.Length > 0 ? line.Reason : kept?.Reason ?? "", line.From ?? kept?.From, line.Until ?? kept?.Until);
            // What the line leaves out may stand on the list, so only both together are right or wrong.
            var problem = (request.Kind is PlateListKind.Black ? Check.Required("Reason", after.Reason, PlateRule.MaxReason) : null)
                ?? Check.That(!(after.Until < after.From), "Until", "out-of-range");
            if (problem is not null)
                bad.Add(new(line.Line, problem));
            else if (after != before)
                changes.Add(new(line.Line, line.Pattern, before, after));
        }
        if (bad.Count > 0)
            return new BadPlateLines([.. bad.OrderBy(b => b.Line)]);
        return new Reading(new PlateImportPlan(changes, lines.Count - changes.Count), known, lots);
    }
}
