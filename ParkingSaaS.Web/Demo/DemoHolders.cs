using System.Globalization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Drivers;

namespace ParkingSaaS.Web.Demo;

/// <summary>Passes that were sold over the year: their holders came at different times, renewed, and some of them left or had their money
/// back.</summary>
static class DemoHolders
{
    /// <summary>The youngest pass was sold so many days ago.</summary>
    const int Newest = 5;

    static readonly string[] Names =
    [
        "赵磊", "钱敏", "孙浩", "李娜", "周涛", "吴倩", "郑凯", "王芳", "冯军", "陈洁", "褚明", "卫红", "蒋勇", "沈佳", "韩冰", "杨帆"
    ];

    /// <summary>Adds them to the session.</summary>
    /// <param name="product">What they hold; it is sold by the term, begins at once, and holds where they park.</param>
    /// <param name="lots">The lots in whose books they stand.</param>
    /// <param name="days">How long ago the first was sold.</param>
    public static void Add(CitySession s, IReadOnlyList<DemoCar> cars, PassProduct product, IReadOnlyList<DemoFileLot> lots, int days, Random random)
    {
        var today = s.City.Zone.Date(s.Now);
        foreach (var (i, car) in cars.Index())
        {
            var from = today.AddDays(-random.Next(Newest, Math.Max(days, Newest + 1)));
            var pass = new Pass
            {
                Id = Guid.CreateVersion7(),
                LotId = lots[i % lots.Count].Id,
                ProductId = product.Id,
                Holder = Names[i % Names.Length],
                Phone = "+86137000" + (10_001 + i).ToString(CultureInfo.InvariantCulture),
                Vehicle = car.Vehicle,
                From = from,
                State = PassState.Active,
                SoldBy = s.Actor.Id,
                CreatedAt = At(from, 8)
            };
            s.Db.Add(pass);
            s.Db.Add(new PassPlate { Id = Guid.CreateVersion7(), LotId = pass.LotId, PassId = pass.Id, Plate = car.Plate });
            var periods = new List<PassPeriod>();
            var terms = random.Next(10) switch { < 7 => 1, < 9 => 3, _ => 6 };
            do
                periods.Add(Sell(pass, PassOffer.Of(product, from, terms, pass.TermDay), terms, periods.Count > 0));
            while ((from = pass.Until.AddDays(1)) <= today && random.Next(100) < 88);
            if (i % 16 == 7 && pass.Until >= today)
                Cancel(pass, periods, today);
        }

        DateTimeOffset At(DateOnly day, int hour) => s.City.Zone.StartOf(day).AddHours(hour).AddMinutes(random.Next(60));

        PassPeriod Sell(Pass pass, PassOffer offer, int terms, bool renewal)
        {
            var onLine = renewal && random.Next(100) < 70;
            var at = At(renewal ? offer.From.AddDays(-1 - random.Next(4)) : offer.From, renewal ? random.Next(9, 20) : 8);
            var period = new PassPeriod
            {
                Id = Guid.CreateVersion7(at),
                LotId = pass.LotId,
                PassId = pass.Id,
                From = offer.From,
                Until = offer.Until,
                TermDay = offer.TermDay,
                Terms = terms,
                Days = offer.Days,
                ListPrice = offer.ListPrice,
                Discount = offer.Discount,
                Received = offer.Price,
                Renewal = renewal,
                OnLine = onLine,
                State = PassPeriodState.Paid,
                PaidAt = at.AddMinutes(2),
                CreatedAt = at,
                By = onLine ? "driver" : DemoLedger.Attendant
            };
            s.Db.Add(period);
            (pass.Until, pass.TermDay) = (offer.Until, offer.TermDay);
            Log(pass, renewal ? PassOperationKind.Renewed : PassOperationKind.Sold, period.By, at, offer.Price,
                $"{offer.From:yyyy-MM-dd} – {offer.Until:yyyy-MM-dd}", renewal ? PassState.Active : PassState.AwaitingPayment);
            Book(period.Id, period.Id, pass, onLine ? DemoChannel.Name : TakePayment.Cash, offer.Price, at.AddMinutes(2));
            Log(pass, PassOperationKind.Paid, onLine ? DemoChannel.Name : DemoLedger.Attendant, at.AddMinutes(2), offer.Price,
                onLine ? DemoChannel.Name : TakePayment.Cash, PassState.Active);
            return period;
        }

        // The holder asked some days ago; service and finance agreed, and the days that are not used were paid back.
        void Cancel(Pass pass, List<PassPeriod> periods, DateOnly today)
        {
            var asked = today.AddDays(-3);
            var back = AskCancel.RefundOf(periods, asked.AddDays(1));
            s.Db.Add(new PassPause { Id = Guid.CreateVersion7(), LotId = pass.LotId, PassId = pass.Id, From = asked.AddDays(1) });
            var at = At(asked.AddDays(1), 10);
            (pass.Before, pass.Refund, pass.RefundedAt, pass.ServiceBy, pass.State) = (PassState.Active, back, at, s.Actor.Id, PassState.Cancelled);
            Log(pass, PassOperationKind.CancelAsked, DemoLedger.Attendant, At(asked, 10), back, "工作调动，不再使用", PassState.CancelAsked);
            Log(pass, PassOperationKind.CancelAgreed, "公司管理员", At(asked, 15), back, "", PassState.CancelAgreed);
            Log(pass, PassOperationKind.Refunded, "城市管理员", at, back, $"transfer T{at:yyyyMMdd}{pass.Id.ToString("N")[^4..]}", PassState.Cancelled);
            Book(pass.Id, pass.Id, pass, "transfer", Money.Zero - back, at);
        }

        void Book(Guid id, Guid payable, Pass pass, string method, Money amount, DateTimeOffset at) => s.Db.Add(new Payment
        {
            Id = id,
            LotId = pass.LotId,
            PayableId = payable,
            Kind = PassPayments.Code,
            Method = method,
            Amount = amount,
            State = PaymentState.Succeeded,
            CreatedAt = at,
            PaidAt = at,
            BusinessDate = s.City.Zone.Date(at),
            Reference = method == TakePayment.Cash ? DemoLedger.Attendant : "SIM" + id.ToString("N")[^12..],
            QuotedAt = at
        });

        void Log(Pass pass, PassOperationKind kind, string by, DateTimeOffset at, Money amount, string detail, PassState state) => s.Db.Add(new PassOperation
        {
            Id = Guid.CreateVersion7(at),
            LotId = pass.LotId,
            PassId = pass.Id,
            At = at,
            By = by,
            Kind = kind,
            State = state,
            Amount = amount,
            Detail = detail
        });
    }
}
