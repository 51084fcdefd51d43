using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A group of lots as entered.</summary>
/// <param name="Id">The group to change; null adds one.</param>
/// <param name="Name">1–64 characters, unique in the city.</param>
/// <param name="LotIds">The lots, at least one.</param>
public sealed record LotGroupDetails(Guid? Id, string Name, IReadOnlyList<Guid> LotIds)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public LotGroupDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static LotGroupDetails Of(LotGroup group) => new(group.Id, group.Name, group.LotIds);
}

public sealed class SaveLotGroup(CitySessions sessions)
{
    /// <summary>Saves and answers the group's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, LotGroupDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.ManageAreas, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("group");
        if ((Check.Required(nameof(request.Name), request.Name, 64)
            ?? Check.That(request.LotIds.Count > 0, nameof(request.LotIds), "required")) is { } invalid)
            return invalid;
        var name = request.Name.Trim();
        var lots = request.LotIds.Distinct().ToList();
        var group = request.Id is null ? null : await s.Db.Set<LotGroup>().FindAsync([request.Id], ct);
        if (group is null && request.Id is not null)
            return new NotFound("group");
        if (group is not null && Edits.Since(request.Seen, LotGroupDetails.Of(group), request) is { } changed)
            return changed;
        if (await s.Db.Set<Lot>().CountAsync(l => lots.Contains(l.Id), ct) != lots.Count)
            return new NotFound("lot");
        if (await s.Db.Set<LotGroup>().AnyAsync(g => g.Name == name && g.Id != request.Id, ct))
            return new InvalidField(nameof(request.Name), "taken");
        if (group is null)
            s.Db.Set<LotGroup>().Add(group = new LotGroup { Id = Guid.CreateVersion7(), Name = name });
        (group.Name, group.LotIds) = (name, lots);
        return (await s.SaveAsync(ct)).Error is { } error ? error : group.Id;
    }
}

/// <summary>Removes a group of lots that nothing uses.</summary>
public sealed class RemoveLotGroup(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.ManageAreas, ct);
        if (!actor.Scope.IsWholeCity || await s.Db.Set<LotGroup>().FindAsync([id], ct) is not { } group)
            return new NotFound("group");
        try
        {
            s.Db.Set<LotGroup>().Remove(group);
            return await s.SaveAsync(ct);
        }
        catch (DbUpdateException e) when (DbFault.IsReferred(e))
        {
            return new StillUsed(group.Name);
        }
    }
}
