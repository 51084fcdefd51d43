using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Drivers;

namespace ParkingSaaS.Web.Demo;

/// <summary>A channel's bill of yesterday that the books differ from: one payment that it lacks, one that nobody here knows, and one of those explained. Its
/// account is switched off, as there is no such merchant.</summary>
static class DemoBills
{
    const string By = "城市管理员";

    public static async Task AddAsync(CitySession s, IReadOnlyList<Payment> payments, CancellationToken ct)
    {
        var day = s.City.Zone.Date(s.Now).AddDays(-1);
        var paid = payments.Where(p => p.BusinessDate == day && p.Method == DemoChannel.Name).OrderBy(p => p.PaidAt).ToList();
        if (paid.Count < 3)
            return;
        var account = new ChannelAccount
        {
            Id = Guid.CreateVersion7(),
            Kind = ChannelKind.WeChatPay,
            Name = "微信支付（示例）",
            Enabled = false,
            AppId = "wx0000000000000000",
            MerchantId = "1900000001",
            ChangedBy = By,
            ChangedAt = s.Now
        };
        var bill = Guid.CreateVersion7();
        var unknown = new Money(1200);
        var rows = paid.Skip(1).Select(p => Row(p.PaidAt!.Value, p.Id, p.Amount))
            .Append(Row(s.City.Zone.StartOf(day).AddHours(18.3), null, unknown)).ToList();
        s.Db.AddRange(account, new ChannelBill
        {
            Id = bill,
            AccountId = account.Id,
            Day = day,
            Rows = rows.Count,
            Paid = rows.Aggregate(Money.Zero, (sum, r) => sum + r.Amount),
            Refunded = Money.Zero,
            TakenBy = By,
            TakenAt = s.Now
        }, new BillExplanation
        {
            BillId = bill,
            SubjectId = rows[^1].Id,
            Note = "司机扫了旧的静态收款码，已由商户平台原路退回",
            By = By,
            At = s.Now
        });
        await s.Db.SaveChangesAsync(ct);
        await s.Db.LoadAsync(rows, ct);
        await s.Db.LoadAsync(paid.Select(p => new ChannelOrder
        {
            PaymentId = p.Id,
            LotId = p.LotId,
            AccountId = account.Id,
            Way = ChannelWay.Link,
            Notify = ""
        }), ct);

        ChannelBillRow Row(DateTimeOffset at, Guid? payment, Money amount) => new()
        {
            Id = Guid.CreateVersion7(),
            BillId = bill,
            At = at,
            Number = "4200002" + at.ToUnixTimeMilliseconds(),
            PaymentId = payment,
            Amount = amount
        };
    }
}
