using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A lane as entered.</summary>
/// <param name="LotId">The gated lot it leads to; cannot change later.</param>
/// <param name="Id">The lane to change; null adds one.</param>
/// <param name="Name">1–64 characters, unique in the lot.</param>
public sealed record LaneDetails(Guid LotId, Guid? Id, string Name, LaneDirection Direction)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public LaneDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static LaneDetails Of(Lane lane) => new(lane.LotId, lane.Id, lane.Name, lane.Direction);
}

public sealed class SaveLane(CitySessions sessions)
{
    /// <summary>Saves and answers the lane's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, LaneDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Set<Lot>().FirstOrDefaultAsync(l => l.Id == request.LotId && l.RetiredAt == null, ct) is not { } lot)
            return new NotFound("lot");
        if (!lot.Gated)
            return new NoLanesOnStreet();
        var lanes = await s.Db.Set<Lane>().Where(l => l.LotId == lot.Id && l.RetiredAt == null).ToListAsync(ct);
        var lane = lanes.Find(l => l.Id == request.Id);
        if (lane is null && request.Id is not null)
            return new NotFound("lane");
        if (lane is not null && Edits.Since(request.Seen, LaneDetails.Of(lane), request) is { } changed)
            return changed;
        if (Invalid(request) is { } invalid)
            return invalid;
        var name = request.Name.Trim();
        if (lanes.Exists(l => l.Name == name && l.Id != request.Id))
            return new InvalidField(nameof(request.Name), "taken");
        if (lane is null)
            s.Db.Set<Lane>().Add(lane = new Lane
            {
                Id = Guid.CreateVersion7(),
                LotId = lot.Id,
                Name = name,
                Direction = request.Direction
            });
        (lane.Name, lane.Direction) = (name, request.Direction);
        return (await s.SaveAsync(ct)).Error is { } error ? error : lane.Id;
    }

    /// <summary>Checks what needs no look at anything else.</summary>
    internal static InvalidField? Invalid(LaneDetails r) =>
        Check.All(Check.Required(nameof(r.Name), r.Name, 64), Check.That(Enum.IsDefined(r.Direction), nameof(r.Direction), "invalid"));
}

public sealed class RetireLane(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Set<Lane>().FirstOrDefaultAsync(l => l.Id == id && l.RetiredAt == null, ct) is not { } lane)
            return new NotFound("lane");
        lane.RetiredAt = s.Now;
        return await s.SaveAsync(ct);
    }
}
