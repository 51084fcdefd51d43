using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Service;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Invoices;

namespace ParkingSaaS.Web.Demo;

/// <summary>Invoices of the demo, all of them specimens, and appeals of its drivers.</summary>
static class DemoService
{
    static readonly (string Name, string TaxNumber)[] Buyers =
        [("深圳示例科技有限公司", "91440300MA5TEXT005"), ("李小姐", ""), ("深圳样例贸易有限公司", "91440300MA5DEMQ02L"), ("王先生", "")];

    static readonly (AppealReason Reason, string Text, string Answer)[] Appeals =
    [
        (AppealReason.WrongTimes, "我上午九点就离开了，系统按十一点计费。", ""), (AppealReason.NotMyCar, "这不是我的车，车牌最后一位不同。", ""),
        (AppealReason.WrongFee, "公示牌上写的是前两小时五元。", "已核对，收费与公示标准一致：当日为工作日。")
    ];

    /// <summary>Adds them once; the city has its issuer from then on.</summary>
    public static async Task AddAsync(CitySession s, DemoCity plan, CancellationToken ct)
    {
        if (await s.Db.Set<Issuer>().AnyAsync(ct))
            return;
        var issuer = new Issuer
        {
            Id = Guid.CreateVersion7(),
            Name = plan.Companies[0].Name,
            TaxNumber = "91440300MA5DEMQ01H",
            Address = plan.Name,
            Rate = 900,
            GoodsName = "停车服务费",
            Drawer = "张会计",
            Provider = SpecimenInvoices.Name,
            ChangedBy = "demo",
            ChangedAt = s.Now
        };
        s.Db.Add(issuer);
        var paid = await s.Db.Set<Order>().Where(o => o.State == OrderState.Completed && o.Received.Minor > 0 && o.Anomalies == OrderAnomaly.None)
            .OrderByDescending(o => o.Id).Take(24).ToListAsync(ct);
        foreach (var (number, order) in paid.Where((_, i) => i % 3 == 0).Index())
            Invoice(s, issuer, order, number);
        foreach (var ((reason, text, answer), order) in Appeals.Zip(paid.Where((_, i) => i % 3 == 1)))
            s.Db.Add(new Appeal
            {
                Id = Guid.CreateVersion7(),
                LotId = order.LotId,
                OrderId = order.Id,
                Reason = reason,
                Text = text,
                Phone = "+8613800138000",
                FiledAt = After(s, order),
                State = answer.Length > 0 ? AppealState.Refused : AppealState.Open,
                Answer = answer,
                AnsweredBy = answer.Length > 0 ? "公司员工" : null,
                AnsweredAt = answer.Length > 0 ? s.Now : null
            });
        await s.Db.SaveChangesAsync(ct);
    }

    /// <summary>Some minutes after the car has left.</summary>
    static DateTimeOffset After(CitySession s, Order order) => order.ExitedAt?.AddMinutes(12) is { } at && at < s.Now ? at : s.Now;

    static void Invoice(CitySession s, Issuer issuer, Order order, int number)
    {
        var (buyer, at) = (Buyers[number % Buyers.Length], After(s, order));
        var serial = at.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture) + number.ToString("00000000", CultureInfo.InvariantCulture);
        var invoice = new Invoice
        {
            Id = Guid.CreateVersion7(at),
            LotId = order.LotId,
            IssuerId = issuer.Id,
            Serial = serial,
            State = InvoiceState.Issued,
            Rate = issuer.Rate,
            Gross = order.Received,
            Tax = order.Received - InvoiceTax.Net(order.Received, issuer.Rate),
            TitleKind = buyer.TaxNumber.Length > 0 ? TitleKind.Company : TitleKind.Individual,
            Buyer = buyer.Name,
            BuyerTaxNumber = buyer.TaxNumber,
            Mail = "finance@example.com",
            AskedBy = "driver",
            AskedAt = at,
            Number = SpecimenInvoices.NumberOf(serial),
            IssuedAt = at.AddSeconds(2)
        };
        s.Db.Add(invoice);
        s.Db.Add(new InvoiceLine
        {
            Id = Guid.CreateVersion7(at),
            LotId = order.LotId,
            InvoiceId = invoice.Id,
            Kind = Payment.Order,
            PayableId = order.Id,
            Gross = invoice.Gross,
            Tax = invoice.Tax
        });
        foreach (var (kind, detail) in new[] { (InvoiceOperationKind.Asked, ""), (InvoiceOperationKind.Issued, invoice.Number) })
            s.Db.Add(new InvoiceOperation
            {
                Id = Guid.CreateVersion7(at),
                LotId = order.LotId,
                InvoiceId = invoice.Id,
                At = kind is InvoiceOperationKind.Asked ? at : at.AddSeconds(2),
                By = kind is InvoiceOperationKind.Asked ? "driver" : "send-invoices",
                Kind = kind,
                Detail = detail
            });
    }
}
