using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>Pass products of a city of the demo, and passes in several states, so that every page of them has something to show.</summary>
static class DemoPasses
{
    /// <summary>Adds them to the session, unless the city has products already.</summary>
    /// <param name="cars">Those whose holders bought passes over the year.</param>
    /// <param name="lots">Its lots, in the plan's order.</param>
    /// <param name="days">How many days of history the city has.</param>
    public static async Task AddAsync(CitySession s, DemoCity plan, DemoCars cars, IReadOnlyList<DemoFileLot> lots, int days, CancellationToken ct)
    {
        if (await s.Db.Set<PassProduct>().AnyAsync(ct))
            return;
        var today = s.City.Zone.Date(s.Now);
        var gated = lots.Where(l => l.Kind is not LotKind.OnStreet).ToList();
        var street = lots.First(l => l.Kind is LotKind.OnStreet);
        var group = new LotGroup { Id = Guid.CreateVersion7(), Name = plan.Name + "封闭停车场", LotIds = [.. gated.Select(l => l.Id)] };
        s.Db.Add(group);
        var month = Product("封闭停车场月卡", p => (p.Scope, p.GroupId, p.OnLine, p.MaxDaysAhead, p.GraceDays) = (PassScope.Group, group.Id, true, 30, 3), 30000);
        (month.OfferTerms, month.OfferPercent, month.OfferDays) = (6, 10, 15);
        var natural = Product("员工月卡（自然月）", p => (p.Scope, p.LotIds, p.Natural, p.Reviewed) = (PassScope.Lots, [gated[0].Id], true, true), 20000);
        var family = Product("一位两车年卡", p => (p.Scope, p.LotIds, p.Term, p.MaxPlates, p.Places, p.GraceDays) =
            (PassScope.Lots, [gated[^1].Id], PassTerm.Year, 2, 1, 7), 360000);
        var berth = Product("路内泊位季卡", p => (p.Scope, p.LotIds, p.Term, p.Binding) = (PassScope.Lots, [street.Id], PassTerm.Quarter, PassBinding.Berth), 90000);
        Product("全市日卡", p => (p.Scope, p.Term, p.OnLine, p.MaxDaysAhead) = (PassScope.City, PassTerm.Day, true, 7), 3000);
        var place = await s.Db.Set<Berth>().Where(b => b.LotId == street.Id).OrderBy(b => b.Number).Select(b => (Guid?)b.Id).FirstOrDefaultAsync(ct);
        var province = plan.Plates;

        Sold(month, gated[0], "陈晓明", today.AddDays(-10), PassState.Active, [province + "8K216"]);
        Sold(month, gated[1], "林芳", today.AddMonths(-1).AddDays(4), PassState.Active, [province + "D30127"], autoRenew: true);
        Sold(month, gated[0], "黄志强", today.AddMonths(-1).AddDays(-2), PassState.Active, [province + "5R903"]);
        Sold(natural, gated[0], "刘静", today, PassState.PendingReview, [province + "6T118"]);
        Sold(month, gated[^1], "吴丽", today.AddDays(1), PassState.AwaitingPayment, [province + "2M770"]);
        Sold(family, gated[^1], "周建国", today.AddMonths(-3), PassState.Active, [province + "9A551", province + "D71204"]);
        Sold(berth, street, "老街茶馆", today.AddDays(-20), PassState.Active, [], place);
        var suspended = Sold(month, gated[0], "孙伟", today.AddDays(-12), PassState.Suspended, [province + "7C442"]);
        Pause(suspended, today.AddDays(-5));
        var leaving = Sold(month, gated[1], "何敏", today.AddDays(-15), PassState.CancelAsked, [province + "3F660"]);
        Pause(leaving, today.AddDays(1));
        leaving.Before = PassState.Active;
        leaving.Refund = AskCancel.RefundOf(s.Db.Set<PassPeriod>().Local.Where(p => p.PassId == leaving.Id), today.AddDays(1));
        Log(leaving, PassOperationKind.CancelAsked, leaving.Refund, "车辆已出售");
        if (days > 0)
            DemoHolders.Add(s, cars.Holders, month, gated, days, plan.Random(days));

        PassProduct Product(string name, Action<PassProduct> with, long minor)
        {
            var product = new PassProduct
            {
                Id = Guid.CreateVersion7(),
                Name = name,
                Term = PassTerm.Month,
                Price = new Money(minor),
                Reviewed = false,
                ChangedBy = s.Actor.Name,
                ChangedAt = s.Now
            };
            with(product);
            s.Db.Add(product);
            return product;
        }

        Pass Sold(PassProduct product, DemoFileLot lot, string holder, DateOnly from, PassState state, string[] plates,
            Guid? berthId = null, bool autoRenew = false)
        {
            var offer = PassOffer.Of(product, from, 1);
            var sold = s.City.Zone.StartOf(from < today ? from : today).AddHours(9);
            if (sold > s.Now)
                sold = s.Now.AddMinutes(-5); // the desk is not open yet today
            var paid = state is not (PassState.PendingReview or PassState.AwaitingPayment);
            var pass = new Pass
            {
                Id = Guid.CreateVersion7(),
                LotId = lot.Id,
                ProductId = product.Id,
                Holder = holder,
                Phone = "+86138000" + (s.Db.Set<Pass>().Local.Count + 10001).ToString(System.Globalization.CultureInfo.InvariantCulture),
                BerthId = berthId,
                Places = product.Places,
                From = offer.From,
                Until = offer.Until,
                State = state,
                SoldBy = s.Actor.Id,
                AutoRenew = autoRenew,
                CreatedAt = sold
            };
            s.Db.Add(pass);
            s.Db.AddRange(plates.Select(p => new PassPlate { Id = Guid.CreateVersion7(), LotId = lot.Id, PassId = pass.Id, Plate = p }));
            if (berthId is not null)
                s.Db.Add(new PassPlate { Id = Guid.CreateVersion7(), LotId = lot.Id, PassId = pass.Id, BerthId = berthId });
            var period = new PassPeriod
            {
                Id = Guid.CreateVersion7(),
                LotId = lot.Id,
                PassId = pass.Id,
                From = offer.From,
                Until = offer.Until,
                Terms = 1,
                Days = offer.Days,
                ListPrice = offer.ListPrice,
                Discount = offer.Discount,
                Received = paid ? offer.Price : Money.Zero,
                State = paid ? PassPeriodState.Paid : PassPeriodState.Open,
                PaidAt = paid ? sold : null,
                CreatedAt = sold,
                By = s.Actor.Name
            };
            s.Db.Add(period);
            Log(pass, PassOperationKind.Sold, offer.Price, $"{offer.From:yyyy-MM-dd} – {offer.Until:yyyy-MM-dd}", sold,
                paid ? PassState.AwaitingPayment : state);
            if (paid)
            {
                s.Db.Add(new Payment
                {
                    Id = Guid.CreateVersion7(),
                    LotId = lot.Id,
                    PayableId = period.Id,
                    Kind = PassPayments.Code,
                    Method = TakePayment.Cash,
                    Amount = offer.Price,
                    State = PaymentState.Succeeded,
                    CreatedAt = sold,
                    PaidAt = sold,
                    BusinessDate = s.City.Zone.Date(sold),
                    Reference = s.Actor.Name,
                    QuotedAt = sold
                });
                Log(pass, PassOperationKind.Paid, offer.Price, TakePayment.Cash, sold.AddMinutes(1), PassState.Active);
            }
            return pass;
        }

        void Pause(Pass pass, DateOnly from)
        {
            s.Db.Add(new PassPause { Id = Guid.CreateVersion7(), LotId = pass.LotId, PassId = pass.Id, From = from });
            if (pass.State is PassState.Suspended)
                Log(pass, PassOperationKind.Suspended, default, $"{from:yyyy-MM-dd}: 出差", s.City.Zone.StartOf(from.AddDays(-1)).AddHours(10));
        }

        void Log(Pass pass, PassOperationKind kind, Money amount, string detail, DateTimeOffset? at = null, PassState? state = null) =>
            s.Db.Add(new PassOperation
            {
                Id = Guid.CreateVersion7(),
                LotId = pass.LotId,
                PassId = pass.Id,
                At = at ?? s.Now,
                By = s.Actor.Name,
                Kind = kind,
                State = state ?? pass.State,
                Amount = amount,
                Detail = detail
            });
    }
}
