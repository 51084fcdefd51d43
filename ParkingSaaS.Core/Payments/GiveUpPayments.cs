using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Payments that were begun and never heard of again have failed. Money that comes later all the same counts. What a channel can be asked
/// about is left to whoever asks (<see cref="AskPayments"/>), and given up only where a whole day brought no answer. Money on its way back is
/// never given up.</summary>
public sealed class GiveUpPayments(CitySessions sessions, LiveFeed live)
{
    /// <summary>No channel keeps a driver at its page for longer.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(30);

    static Actor ActorOf(string city) => Actor.Job(city, "give-up-payments", PaymentPermissions.GiveUp);

    /// <returns>How many payments failed.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), PaymentPermissions.GiveUp, ct);
        var (since, unanswered) = (s.Now - MaxWait, s.Now - TimeSpan.FromDays(1));
        var late = s.Db.Set<Payment>().Where(p => p.State == PaymentState.Pending && p.Amount.Minor > 0 && p.CreatedAt < since
            && (p.CreatedAt < unanswered || !s.Db.Set<ChannelOrder>().Any(o => o.PaymentId == p.Id && o.AskAt != null)));
        var notices = await late.Select(p => new LiveNotice(LiveKind.Payment, p.LotId, p.PayableId)).ToListAsync(ct);
        // One statement: a callback at the same moment either finds the row failed and counts, or is found to have succeeded.
        var given = await late.ExecuteUpdateAsync(set => set.SetProperty(p => p.State, PaymentState.Failed), ct);
        live.Publish(city, notices);
        return given;
    }
}
