using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Fetches yesterday's bill of each account, from ten in the morning on, when the channel has made it. Where nothing was traded, WeChat's bill
/// is empty and Alipay makes none. A day that was missed is brought by hand (<see cref="TakeBill"/>).</summary>
public sealed class FetchBills(CitySessions sessions, WeChatPayClient weChat, AlipayClient alipay, ILogger<FetchBills> log)
{
    /// <summary>The hour of the city from which channels have it.</summary>
    const int From = 10;

    static Actor ActorOf(string city) => Actor.Job(city, "fetch-bills", PaymentPermissions.Bills);

    /// <returns>How many bills came.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), PaymentPermissions.Bills, ct);
        var now = s.City.Zone.Local(s.Now);
        if (now.Hour < From)
            return 0;
        var day = DateOnly.FromDateTime(now).AddDays(-1);
        var accounts = await s.Db.Set<ChannelAccount>().AsNoTracking()
            .Where(a => !s.Db.Set<ChannelBill>().Any(b => b.AccountId == a.Id && b.Day == day)).ToListAsync(ct);
        var taken = 0;
        foreach (var account in accounts)
        {
            var id = Guid.CreateVersion7();
            var fetched = account.Kind is ChannelKind.Alipay ? await alipay.BillAsync(account, day, ct) : await weChat.BillAsync(account, day, ct);
            if (fetched is not { } file)
                continue;
            Result<List<ChannelBillRow>> rows = file.Length == 0 ? new List<ChannelBillRow>() : BillFile.Read(file, id, account, day, s.City.Zone);
            if (!rows.Try(out var read, out var wrong))
            {
                log.LogWarning("The bill of {Day} for account {Account} is not taken: {Problem}", day, account.Id, wrong.Code);
                continue;
            }
            // Another node may have been quicker with one of them.
            await using var own = await sessions.OpenAsync(ActorOf(city), PaymentPermissions.Bills, ct);
            if ((await TakeBill.SaveAsync(own, id, account, day, read, ct)).Ok)
                taken++;
        }
        return taken;
    }
}
