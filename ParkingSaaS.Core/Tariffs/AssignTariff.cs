using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Says which tariff a lot uses. Cars that are in already keep the version of their entry.</summary>
public sealed class AssignTariff(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid tariffId, Guid lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, TariffPermissions.Assign, ct);
        if (await s.Db.Set<TariffPlan>().FirstOrDefaultAsync(t => t.Id == tariffId && t.RetiredAt == null, ct) is not { } plan)
            return new NotFound("tariff");
        if (!await s.Db.Set<Lot>().AnyAsync(l => l.Id == lotId && l.RetiredAt == null, ct))
            return new NotFound("lot");
        if (!await s.Db.Set<TariffVersion>().AnyAsync(v => v.TariffId == tariffId && v.EffectiveFrom <= s.Now, ct))
            return new TariffNotInForce(plan.Name);
        var current = await s.Db.Set<LotTariff>().FirstOrDefaultAsync(a => a.LotId == lotId && a.UsedUntil == null, ct);
        if (current?.TariffId == tariffId)
            return new Done();
        current?.UsedUntil = s.Now;
        s.Db.Add(new LotTariff { Id = Guid.CreateVersion7(), LotId = lotId, TariffId = tariffId, UsedFrom = s.Now, AssignedBy = actor.Name });
        return await s.SaveAsync(ct);
    }
}
