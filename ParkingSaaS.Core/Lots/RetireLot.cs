using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>Takes a lot out of use. Its history stays.</summary>
public sealed class RetireLot(CitySessions sessions, CarsIn carsIn)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Lots.FirstOrDefaultAsync(l => l.Id == id && l.RetiredAt == null, ct) is not { } lot)
            return new NotFound("lot");
        if (await carsIn(s, id, null, ct) is > 0 and var cars)
            return new StillParked(lot.Name, cars);
        lot.RetiredAt = s.Now;
        return await s.SaveAsync(ct);
    }
}
