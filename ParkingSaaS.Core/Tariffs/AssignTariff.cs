using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Says which tariff a lot uses. Cars that are in already keep the version of their entry.</summary>
public sealed class AssignTariff(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid tariffId, Guid lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, TariffPermissions.Assign, ct);
        if (await s.Db.Tariffs.FirstOrDefaultAsync(t => t.Id == tariffId && t.RetiredAt == null, ct) is not { } plan)
            return new NotFound("tariff");
        if (!await s.Db.Lots.AnyAsync(l => l.Id == lotId && l.RetiredAt == null, ct))
            return new NotFound("lot");
        if (!await s.Db.TariffVersions.AnyAsync(v => v.TariffId == tariffId && v.EffectiveFrom <= s.Now, ct))
            return new TariffNotInForce(plan.Name);
        if (await s.Db.LotTariffs.FirstOrDefaultAsync(a => a.LotId == lotId, ct) is { } assignment)
            assignment.TariffId = tariffId;
        else
            s.Db.Add(new LotTariff { LotId = lotId, TariffId = tariffId });
        return await s.SaveAsync(ct);
    }
}
