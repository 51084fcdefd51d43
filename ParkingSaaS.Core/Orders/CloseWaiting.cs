using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Cars that stood at an exit without paying are gone after a while, whoever let them out: what they owe becomes
/// arrears.</summary>
public sealed class CloseWaiting(CitySessions sessions, OrderChanges changes)
{
    /// <summary>At a time: a night without anybody at the booths leaves thousands.</summary>
    const int Portion = 500;

    static Actor ActorOf(string city) => Actor.Job(city, "close-waiting", OrderPermissions.Close);

    /// <returns>How many orders became arrears.</returns>
    public async Task<Result<int>> RunAsync(string city, CancellationToken ct)
    {
        var closed = 0;
        while (true)
        {
            var portion = await CloseAsync(city, ct);
            if (!portion.Ok)
                return portion;
            closed += portion.Value;
            if (portion.Value < Portion)
                return closed;
        }
    }

    async Task<Result<int>> CloseAsync(string city, CancellationToken ct)
    {
        var job = ActorOf(city);
        await using var s = await sessions.OpenAsync(job, OrderPermissions.Close, ct);
        var since = s.Now - ExitSettlement.LongestWait;
        var waiting = await s.Db.Set<Order>().Where(o => o.State == OrderState.AwaitingPayment && o.ExitedAt < since)
            .OrderBy(o => o.ExitedAt).Take(Portion).ToListAsync(ct);
        foreach (var order in waiting)
        {
            order.Go(OrderState.Arrears);
            OrderOperation.Log(s, order, OrderOperationKind.LeftUnpaid, job.Name, s.Now, order.Owed);
        }
        return (await changes.SaveAsync(s, commands: [], ct)).Error is { } error ? error : waiting.Count;
    }
}
