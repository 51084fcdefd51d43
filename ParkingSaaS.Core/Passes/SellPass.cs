using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>Sells a pass: a clerk's sale waits for its review where the product wants one, then for its payment; a driver's only for
/// that.</summary>
public sealed class SellPass(CitySessions sessions, LiveFeed live)
{
    /// <summary>Sells, and answers the pass. The same sale once more changes nothing.</summary>
    /// <exception cref="AccessDeniedException">The actor may not sell.</exception>
    public Task<Result<Guid>> RunAsync(Actor actor, PassSale sale, CancellationToken ct) =>
        RunAsync(actor, PassPermissions.Sell, onLine: false, sale, ct);

    /// <summary>A driver buys on the phone.</summary>
    public Task<Result<Guid>> BuyAsync(Actor actor, PassSale sale, CancellationToken ct) =>
        RunAsync(actor, PassPermissions.Buy, onLine: true, sale, ct);

    async Task<Result<Guid>> RunAsync(Actor actor, string permission, bool onLine, PassSale sale, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, permission, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Passes, ct);
        if (await s.Db.Set<Pass>().AnyAsync(p => p.Id == sale.Id, ct))
            return sale.Id;
        if (!(await PassSales.AddAsync(s, sale, onLine, null, ct)).Try(out var pass, out var error))
            return error;
        if ((await s.SaveAsync(ct)).Error is { } changed)
            return changed;
        await transaction.CommitAsync(ct);
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Pass, pass.LotId, pass.Id)]);
        return pass.Id;
    }
}
