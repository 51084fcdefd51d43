using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Fetches yesterday's bill of each account, from ten in the morning on, when the channel has made it, and those of the days before on which an
/// account was paid into, so that a program that was off catches up. Where nothing was traded, WeChat's bill is empty and Alipay makes none. What is older
/// is brought by hand (<see cref="TakeBill"/>).</summary>
public sealed class FetchBills(CitySessions sessions, WeChatPayClient weChat, AlipayClient alipay, ILogger<FetchBills> log)
{
    /// <summary>The hour of the city from which channels have it.</summary>
    const int From = 10;

    /// <summary>So many days are caught up with.</summary>
    internal const int Days = 7;

    static Actor ActorOf(string city) => Actor.Job(city, "fetch-bills", PaymentPermissions.Bills);

    /// <returns>How many bills came.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), PaymentPermissions.Bills, ct);
        var now = s.City.Zone.Local(s.Now);
        if (now.Hour < From)
            return 0;
        var yesterday = DateOnly.FromDateTime(now).AddDays(-1);
        var taken = 0;
        for (var day = yesterday.AddDays(1 - Days); day <= yesterday; day = day.AddDays(1))
            foreach (var account in await WithoutBillAsync(s, day, unpaid: day == yesterday, ct))
                if (await FetchAsync(s, account, day, ct))
                    taken++;
        return taken;
    }
    /// <param name="unpaid">Also accounts that nobody paid into.</param>
    static Task<List<ChannelAccount>> WithoutBillAsync(CitySession s, DateOnly day, bool unpaid, CancellationToken ct) =>
        s.Db.Set<ChannelAccount>().AsNoTracking().Where(a => !s.Db.Set<ChannelBill>().Any(b => b.AccountId == a.Id && b.Day == day)
            && ((unpaid && a.Enabled) || s.Db.Set<Payment>().Any(p => p.State == PaymentState.Succeeded && p.BusinessDate == day
                && s.Db.Set<ChannelOrder>().Any(o => o.PaymentId == p.Id && o.AccountId == a.Id)))).ToListAsync(ct);

    async Task<bool> FetchAsync(CitySession s, ChannelAccount account, DateOnly day, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        var fetched = account.Kind is ChannelKind.Alipay ? await alipay.BillAsync(account, day, ct) : await weChat.BillAsync(account, day, ct);
        if (fetched is not { } file)
            return false;
        Result<List<ChannelBillRow>> rows = file.Length == 0 ? new List<ChannelBillRow>() : BillFile.Read(file, id, account, day, s.City.Zone);
        if (!rows.Try(out var read, out var wrong))
        {
            log.LogWarning("The bill of {Day} for account {Account} is not taken: {Problem}", day, account.Id, wrong.Code);
            return false;
        }
        // Another node may have been quicker with one of them.
        await using var own = await sessions.OpenAsync(ActorOf(s.City.Code), PaymentPermissions.Bills, ct);
        return (await TakeBill.SaveAsync(own, id, account, day, read, ct)).Ok;
    }
}
