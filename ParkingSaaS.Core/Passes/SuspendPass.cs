using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>Lets a pass stand still from tomorrow on.</summary>
public sealed class SuspendPass(PassChange changes)
{
    /// <exception cref="AccessDeniedException">The actor may not sell.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid passId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, ReviewPass.MaxReason) is { } invalid)
            return invalid;
        return await changes.RunAsync(actor, PassPermissions.Sell, passId, (s, pass) => Task.FromResult(Suspend(s, pass)), ct);

        Error? Suspend(CitySession s, Pass pass)
        {
            if (pass.State is not PassState.Active)
                return new WrongPassState(pass.State);
            if (PassPauses.Begin(s, pass) is not { } from)
                return new PassOver();
            pass.Go(PassState.Suspended);
            PassOperation.Log(s, pass, PassOperationKind.Suspended, detail: $"{from:yyyy-MM-dd}: {reason!.Trim()}");
            return null;
        }
    }
}

/// <summary>Lets a pass go on from today, and adds the days on which it stood still.</summary>
public sealed class ResumePass(PassChange changes)
{
    /// <exception cref="AccessDeniedException">The actor may not sell.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid passId, CancellationToken ct) =>
        await changes.RunAsync(actor, PassPermissions.Sell, passId, async (s, pass) =>
        {
            if (pass.State is not PassState.Suspended)
                return new WrongPassState(pass.State);
            pass.Go(PassState.Active);
            await PassPauses.EndAsync(s, pass, ct);
            PassOperation.Log(s, pass, PassOperationKind.Resumed, detail: $"– {pass.Until:yyyy-MM-dd}");
            return null;
        }, ct);
}

static class PassPauses
{
    /// <summary>From tomorrow, or from its first day if that is later.</summary>
    /// <returns>That day; null where the pass is over by then.</returns>
    public static DateOnly? Begin(CitySession s, Pass pass)
    {
        var tomorrow = s.City.Zone.Date(s.Now).AddDays(1);
        var from = pass.From > tomorrow ? pass.From : tomorrow;
        if (pass.Until < from)
            return null;
        s.Db.Add(new PassPause { Id = Guid.CreateVersion7(), LotId = pass.LotId, PassId = pass.Id, From = from });
        return from;
    }

    /// <summary>Ends it with yesterday; what lay ahead when it began moves by as many days.</summary>
    public static async Task EndAsync(CitySession s, Pass pass, CancellationToken ct)
    {
        var today = s.City.Zone.Date(s.Now);
        var pause = await s.Db.Set<PassPause>().FirstAsync(p => p.PassId == pass.Id && p.Until == null, ct);
        var days = today.DayNumber - pause.From.DayNumber;
        if (days <= 0)
        {
            s.Db.Remove(pause);
            return;
        }
        pause.Until = today.AddDays(-1);
        foreach (var period in await s.Db.Set<PassPeriod>().Where(p => p.PassId == pass.Id && p.Until >= pause.From).ToListAsync(ct))
            (period.From, period.Until, period.TermDay) =
                (period.From > pause.From ? period.From.AddDays(days) : period.From, period.Until.AddDays(days), null);
        (pass.Until, pass.TermDay) = (pass.Until.AddDays(days), null);
        if (pass.From >= pause.From)
            pass.From = pass.From.AddDays(days);
    }
}
