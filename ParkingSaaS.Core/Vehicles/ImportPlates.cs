using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>Takes a table of plates, or of forms with * and ?, for a list. Each is known by itself on that list for the same lots. The black list
/// wants a reason for each.</summary>
public sealed class ImportPlates(CitySessions sessions, CityNames names, PlateListKind list) : TableImport(sessions, names)
{
    static readonly ImportColumn OfPlate = new("Plate", "Plate", Required: true) { Also = ["车牌号", "车牌号码", "号牌号码"] };
    static readonly ImportColumn From = new("From", "First day") { Also = ["首日"] };
    static readonly ImportColumn Until = new("Until", "Last day") { Also = ["末日"] };
    readonly ImportColumn reason = new("Reason", "Reason", Required: list is PlateListKind.Black);

    public override string Kind => list switch
    {
        PlateListKind.Black => "blacklist",
        PlateListKind.White => "whitelist",
        _ => "special-plates"
    };

    public override string Permission => VehiclePermissions.ManageLists;

    public override IReadOnlyList<ImportColumn> Columns => [OfPlate, reason, From, Until];

    public override int MaxRows => 10_000;

    public override bool Bare => true;

    public override bool InLots => true;

    protected override async Task EnterAsync(CitySession s, ImportSheet sheet, CancellationToken ct)
    {
        var lots = sheet.LotIds?.Distinct().Order().ToList() ?? [];
        sheet.Refused = Check.That(lots.Count > 0 || (sheet.LotIds is null && s.Actor.Scope.IsWholeCity), nameof(ImportFile.LotIds), "required");
        if (sheet.Refused is null && await s.Db.Set<Lot>().CountAsync(l => lots.Contains(l.Id), ct) != lots.Count)
            sheet.Refused = new NotFound("lot");
        if (sheet.Refused is not null)
            return;
        var patterns = sheet.Lines.Select(l => SavePlateRules.Pattern(l[OfPlate])).ToArray();
        var known = (await s.Db.Set<PlateRule>().Where(r => r.Kind == list && patterns.Contains(r.Pattern!)).OrderBy(r => r.Id).ToListAsync(ct))
            .Where(r => r.LotIds.Order().SequenceEqual(lots)).GroupBy(r => r.Pattern!).ToDictionary(g => g.Key, g => g.First());
        foreach (var (line, pattern) in sheet.Lines.Zip(patterns))
            Enter(line, pattern);

        void Enter(ImportLine line, string pattern)
        {
            var rule = known.GetValueOrDefault(pattern);
            line.IsNew = rule is null;
            if (!SavePlateRules.IsValid(pattern))
                line.Wrong(new InvalidField(OfPlate.Field, pattern.Length == 0 ? "required" : "invalid"));
            else
                line.Once(OfPlate, pattern);
            var (why, from, until) = (line.Text(reason, rule?.Reason ?? ""), line.Day(From, rule?.From), line.Day(Until, rule?.Until));
            if (Check.All(Check.Optional(reason.Field, why, PlateRule.MaxReason), Check.That(!(until < from), Until.Field, "out-of-range")) is { } invalid)
                line.Wrong(invalid);
            if (!line.Ok)
                return;
            line.Done(pattern, (reason, rule?.Reason, why), (From, rule?.From, from), (Until, rule?.Until, until));
            if (rule is not null && (rule.Reason, rule.From, rule.Until) == (why, from, until))
                return;
            var before = rule is null ? null : PlateRuleValues.Of(rule, null);
            if (rule is null)
                s.Db.Add(rule = new PlateRule
                {
                    Id = Guid.CreateVersion7(),
                    Kind = list,
                    Pattern = pattern,
                    Wild = SavePlateRules.IsForm(pattern),
                    LotIds = [.. lots],
                    ChangedBy = s.Actor.Name,
                    ChangedAt = s.Now
                });
            (rule.Reason, rule.From, rule.Until, rule.ChangedBy, rule.ChangedAt) = (why, from, until, s.Actor.Name, s.Now);
            PlateRuleChange.Log(s, rule.Id, before, PlateRuleValues.Of(rule, null), fromFile: true);
        }
    }
}
