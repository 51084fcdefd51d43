using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>Takes one plate out of a group.</summary>
public sealed class RemoveGroupPlate(CitySessions sessions)
{
    /// <param name="plate">As it stands in the group.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid groupId, string plate, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageGroups, ct);
        if (await s.Db.Set<PlateGroup>().FirstOrDefaultAsync(g => g.Id == groupId, ct) is not { } group)
            return new NotFound("group");
        if (await s.Db.Set<PlateGroupPlate>().FirstOrDefaultAsync(p => p.GroupId == groupId && p.Plate == plate, ct) is not { } member)
            return new NotFound("entry");
        s.Db.Remove(member);
        Log(s, group, added: [], removed: [plate]);
        return await s.SaveAsync(ct);
    }

    internal static void Log(CitySession s, PlateGroup group, List<string> added, List<string> removed)
    {
        (group.ChangedBy, group.ChangedAt) = (s.Actor.Name, s.Now);
        s.Db.Add(new PlateGroupChange
        {
            Id = Guid.CreateVersion7(),
            GroupId = group.Id,
            At = s.Now,
            By = s.Actor.Name,
            NameBefore = group.Name,
            Name = group.Name,
            NoteBefore = group.Note,
            Note = group.Note,
            Added = added,
            Removed = removed
        });
    }
}

/// <summary>Puts a plate into its group again that was taken out of it. One that is in it stays.</summary>
public sealed class RestoreGroupPlate(CitySessions sessions)
{
    /// <param name="plate">As it stood in the group.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid groupId, string plate, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageGroups, ct);
        if (await s.Db.Set<PlateGroup>().FirstOrDefaultAsync(g => g.Id == groupId, ct) is not { } group)
            return new NotFound("group");
        if (await s.Db.Set<PlateGroupPlate>().AnyAsync(p => p.GroupId == groupId && p.Plate == plate, ct))
            return new Done();
        if (!await s.Db.Set<PlateGroupChange>().AnyAsync(c => c.GroupId == groupId && c.Removed.Contains(plate), ct))
            return new NotFound("entry");
        if (Check.Most("Plates", await s.Db.Set<PlateGroupPlate>().CountAsync(p => p.GroupId == groupId, ct) + 1, PlateGroup.MaxPlates) is { } full)
            return full;
        s.Db.Add(new PlateGroupPlate { GroupId = groupId, Plate = plate });
        RemoveGroupPlate.Log(s, group, added: [plate], removed: []);
        return await s.SaveAsync(ct);
    }
}
