using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>Ends what nobody paid, and lays the next term of passes ready that renew by themselves. Running it again changes
/// nothing.</summary>
public sealed class PassUpkeep(CitySessions sessions, PassPolicy policy)
{
    /// <summary>How long a clerk's sale waits for its money.</summary>
    public static readonly TimeSpan OffLineWait = TimeSpan.FromDays(14);

    /// <summary>How many days before its end the next term is laid ready.</summary>
    public const int RenewAhead = 7;

    static Actor ActorOf(string city) => Actor.Job(city, "pass-upkeep", PassPermissions.Upkeep);

    /// <returns>How many passes changed.</returns>
    public async Task<Result<int>> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), PassPermissions.Upkeep, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Passes, ct);
        var changed = await LapseSalesAsync(s, ct) + await LapseRenewalsAsync(s, ct) + await RenewAsync(s, ct);
        if (changed == 0)
            return 0;
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        return changed;
    }

    async Task<int> LapseSalesAsync(CitySession s, CancellationToken ct)
    {
        var (onLine, offLine, begun) = (s.Now - policy.OnLineWait, s.Now - OffLineWait, s.Now - GiveUpPayments.MaxWait);
        var passes = await s.Db.Set<Pass>().Where(p => p.State == PassState.AwaitingPayment && p.CreatedAt < (p.OnLine ? onLine : offLine)
            && !s.Db.Set<PassPeriod>().Any(x => x.PassId == p.Id
                && s.Db.Set<Payment>().Any(m => m.PayableId == x.Id && m.State == PaymentState.Pending && m.CreatedAt >= begun))).ToListAsync(ct);
        var ids = passes.Select(p => p.Id).ToList();
        foreach (var period in await s.Db.Set<PassPeriod>().Where(p => ids.Contains(p.PassId) && p.State == PassPeriodState.Open).ToListAsync(ct))
            period.State = PassPeriodState.Lapsed;
        foreach (var pass in passes)
        {
            pass.Go(PassState.Lapsed);
            PassOperation.Log(s, pass, PassOperationKind.Lapsed);
        }
        return passes.Count;
    }

    /// <summary>A renewal waits up to the end of the days of grace, and at least to the end of the day on which it was made; one that was chosen on
    /// a phone no longer than a sale there. A payment that is under way is waited for.</summary>
    async Task<int> LapseRenewalsAsync(CitySession s, CancellationToken ct)
    {
        var today = s.City.Zone.Date(s.Now);
        var (onLine, begun) = (s.Now - policy.OnLineWait, s.Now - GiveUpPayments.MaxWait);
        var open = await (from period in s.Db.Set<PassPeriod>()
                          join pass in s.Db.Set<Pass>() on period.PassId equals pass.Id
                          join product in s.Db.Set<PassProduct>() on pass.ProductId equals product.Id
                          where period.State == PassPeriodState.Open && period.Renewal
                              && (period.From <= today || (period.OnLine && period.CreatedAt < onLine))
                              && !s.Db.Set<Payment>().Any(m => m.PayableId == period.Id && m.State == PaymentState.Pending && m.CreatedAt >= begun)
                          select new { Period = period, Pass = pass, product.GraceDays }).ToListAsync(ct);
        var over = open.Where(x => x.Period.OnLine && x.Period.CreatedAt < onLine
            || today >= x.Period.From.AddDays(x.GraceDays) && today > s.City.Zone.Date(x.Period.CreatedAt)).ToList();
        foreach (var x in over)
        {
            x.Period.State = PassPeriodState.Lapsed;
            PassOperation.Log(s, x.Pass, PassOperationKind.Lapsed, x.Period.Price);
        }
        return over.Count;
    }

    static async Task<int> RenewAsync(CitySession s, CancellationToken ct)
    {
        var today = s.City.Zone.Date(s.Now);
        var soon = today.AddDays(RenewAhead);
        var passes = await s.Db.Set<Pass>().Where(p => p.AutoRenew && p.State == PassState.Active && p.Until >= today && p.Until <= soon
            && !s.Db.Set<PassPeriod>().Any(x => x.PassId == p.Id && x.State == PassPeriodState.Open)).ToListAsync(ct);
        var renewed = 0;
        foreach (var pass in passes)
        {
            var product = await s.ProductAsync(pass, ct);
            var terms = await s.Db.Set<PassPeriod>().Where(p => p.PassId == pass.Id && p.State == PassPeriodState.Paid).OrderByDescending(p => p.Until)
                .Select(p => p.Terms).FirstAsync(ct);
            if (product.SoldOn(today)
                && await RenewPass.AddAsync(s, pass, product, Math.Min(terms, product.MaxTerms), Guid.CreateVersion7(), null,
                    PassOperationKind.RenewalReady, ct) is null)
                renewed++;
        }
        return renewed;
    }
}
