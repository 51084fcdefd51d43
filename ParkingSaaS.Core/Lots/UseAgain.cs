using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>Takes a lot into use again that <see cref="RetireLot"/> took out of it. One that is in use stays so.</summary>
public sealed class UseLotAgain(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Set<Lot>().FirstOrDefaultAsync(l => l.Id == id, ct) is not { } lot)
            return new NotFound("lot");
        if (lot.RetiredAt is null)
            return new Done();
        if (await s.Db.Set<Company>().AnyAsync(c => c.Id == lot.CompanyId && c.RetiredAt != null, ct))
            return new NotFound("company");
        // Names are unique in the whole city, so also among the lots that this actor does not see.
        if (await s.Db.Set<Lot>().IgnoreQueryFilters([CityDb.ScopeFilter]).AnyAsync(l => l.Name == lot.Name && l.RetiredAt == null, ct))
            return new InvalidField(nameof(lot.Name), "taken");
        lot.RetiredAt = null;
        return await s.SaveAsync(ct);
    }
}

/// <summary>The same of a lane, whose lot must be in use.</summary>
public sealed class UseLaneAgain(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Set<Lane>().FirstOrDefaultAsync(l => l.Id == id && s.Db.Set<Lot>().Any(x => x.Id == l.LotId && x.RetiredAt == null), ct) is not { } lane)
            return new NotFound("lane");
        if (lane.RetiredAt is null)
            return new Done();
        if (await s.Db.Set<Lane>().AnyAsync(l => l.LotId == lane.LotId && l.Name == lane.Name && l.RetiredAt == null, ct))
            return new InvalidField(nameof(lane.Name), "taken");
        lane.RetiredAt = null;
        return await s.SaveAsync(ct);
    }
}

/// <summary>The same of a berth, whose lot must be in use.</summary>
public sealed class UseBerthAgain(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Set<Berth>().FirstOrDefaultAsync(b => b.Id == id && s.Db.Set<Lot>().Any(x => x.Id == b.LotId && x.RetiredAt == null), ct)
            is not { } berth)
            return new NotFound("berth");
        if (berth.RetiredAt is null)
            return new Done();
        if (await s.Db.Set<Berth>().AnyAsync(b => b.LotId == berth.LotId && b.Number == berth.Number && b.RetiredAt == null, ct))
            return new InvalidField(nameof(berth.Number), "taken");
        berth.RetiredAt = null;
        return await s.SaveAsync(ct);
    }
}
