using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>Plates for a list as entered.</summary>
/// <param name="Id">The entry to change; null adds one for each plate.</param>
/// <param name="Plates">1–1,000 plates, or forms with * and ?.</param>
/// <param name="LotIds">Where it holds, at least one lot; null for the whole city, which takes somebody who sees all of it.</param>
/// <param name="From">The first day; null for always.</param>
/// <param name="Until">The last day; null for good.</param>
/// <param name="Reason">At most <see cref="PlateRule.MaxReason"/> characters; the black list wants one.</param>
/// <param name="GroupId">A group instead of plates.</param>
/// <param name="Forms">Forms of plates, beside the plates or instead of them. Without a reason theirs is where they come from.</param>
public sealed record PlateRuleDetails(Guid? Id, PlateListKind Kind, IReadOnlyList<string> Plates, IReadOnlyList<Guid>? LotIds, DateOnly? From,
    DateOnly? Until, string Reason = "", Guid? GroupId = null, params IReadOnlyList<PlateKind> Forms)
{
    /// <summary>The person says that plates of no known form are right.</summary>
    public bool Foreign { get; init; }

    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public PlateRuleDetails? Seen { get; init; }

    /// <summary>What a form to change an entry is opened with.</summary>
    public static PlateRuleDetails Of(PlateRule rule) => new(rule.Id, rule.Kind, rule.Pattern is { } pattern ? [pattern] : [],
        rule.LotIds.Count == 0 ? null : rule.LotIds, rule.From, rule.Until, rule.Reason, rule.GroupId, rule.Form is { } form ? [form] : []);
}

/// <summary>Puts plates on a list, or changes an entry.</summary>
public sealed class SavePlateRules(CitySessions sessions)
{
    /// <summary>The most plates at once.</summary>
    public const int Most = 1000;

    /// <summary>Saves and answers how many entries.</summary>
    public async Task<Result<int>> RunAsync(Actor actor, PlateRuleDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageLists, ct);
        List<string> patterns = request.GroupId is null ? [.. request.Plates.Select(Pattern).Where(p => p.Length > 0).Distinct()] : [];
        List<PlateKind> forms = request.GroupId is null ? [.. request.Forms.Distinct()] : [];
        var count = patterns.Count + forms.Count + (request.GroupId is null ? 0 : 1);
        var invalid = Check.All(
            Check.That(Enum.IsDefined(request.Kind), nameof(request.Kind), "invalid"),
            request.GroupId is null ? Check.Plates(nameof(request.Plates), request.Plates, IsForm) : null,
            Check.That(count > 0, nameof(request.Plates), "required"),
            Check.Most(nameof(request.Plates), count, request.Id is null ? Most : 1),
            request.GroupId is null ? Check.Each(nameof(request.Plates), "invalid", request.Plates, p => Pattern(p) is "" || IsValid(Pattern(p))) : null,
            Check.That(forms.TrueForAll(f => Enum.IsDefined(f)), nameof(request.Forms), "invalid"),
            Check.Day(nameof(request.From), request.From),
            Check.Day(nameof(request.Until), request.Until),
            Check.That(!(request.Until < request.From), nameof(request.Until), "out-of-range"),
            request.Kind is PlateListKind.Black ? Check.Required(nameof(request.Reason), request.Reason, PlateRule.MaxReason)
                : Check.Optional(nameof(request.Reason), request.Reason, PlateRule.MaxReason),
            Check.That(request.LotIds?.Count > 0 || (request.LotIds is null && actor.Scope.IsWholeCity), nameof(request.LotIds), "required"));
        if (invalid is not null)
            return invalid;
        var lots = request.LotIds?.Distinct().ToList() ?? [];
        if (await s.Db.Set<Lot>().CountAsync(l => lots.Contains(l.Id), ct) != lots.Count)
            return new NotFound("lot");
        var groupName = await NameAsync(s, request.GroupId, ct);
        if (request.GroupId is not null && groupName is null)
            return new NotFound("group");
        if (request.Id is { } id)
        {
            if (await s.Db.Set<PlateRule>().FirstOrDefaultAsync(r => r.Id == id, ct) is not { } rule)
                return new NotFound("entry");
            if (!s.Db.Scope.All && (rule.LotIds.Count == 0 || rule.LotIds.Exists(l => !s.Db.Scope.Lots.Contains(l))))
                return new NotFound("entry");
            if (Edits.Since(request.Seen, PlateRuleDetails.Of(rule), request with { Plates = patterns, Forms = forms }, rule.ChangedBy) is { } changed)
                return changed;
            if (TypedPlate.Ask(request.Foreign, patterns.Where(p => !IsForm(p) && p != rule.Pattern)) is { } question)
                return question;
            var before = PlateRuleValues.Of(rule, await NameAsync(s, rule.GroupId, ct));
            Fill(rule, patterns.FirstOrDefault(), forms.Cast<PlateKind?>().FirstOrDefault());
            PlateRuleChange.Log(s, rule.Id, before, PlateRuleValues.Of(rule, groupName));
        }
        else if (TypedPlate.Ask(request.Foreign, patterns.Where(p => !IsForm(p))) is { } question)
            return question;
        else if (request.GroupId is not null)
            Add(null, null);
        else
        {
            patterns.ForEach(p => Add(p, null));
            forms.ForEach(f => Add(null, f));
        }
        return (await s.SaveAsync(ct)).Error is { } error ? error : count;

        void Add(string? pattern, PlateKind? form)
        {
            var rule = new PlateRule { Id = Guid.CreateVersion7(), Kind = request.Kind, ChangedBy = actor.Name, ChangedAt = s.Now };
            Fill(rule, pattern, form);
            s.Db.Add(rule);
            PlateRuleChange.Log(s, rule.Id, null, PlateRuleValues.Of(rule, groupName));
        }

        void Fill(PlateRule rule, string? pattern, PlateKind? form)
        {
            (rule.Kind, rule.GroupId, rule.Form, rule.Pattern) = (request.Kind, request.GroupId, form, pattern);
            rule.Wild = form is not null || IsForm(pattern);
            (rule.LotIds, rule.From, rule.Until, rule.Reason) = (lots, request.From, request.Until, request.Reason.Trim());
            if (rule.Reason.Length == 0 && OfficialForm.All.FirstOrDefault(f => f.Kind == form) is { } official)
                rule.Reason = official.Source;
            (rule.ChangedBy, rule.ChangedAt) = (actor.Name, s.Now);
        }
    }

    /// <summary>The name of a group; null where there is none.</summary>
    internal static async Task<string?> NameAsync(CitySession s, Guid? group, CancellationToken ct) => group is null ? null
        : await s.Db.Set<PlateGroup>().Where(g => g.Id == group).Select(g => g.Name).FirstOrDefaultAsync(ct);

    /// <summary>A plate in its one form; a form of plates normalised piece by piece, so that * and ? stay.</summary>
    internal static string Pattern(string text)
    {
        var pattern = string.Concat(string.Concat(text.Where(c => !char.IsSurrogate(c) && c < '\uFFFE')).Normalize(System.Text.NormalizationForm.FormKC)
            .Where(c => char.IsLetterOrDigit(c) || c is '*' or '?').Select(char.ToUpperInvariant));
        return IsForm(pattern) ? pattern : PlateGrammar.Normalize(pattern) ?? "";
    }

    internal static bool IsForm(string? pattern) => pattern.AsSpan().ContainsAny('*', '?');

    internal static bool IsValid(string pattern) => pattern.Length is >= 2 and <= Plate.MaxLength && pattern.Any(char.IsLetterOrDigit);
}

/// <summary>Takes an entry off its list.</summary>
public sealed class RemovePlateRule(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageLists, ct);
        if (await s.Db.Set<PlateRule>().FirstOrDefaultAsync(r => r.Id == id, ct) is not { } rule
            || (!s.Db.Scope.All && (rule.LotIds.Count == 0 || rule.LotIds.Exists(l => !s.Db.Scope.Lots.Contains(l)))))
            return new NotFound("entry");
        PlateRuleChange.Log(s, rule.Id, PlateRuleValues.Of(rule, await SavePlateRules.NameAsync(s, rule.GroupId, ct)), null);
        s.Db.Remove(rule);
        return await s.SaveAsync(ct);
    }
}

/// <summary>Puts an entry on its list again as it was when it was taken off. One that is on its list stays as it is.</summary>
public sealed class RestorePlateRule(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageLists, ct);
        if (await s.Db.Set<PlateRule>().AnyAsync(r => r.Id == id, ct))
            return new Done();
        var last = await s.Db.Set<PlateRuleChange>().AsNoTracking().Where(c => c.RuleId == id).OrderByDescending(c => c.At).ThenByDescending(c => c.Id)
            .FirstOrDefaultAsync(ct);
        if (last is not { After: null, Before: { } was }
            || (!s.Db.Scope.All && (was.LotIds.Count == 0 || was.LotIds.Any(l => !s.Db.Scope.Lots.Contains(l)))))
            return new NotFound("entry");
        var group = await s.Db.Set<PlateGroup>().Where(g => g.Name == was.Group).Select(g => (Guid?)g.Id).FirstOrDefaultAsync(ct);
        if (was.Group is not null && group is null)
            return new NotFound("group");
        s.Db.Add(new PlateRule
        {
            Id = id,
            Kind = was.Kind,
            Pattern = was.Pattern,
            Form = was.Form,
            GroupId = group,
            Wild = was.Form is not null || SavePlateRules.IsForm(was.Pattern),
            LotIds = [.. was.LotIds],
            From = was.From,
            Until = was.Until,
            Reason = was.Reason,
            ChangedBy = actor.Name,
            ChangedAt = s.Now
        });
        PlateRuleChange.Log(s, id, null, was);
        return await s.SaveAsync(ct);
    }
}
