using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>Takes a lot out of use. Its history stays.</summary>
public sealed class RetireLot(CitySessions sessions, ICarsInLot cars)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Set<Lot>().FirstOrDefaultAsync(l => l.Id == id && l.RetiredAt == null, ct) is not { } lot)
            return new NotFound("lot");
        if (await cars.CountAsync(s, id, null, ct) is > 0 and var parked)
            return new StillParked(lot.Name, parked);
        lot.RetiredAt = s.Now;
        return await s.SaveAsync(ct);
    }
}

/// <summary>Takes a berth out of use that no car stands on.</summary>
public sealed class RetireBerth(CitySessions sessions, ICarsInLot cars)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Set<Berth>().FirstOrDefaultAsync(b => b.Id == id && b.RetiredAt == null, ct) is not { } berth)
            return new NotFound("berth");
        if (await cars.CountAsync(s, berth.LotId, id, ct) is > 0 and var parked)
            return new StillParked(berth.Number, parked);
        berth.RetiredAt = s.Now;
        return await s.SaveAsync(ct);
    }
}

/// <summary>Cars are still in; what they stand on cannot be taken out of use.</summary>
public sealed record StillParked(string Name, int Cars) : Error("lots.still-parked", new GivenName(Name), Cars);
