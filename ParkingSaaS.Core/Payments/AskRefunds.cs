using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Asks channels about refunds of which they told nothing, and tells them once more of those that never arrived: after a quarter of a minute,
/// then at growing distance, for as long as it takes. Money may be under way to a bank for days.</summary>
public sealed class AskRefunds(CitySessions sessions, PayBack payBack)
{
    /// <summary>So many at a time, the longest due first.</summary>
    const int Most = 50;

    /// <summary>After so many doublings of the first wait the distance grows no more: it is an hour.</summary>
    const int Doublings = 8;

    /// <returns>How many refunds have succeeded or failed by it.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(PayBack.JobOf(city), PaymentPermissions.GiveUp, ct);
        var due = await s.Db.Set<Refund>().AsNoTracking().Where(r => r.AskAt <= s.Now).OrderBy(r => r.AskAt).Take(Most).ToListAsync(ct);
        var settled = 0;
        foreach (var refund in due)
        {
            // Another node may have been quicker; and whatever happens while the channel is asked, it is asked again later.
            DateTimeOffset? next = s.Now + Refund.FirstWait * (1 << Math.Min(refund.Asked, Doublings));
            if (await s.Db.Set<Refund>().Where(r => r.PaymentId == refund.PaymentId && r.AskAt == refund.AskAt)
                    .ExecuteUpdateAsync(set => set.SetProperty(r => r.AskAt, next).SetProperty(r => r.Asked, r => r.Asked + 1), ct) == 1
                && await payBack.AskAsync(city, refund.PaymentId, ct))
                settled++;
        }
        return settled;
    }
}
