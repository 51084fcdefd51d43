using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A zone as entered.</summary>
/// <param name="LotId">Its lot; cannot change later.</param>
/// <param name="Id">The zone to change; null adds one.</param>
/// <param name="Name">1–64 characters, unique in the lot.</param>
/// <param name="Capacity">How many cars it holds, 0–100,000; null where nobody counted.</param>
/// <param name="Rank">Its place among the lot's zones, 0–999, lowest first.</param>
public sealed record ZoneDetails(Guid LotId, Guid? Id, string Name, int? Capacity, int Rank)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public ZoneDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static ZoneDetails Of(LotZone zone) => new(zone.LotId, zone.Id, zone.Name, zone.Capacity, zone.Rank);
}

public sealed class SaveZone(CitySessions sessions)
{
    /// <summary>Saves and answers the zone's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, ZoneDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (!await s.Db.Set<Lot>().AnyAsync(l => l.Id == request.LotId && l.RetiredAt == null, ct))
            return new NotFound("lot");
        var zones = await s.Db.Set<LotZone>().Where(z => z.LotId == request.LotId).ToListAsync(ct);
        var zone = zones.Find(z => z.Id == request.Id);
        if (zone is null && request.Id is not null)
            return new NotFound("zone");
        if (zone is not null && Edits.Since(request.Seen, ZoneDetails.Of(zone), request) is { } changed)
            return changed;
        var name = request.Name?.Trim();
        var invalid = Check.All(
            Check.Required(nameof(request.Name), name, 64),
            Check.Range(nameof(request.Capacity), request.Capacity, 0, 100_000),
            Check.Range(nameof(request.Rank), request.Rank, 0, 999),
            Check.That(!zones.Exists(z => z.Name == name && z.Id != request.Id), nameof(request.Name), "taken"));
        if (invalid is not null)
            return invalid;
        if (zone is null)
            s.Db.Set<LotZone>().Add(zone = new LotZone { Id = Guid.CreateVersion7(), LotId = request.LotId, Name = name! });
        (zone.Name, zone.Capacity, zone.Rank) = (name!, request.Capacity, request.Rank);
        return (await s.SaveAsync(ct)).Error is { } error ? error : zone.Id;
    }
}

/// <summary>Removes a zone that no berth in use belongs to.</summary>
public sealed class RemoveZone(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Set<LotZone>().FirstOrDefaultAsync(z => z.Id == id, ct) is not { } zone)
            return new NotFound("zone");
        if (await s.Db.Set<Berth>().AnyAsync(b => b.ZoneId == id && b.RetiredAt == null, ct))
            return new StillUsed(zone.Name);
        s.Db.Set<LotZone>().Remove(zone);
        return await s.SaveAsync(ct);
    }
}
