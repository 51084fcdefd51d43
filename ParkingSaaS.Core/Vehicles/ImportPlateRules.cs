using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>A file of plates for a list.</summary>
/// <param name="Kind">The list.</param>
/// <param name="Text">Lines of <see cref="PlateFile"/>, at most <see cref="PlateFile.MaxLines"/>; the black list wants a reason in each.</param>
/// <param name="LotIds">Where they hold, at least one lot; null for the whole city, which takes somebody who sees all of it.</param>
public sealed record PlateImport(PlateListKind Kind, string? Text, IReadOnlyList<Guid>? LotIds);

/// <summary>What an import did.</summary>
/// <param name="Added">Plates new on that list for these lots.</param>
/// <param name="Changed">Plates that were on it, with their reason and days as they are now.</param>
public readonly record struct PlatesImported(int Added, int Changed);

/// <summary>Lines of the file are wrong; nothing was saved.</summary>
/// <param name="Lines">Each of them.</param>
public sealed record BadPlateLines(IReadOnlyList<BadPlateLine> Lines) : Error("vehicles.bad-lines", Lines.Count);

/// <summary>Puts a file of plates on a list: all of it or, where a line is wrong, none. The same file again changes nothing more.</summary>
public sealed class ImportPlateRules(CitySessions sessions)
{
    /// <summary>Saves and answers how many.</summary>
    public async Task<Result<PlatesImported>> RunAsync(Actor actor, PlateImport request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageLists, ct);
        var lots = request.LotIds?.Distinct().Order().ToList() ?? [];
        var invalid = Check.That(Enum.IsDefined(request.Kind), nameof(request.Kind), "invalid")
            ?? Check.That(!string.IsNullOrWhiteSpace(request.Text), nameof(request.Text), "required")
            ?? Check.That(request.Text!.Length <= PlateFile.MaxLength, nameof(request.Text), "too-long")
            ?? Check.That(lots.Count > 0 || (request.LotIds is null && actor.Scope.IsWholeCity), nameof(request.LotIds), "required");
        if (invalid is not null)
            return invalid;
        if (await s.Db.Lots.CountAsync(l => lots.Contains(l.Id), ct) != lots.Count)
            return new NotFound("lot");
        var (lines, bad) = PlateFile.Read(request.Text!, wantsReason: request.Kind is PlateListKind.Black);
        if (lines.Count + bad.Count > PlateFile.MaxLines)
            return new InvalidField(nameof(request.Text), "too-long");
        if (bad.Count > 0)
            return new BadPlateLines(bad);
        if (lines.Count == 0)
            return new InvalidField(nameof(request.Text), "required");
        var patterns = lines.ConvertAll(l => l.Pattern);
        var known = (await s.Db.PlateRules.Where(r => r.Kind == request.Kind && patterns.Contains(r.Pattern!)).OrderBy(r => r.Id).ToListAsync(ct))
            .Where(r => r.LotIds.Order().SequenceEqual(lots)).GroupBy(r => r.Pattern!).ToDictionary(g => g.Key, g => g.First());
        var changed = 0;
        foreach (var line in lines)
        {
            if (!known.TryGetValue(line.Pattern, out var rule))
                s.Db.Add(rule = new PlateRule
                {
                    Id = Guid.CreateVersion7(),
                    Kind = request.Kind,
                    Pattern = line.Pattern,
                    Wild = SavePlateRules.IsForm(line.Pattern),
                    LotIds = lots,
                    ChangedBy = actor.Name,
                    ChangedAt = s.Now
                });
            else if ((rule.Reason, rule.From, rule.Until) == (line.Reason, line.From, line.Until))
                continue;
            else
                changed++;
            (rule.Reason, rule.From, rule.Until, rule.ChangedBy, rule.ChangedAt) = (line.Reason, line.From, line.Until, actor.Name, s.Now);
        }
        return (await s.SaveAsync(ct)).Error is { } error ? error : new PlatesImported(lines.Count - known.Count, changed);
    }
}
