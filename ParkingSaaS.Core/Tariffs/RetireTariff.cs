using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Takes a tariff out of use. Its versions stay, for the orders that they priced.</summary>
public sealed class RetireTariff(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid tariffId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, TariffPermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity)
            return new TariffsAreTheCitys();
        if (await s.Db.Set<TariffPlan>().FirstOrDefaultAsync(t => t.Id == tariffId && t.RetiredAt == null, ct) is not { } plan)
            return new NotFound("tariff");
        var lots = await s.Db.Set<LotTariff>().CountAsync(
            a => a.TariffId == tariffId && a.UsedUntil == null && s.Db.Set<Lot>().Any(l => l.Id == a.LotId && l.RetiredAt == null), ct);
        if (lots > 0)
            return new TariffStillUsed(plan.Name, lots);
        plan.RetiredAt = s.Now;
        return await s.SaveAsync(ct);
    }
}
