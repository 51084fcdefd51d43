using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>What every change of one pass has in common: the door, the row, saving and telling the screens.</summary>
public sealed class PassChange(CitySessions sessions, LiveFeed live)
{
    /// <summary>Runs a change in one transaction.</summary>
    /// <param name="change">Changes it, or says why not.</param>
    internal async Task<Result<Done>> RunAsync(Actor actor, string permission, Guid passId, Func<CitySession, Pass, Task<Error?>> change,
        CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, permission, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        if (await s.Db.Set<Pass>().FirstOrDefaultAsync(p => p.Id == passId, ct) is not { } pass)
            return new NotFound("pass");
        if (await change(s, pass) is { } error)
            return error;
        if ((await s.SaveAsync(ct)).Error is { } changed)
            return changed;
        // What it says is done: money may be in it, and a browser that goes away must not undo half of that.
        await transaction.CommitAsync(CancellationToken.None);
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Pass, pass.LotId, pass.Id)]);
        return new Done();
    }
}
