using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>The areas, roads and companies to which a session's actor may give lots, read once for many lots.</summary>
sealed partial class LotPlaces
{
    readonly Dictionary<Guid, Area> areas;
    readonly HashSet<Guid> within;
    readonly List<Road> roads;
    readonly Dictionary<Guid, Company> companies;
    readonly Scope scope;

    LotPlaces(List<Area> areas, List<Road> roads, List<Company> companies, Scope scope)
    {
        this.areas = areas.ToDictionary(a => a.Id);
        (this.roads, this.companies, this.scope) = (roads, companies.ToDictionary(c => c.Id), scope);
        within = [.. areas.Select(a => a.Id).Where(id => scope.AreaId is not { } top || Up(id).Any(a => a.Id == top))];
    }

    public static async Task<LotPlaces> LoadAsync(CitySession s, CancellationToken ct) => new(
        await s.Db.Set<Area>().AsNoTracking().ToListAsync(ct),
        await s.Db.Set<Road>().AsNoTracking().ToListAsync(ct),
        await s.Db.Set<Company>().AsNoTracking().ToListAsync(ct), s.Actor.Scope);

    /// <summary>What looks like a time of day; around it people write what they like, such as the days of the week.</summary>
    [GeneratedRegex(@"(?<hours>\d+)\s*[:：]\s*(?<minutes>\d+)")]
    private static partial Regex Clock();

    /// <summary>From 00:00 to 24:00.</summary>
    static bool IsTime(Match clock) => int.TryParse(clock.Groups["hours"].ValueSpan, out var hours)
        && int.TryParse(clock.Groups["minutes"].ValueSpan, out var minutes) && minutes < 60 && hours * 60 + minutes <= 24 * 60;

    /// <summary>Checks all of a lot but whether its name is taken.</summary>
    /// <param name="lot">As it is; null for a new one.</param>
    public InvalidField? Invalid(LotDetails r, Lot? lot) =>
        Check.All(
            Check.Required(nameof(r.Name), r.Name, 64),
            Check.Optional(nameof(r.Address), r.Address, 200),
            Check.Optional(nameof(r.OpeningHours), r.OpeningHours, 64),
            Check.That(r.OpeningHours is null || Clock().Matches(r.OpeningHours).All(IsTime), nameof(r.OpeningHours), "invalid", "hours"),
            Check.Range(nameof(r.Capacity), r.Capacity, 0, 100_000),
            Check.Range(nameof(r.PrepaidMinutesToLeave), r.PrepaidMinutesToLeave, 0, 1440),
            Check.Range(nameof(r.MisreadSeconds), r.MisreadSeconds, 0, 60),
            Check.Range(nameof(r.MisreadCharacters), r.MisreadCharacters, 1, 3),
            Check.Range(nameof(r.LongestStayHours), r.LongestStayHours, 1, 8760),
            Check.Range(nameof(r.Longitude), r.Longitude, -180, 180),
            Check.Range(nameof(r.Latitude), r.Latitude, -90, 90),
            Check.That(r.Longitude is null == r.Latitude is null, nameof(r.Latitude), "required"),
            Check.That(Enum.IsDefined(r.Kind) && (lot is null || lot.Kind == r.Kind), nameof(r.Kind), "invalid"),
            Check.That(lot?.AreaId == r.AreaId || within.Contains(r.AreaId), nameof(r.AreaId), "invalid"),
            Check.That(r.RoadId is null || RoadsThrough(r.AreaId).Any(x => x.Id == r.RoadId), nameof(r.RoadId), "invalid"),
            Check.That((lot is not null && lot.CompanyId == r.CompanyId) || MayUseCompany(r.CompanyId), nameof(r.CompanyId), "invalid"));

    /// <summary>The area of that name, which may be preceded by those above it: <c>Shenzhen / Nanshan</c>.</summary>
    public Result<Guid> AreaOf(string text, ImportSheet sheet)
    {
        string[] parts = [.. text.Split('/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Reverse()];
        var found = Found((name, part) => name == part);
        if (found.Count == 0)
            found = Found((name, part) => name == part || sheet.ReadAs(part).Contains(name));
        // What is written from the top on is that area, whatever others end alike.
        var whole = found.Where(id => Up(id).Count() == parts.Length).ToList();
        return whole is [var top] ? top : found is [var one] ? one
            : found.Count == 0 ? new UnknownName(nameof(LotDetails.AreaId), text) : new AmbiguousName(nameof(LotDetails.AreaId), text);

        List<Guid> Found(Func<string, string, bool> called) => [.. within.Where(id => parts.Length > 0
            && Up(id).Take(parts.Length).ToList() is var up && up.Count == parts.Length && up.Zip(parts, (a, part) => called(a.Name, part)).All(same => same))];
    }

    /// <summary>The road of that name that runs through the area, the nearest one.</summary>
    public Result<Guid?> RoadOf(string text, Guid areaId, ImportSheet sheet) =>
        sheet.Find(nameof(LotDetails.RoadId), text, name => RoadsThrough(areaId).FirstOrDefault(r => r.Name == name)).Try(out var road, out var wrong)
            ? road.Id : wrong;

    /// <summary>The company of that name, if the actor may give it a lot.</summary>
    public Result<Guid?> CompanyOf(string text, ImportSheet sheet) =>
        sheet.Find(nameof(LotDetails.CompanyId), text, name => companies.Values.FirstOrDefault(c => c.Name == name && c.RetiredAt is null))
            .Try(out var company, out var wrong) ? company.Id : wrong;

    /// <summary>An area's name with those above it; empty for none.</summary>
    public string NameOfArea(Guid id) => string.Join(" / ", Up(id).Reverse().Select(a => a.Name));

    public string NameOfRoad(Guid? id) => roads.Find(r => r.Id == id)?.Name ?? "";

    /// <summary>A company's name; empty for none, and for one out of reach.</summary>
    public string NameOfCompany(Guid? id) => id is { } company ? companies.GetValueOrDefault(company)?.Name ?? "" : "";

    /// <summary>An area and all above it.</summary>
    IEnumerable<Area> Up(Guid id)
    {
        for (var area = areas.GetValueOrDefault(id); area is not null; area = area.ParentId is { } parent ? areas.GetValueOrDefault(parent) : null)
            yield return area;
    }

    IEnumerable<Road> RoadsThrough(Guid areaId) => Up(areaId).SelectMany(a => roads.Where(r => r.AreaId == a.Id));

    bool MayUseCompany(Guid? id) =>
        id is { } company ? companies.TryGetValue(company, out var known) && known.RetiredAt is null : scope.CompanyId is null;
}
