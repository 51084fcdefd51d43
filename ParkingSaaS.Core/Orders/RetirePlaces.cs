using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

// Here and not in Lots, because only orders know whether cars are still in.

/// <summary>Takes a lot out of use. Its history stays.</summary>
public sealed class RetireLot(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Lots.FirstOrDefaultAsync(l => l.Id == id && l.RetiredAt == null, ct) is not { } lot)
            return new NotFound("lot");
        var cars = await s.Db.Orders.Where(Order.IsInLot).CountAsync(o => o.LotId == id, ct);
        if (cars > 0)
            return new StillParked(lot.Name, cars);
        lot.RetiredAt = s.Now;
        return await s.SaveAsync(ct);
    }
}

/// <summary>Takes a berth out of use that no car stands on.</summary>
public sealed class RetireBerth(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Berths.FirstOrDefaultAsync(b => b.Id == id && b.RetiredAt == null, ct) is not { } berth)
            return new NotFound("berth");
        if (await s.Db.Orders.AnyAsync(o => o.BerthId == id && o.State == OrderState.Parked, ct))
            return new StillParked(berth.Number, 1);
        berth.RetiredAt = s.Now;
        return await s.SaveAsync(ct);
    }
}

/// <summary>Cars are still in; what they stand on cannot be taken out of use.</summary>
public sealed record StillParked(string Name, int Cars) : Error("lots.still-parked", Name, Cars);
