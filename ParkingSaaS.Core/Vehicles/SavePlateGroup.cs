using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>A group as entered.</summary>
/// <param name="Id">The group to change; null adds one.</param>
/// <param name="Name">1–64 characters without commas, unique in the city. It stays while a published tariff names it.</param>
/// <param name="Note">At most <see cref="PlateGroup.MaxNote"/> characters.</param>
/// <param name="Plates">All its plates, at most <see cref="PlateGroup.MaxPlates"/>; those that were in it and are not here leave it.</param>
public sealed record PlateGroupDetails(Guid? Id, string? Name, string? Note, IReadOnlyList<string> Plates)
{
    /// <summary>The person says that plates of no known form are right.</summary>
    public bool Foreign { get; init; }

    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public PlateGroupDetails? Seen { get; init; }

    /// <summary>What a form to change a group is opened with.</summary>
    public static PlateGroupDetails Of(PlateGroup group, IEnumerable<PlateGroupPlate> plates) =>
        new(group.Id, group.Name, group.Note, [.. plates.Select(p => p.Plate).Order(StringComparer.Ordinal)]);
}

public sealed class SavePlateGroup(CitySessions sessions)
{
    /// <summary>Saves and answers the group's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, PlateGroupDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageGroups, ct);
        var name = request.Name?.Trim();
        var plates = request.Plates.Select(PlateGrammar.Normalize).OfType<string>().ToHashSet();
        var invalid = Check.All(
            Check.Required(nameof(request.Name), name, PlateGroup.MaxName),
            Check.That(!name.AsSpan().ContainsAny(',', '，', '、'), nameof(request.Name), "invalid", "no-commas"),
            Check.Optional(nameof(request.Note), request.Note, PlateGroup.MaxNote),
            Check.Plates(nameof(request.Plates), request.Plates, SavePlateRules.IsForm),
            Check.Most(nameof(request.Plates), plates.Count, PlateGroup.MaxPlates),
            Check.That(plates.All(p => p.Length is >= 2 and <= Plate.MaxLength)
                && !request.Plates.Any(p => p.AsSpan().ContainsAny('*', '?')), nameof(request.Plates), "invalid", "plates-whole"))
            ?? Check.That(!await s.Db.Set<PlateGroup>().AnyAsync(g => g.Name == name && g.Id != request.Id, ct), nameof(request.Name), "taken");
        if (invalid is not null)
            return invalid;
        var group = await s.Db.Set<PlateGroup>().FirstOrDefaultAsync(g => g.Id == request.Id, ct);
        if (group is null && request.Id is not null)
            return new NotFound("group");
        var (nameBefore, noteBefore) = (group?.Name, group?.Note ?? "");
        var before = await s.Db.Set<PlateGroupPlate>().Where(p => p.GroupId == request.Id).OrderBy(p => p.Plate).ToListAsync(ct);
        if (group is not null
            && Edits.Since(request.Seen, PlateGroupDetails.Of(group, before), request with { Plates = [.. plates] }, group.ChangedBy) is { } changed)
            return changed;
        if (TypedPlate.Ask(request.Foreign, plates.Except(before.Select(p => p.Plate))) is { } question)
            return question;
        if (group is null)
            s.Db.Add(group = new PlateGroup { Id = Guid.CreateVersion7(), Name = name!, ChangedBy = actor.Name, ChangedAt = s.Now });
        else if (group.Name != name && await TariffWithAsync(s, group.Name, ct) is { } tariff)
            return new GroupInTariff(group.Name, tariff);
        (group.Name, group.Note, group.ChangedBy, group.ChangedAt) = (name!, request.Note?.Trim() ?? "", actor.Name, s.Now);
        var removed = new List<string>();
        foreach (var old in before)
            if (!plates.Remove(old.Plate))
            {
                s.Db.Remove(old);
                removed.Add(old.Plate);
            }
        s.Db.AddRange(plates.Select(p => new PlateGroupPlate { GroupId = group.Id, Plate = p }));
        if (plates.Count > 0 || removed.Count > 0 || (nameBefore, noteBefore) != (group.Name, group.Note))
            s.Db.Add(new PlateGroupChange
            {
                Id = Guid.CreateVersion7(),
                GroupId = group.Id,
                At = s.Now,
                By = actor.Name,
                NameBefore = nameBefore,
                Name = group.Name,
                NoteBefore = noteBefore,
                Note = group.Note,
                Added = [.. plates.Order(StringComparer.Ordinal)],
                Removed = removed
            });
        return (await s.SaveAsync(ct)).Error is { } error ? error : group.Id;
    }

    /// <summary>A tariff with a published version that names the group; null where there is none.</summary>
    internal static async Task<string?> TariffWithAsync(CitySession s, string group, CancellationToken ct)
    {
        var versions = await (from version in s.Db.Set<TariffVersion>()
                              join tariff in s.Db.Set<TariffPlan>() on version.TariffId equals tariff.Id
                              where version.EffectiveFrom != null
                              select new { tariff.Name, version.Definition }).ToListAsync(ct);
        return versions.Find(v => TariffJson.ReadPublished(v.Definition).Conditions.Any(c => c.GroupsNamed.Contains(group)))?.Name;
    }
}

/// <summary>Removes a group that no list and no published tariff names.</summary>
public sealed class RemovePlateGroup(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageGroups, ct);
        if (await s.Db.Set<PlateGroup>().FirstOrDefaultAsync(g => g.Id == id, ct) is not { } group)
            return new NotFound("group");
        if (await s.Db.Set<PlateRule>().AnyAsync(r => r.GroupId == id, ct))
            return new GroupOnList(group.Name);
        if (await SavePlateGroup.TariffWithAsync(s, group.Name, ct) is { } tariff)
            return new GroupInTariff(group.Name, tariff);
        s.Db.Add(new PlateGroupChange
        {
            Id = Guid.CreateVersion7(),
            GroupId = id,
            At = s.Now,
            By = actor.Name,
            NameBefore = group.Name,
            NoteBefore = group.Note,
            Removed = await s.Db.Set<PlateGroupPlate>().Where(p => p.GroupId == id).Select(p => p.Plate).Order().ToListAsync(ct)
        });
        s.Db.Remove(group);
        return await s.SaveAsync(ct);
    }
}
