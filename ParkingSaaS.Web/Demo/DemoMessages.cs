using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Web.Demo;

/// <summary>The city writes to drivers in all scenes, by accounts that only show; some got a message in the past days.</summary>
static class DemoMessages
{
    /// <summary>So many payments of the past days were told.</summary>
    const int Payments = 9;

    /// <summary>Adds them to the session, unless the city has some already.</summary>
    public static async Task AddAsync(CitySession s, DemoCity plan, MessagePolicy policy, CancellationToken ct)
    {
        if (await s.Db.Set<MessageAccount>().AnyAsync(ct))
            return;
        s.Db.AddRange(Enum.GetValues<MessageWay>().Select(way => new MessageAccount
        {
            Id = Guid.CreateVersion7(),
            Way = way,
            Provider = MessageProvider.ShowOnly,
            Enabled = true,
            ChangedBy = s.Actor.Name,
            ChangedAt = s.Now
        }));
        s.Db.AddRange(from kind in SceneKind.All
                      from language in Enum.GetValues<OwnerLanguage>()
                      select new SceneText
                      {
                          Scene = kind.Scene,
                          Way = MessageWay.Sms,
                          Language = language,
                          Since = s.Now,
                          Text = kind.Text(language),
                          ChangedBy = s.Actor.Name,
                          ChangedAt = s.Now
                      });
        s.Db.Add(new MessageRules { Reminds = true, ChangedBy = s.Actor.Name, ChangedAt = s.Now });
        await PastAsync(s, plan, policy, ct);
    }

    static async Task PastAsync(CitySession s, DemoCity plan, MessagePolicy policy, CancellationToken ct)
    {
        var (from, to) = (s.Now.AddDays(-6), s.Now.AddHours(-2));
        var day = s.City.Zone.Date(from);
        var paid = await (from payment in s.Db.Set<Payment>()
                          join order in s.Db.Set<Order>() on payment.PayableId equals order.Id
                          join plate in s.Db.Set<OwnerPlate>() on order.Plate equals plate.Plate
                          join owner in s.Db.Set<Owner>() on plate.OwnerId equals owner.Id
                          where payment.BusinessDate >= day && payment.State == PaymentState.Succeeded && payment.Amount.Minor > 0
                              && payment.PaidAt >= @from && payment.PaidAt < to
                          orderby payment.PaidAt descending
                          select new { payment, order, owner }).Take(Payments).ToListAsync(ct);
        foreach (var (i, p) in paid.Index())
            Add(p.owner, MessageScene.PaymentReceived, p.payment.Id, p.order.Plate!, [p.order.Id], p.payment.PaidAt!.Value.AddSeconds(20),
                i switch
                {
                    3 => (MessageState.Failed, "UNDELIV"),
                    5 => (MessageState.Withheld, Message.Declined),
                    _ => (MessageState.Delivered, null)
                },
                $"已收到 {p.order.Plate} 的停车费 {s.City.Currency.Text(p.payment.Amount)}。");
        var owing = DemoVehicles.Indebted(plan);
        if (await s.Db.Set<Order>().Where(o => o.Plate == owing && o.State == OrderState.Arrears).OrderBy(o => o.ExitedAt).FirstOrDefaultAsync(ct) is { } debt)
            Add(await s.Db.Set<Owner>().FirstAsync(o => s.Db.Set<OwnerPlate>().Any(p => p.OwnerId == o.Id && p.Plate == owing), ct), MessageScene.ArrearsFirst,
                debt.Id, owing, [debt.Id], s.City.Zone.StartOf(s.City.Zone.Date(s.Now).AddDays(-1)).AddHours(10), (MessageState.Delivered, null),
                $"{owing} 有 1 笔停车费未缴，共 {s.City.Currency.Text(debt.Owed)}。");

        void Add(Owner owner, MessageScene scene, Guid subject, string plate, List<Guid> orders, DateTimeOffset at,
            (MessageState State, string? Problem) became, string text)
        {
            var code = Message.NewCode();
            s.Db.Add(new Message
            {
                Id = Guid.CreateVersion7(at),
                Scene = scene,
                Way = MessageWay.Sms,
                SubjectId = subject,
                Plate = plate,
                OrderIds = orders,
                Masked = Message.Mask(MessageWay.Sms, owner.Phone),
                Contact = Message.HashOf(s.City.Code, owner.Phone),
                Language = owner.Language,
                Text = $"{text}查看：{policy.LinkOf(s.City, code)}",
                Code = code,
                By = "messages",
                CreatedAt = at,
                State = became.State,
                Problem = became.Problem,
                Tries = 1,
                TriedAt = became.State is MessageState.Withheld ? null : at,
                EndedAt = at
            });
        }
    }
}
