using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A road as entered.</summary>
/// <param name="Id">The road to change; null adds one.</param>
/// <param name="Name">1–64 characters, unique in its area.</param>
/// <param name="AreaId">The area it runs through. All lots that lie along it must be in that area or below.</param>
public sealed record RoadDetails(Guid? Id, string Name, Guid AreaId)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public RoadDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static RoadDetails Of(Road road) => new(road.Id, road.Name, road.AreaId);
}

public sealed class SaveRoad(CitySessions sessions)
{
    /// <summary>Saves and answers the road's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, RoadDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.ManageAreas, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("road");
        if (Check.Required(nameof(request.Name), request.Name, 64) is { } invalid)
            return invalid;
        var name = request.Name.Trim();
        var road = request.Id is null ? null : await s.Db.Set<Road>().FindAsync([request.Id], ct);
        if (road is null && request.Id is not null)
            return new NotFound("road");
        if (road is not null && Edits.Since(request.Seen, RoadDetails.Of(road), request) is { } changed)
            return changed;
        if (!await s.Db.Set<Area>().AnyAsync(a => a.Id == request.AreaId, ct))
            return new InvalidField(nameof(request.AreaId), "invalid");
        if (await s.Db.Set<Road>().AnyAsync(r => r.AreaId == request.AreaId && r.Name == name && r.Id != request.Id, ct))
            return new InvalidField(nameof(request.Name), "taken");
        if (road is not null && road.AreaId != request.AreaId)
        {
            var below = await ScopeResolver.AreasBelowAsync(s.Db, request.AreaId, ct);
            if (await s.Db.Set<Lot>().AnyAsync(l => l.RoadId == road.Id && !below.Contains(l.AreaId), ct))
                return new InvalidField(nameof(request.AreaId), "invalid");
        }
        if (road is null)
            s.Db.Set<Road>().Add(road = new Road { Id = Guid.CreateVersion7(), Name = name, AreaId = request.AreaId });
        (road.Name, road.AreaId) = (name, request.AreaId);
        return (await s.SaveAsync(ct)).Error is { } error ? error : road.Id;
    }
}

/// <summary>Removes a road that no lot lies along.</summary>
public sealed class RemoveRoad(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.ManageAreas, ct);
        if (!actor.Scope.IsWholeCity || await s.Db.Set<Road>().FindAsync([id], ct) is not { } road)
            return new NotFound("road");
        if (await s.Db.Set<Lot>().AnyAsync(l => l.RoadId == id, ct))
            return new StillUsed(road.Name);
        s.Db.Set<Road>().Remove(road);
        return await s.SaveAsync(ct);
    }
}
