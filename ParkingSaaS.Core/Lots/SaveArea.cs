using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>An area as entered.</summary>
/// <param name="Id">The area to change; null adds one.</param>
/// <param name="Name">1–64 characters, unique within its parent.</param>
/// <param name="ParentId">The area it is part of; null at the top.</param>
public sealed record AreaDetails(Guid? Id, string Name, Guid? ParentId)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public AreaDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static AreaDetails Of(Area area) => new(area.Id, area.Name, area.ParentId);
}

public sealed class SaveArea(CitySessions sessions)
{
    /// <summary>Saves and answers the area's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, AreaDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.ManageAreas, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("area");
        if (Check.Required(nameof(request.Name), request.Name, 64) is { } invalid)
            return invalid;
        var areas = await s.Db.Set<Area>().ToListAsync(ct);
        var name = request.Name.Trim();
        var area = areas.Find(a => a.Id == request.Id);
        if (area is null && request.Id is not null)
            return new NotFound("area");
        if (area is not null && Edits.Since(request.Seen, AreaDetails.Of(area), request) is { } changed)
            return changed;
        if (areas.Exists(a => a.Id != request.Id && a.ParentId == request.ParentId && a.Name == name))
            return new InvalidField(nameof(request.Name), "taken");
        // Walking up from the new parent must neither miss an area nor come back to this one.
        for (var parent = request.ParentId; parent is not null; parent = areas.Find(a => a.Id == parent)!.ParentId)
            if (parent == request.Id || !areas.Exists(a => a.Id == parent))
                return new InvalidField(nameof(request.ParentId), "invalid");
        if (area is null)
            s.Db.Set<Area>().Add(area = new Area { Id = Guid.CreateVersion7(), Name = name });
        (area.Name, area.ParentId) = (name, request.ParentId);
        return (await s.SaveAsync(ct)).Error is { } error ? error : area.Id;
    }
}

/// <summary>Removes an area that nothing belongs to.</summary>
public sealed class RemoveArea(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.ManageAreas, ct);
        if (!actor.Scope.IsWholeCity || await s.Db.Set<Area>().FindAsync([id], ct) is not { } area)
            return new NotFound("area");
        if (await s.Db.Set<Area>().AnyAsync(a => a.ParentId == id, ct) || await s.Db.Set<Lot>().AnyAsync(l => l.AreaId == id, ct)
            || await s.Db.Set<Road>().AnyAsync(r => r.AreaId == id, ct)
            || await s.Db.Set<Company>().AnyAsync(c => c.AreaId == id, ct) || await s.Db.Set<User>().AnyAsync(u => u.AreaId == id, ct))
            return new StillUsed(area.Name);
        s.Db.Set<Area>().Remove(area);
        return await s.SaveAsync(ct);
    }
}
