using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Payments;

namespace ParkingSaaS.Tests.Payments;

/// <summary>A channel's bill beside the books: each difference is found, and none invented.</summary>
public sealed class BillDifferenceTests(Cluster cluster) : DayTest(cluster)
{
    static readonly DateOnly Today = new(2026, 11, 21);

    Actor Clerk => field ??= City.User(PaymentPermissions.Bills);
    readonly Guid account = Guid.CreateVersion7(), other = Guid.CreateVersion7();
    readonly ChannelBill bill = NewBill(Today), next = NewBill(Today.AddDays(1));
    readonly List<(Guid Subject, BillDifferenceKind Kind)> seeded = [];

    static ChannelBill NewBill(DateOnly day) => new()
    {
        Id = Guid.CreateVersion7(),
        AccountId = Guid.Empty,
        Day = day,
        Rows = 0,
        Paid = Money.Zero,
        Refunded = Money.Zero,
        TakenBy = "t",
        TakenAt = TestPlatform.Start
    };

    /// <summary>Three hundred payments and refunds of a day, on both sides or one, equal or not, billed on the day or the next.</summary>
    async Task SeedAsync()
    {
        ForgeBooks();
        await day.EnterAsync("粤B12345", 0);
        var order = await day.OrderAsync();
        var random = new Random(20261130);
        await using var s = await City.OpenAsync();
        foreach (var id in new[] { account, other })
            s.Db.Add(new ChannelAccount { Id = id, Kind = ChannelKind.WeChatPay, Name = $"a {id}", ChangedAt = s.Now });
        foreach (var b in new[] { bill, next })
            s.Db.Add(new ChannelBill
            {
                Id = b.Id,
                AccountId = account,
                Day = b.Day,
                Rows = 0,
                Paid = Money.Zero,
                Refunded = Money.Zero,
                TakenBy = "t",
                TakenAt = s.Now
            });
        for (var i = 0; i < 300; i++)
            Seed(s, order, (Case)(i % Enum.GetValues<Case>().Length), random.Next(1, 5000));
        await s.Db.SaveChangesAsync(Ct);
    }

    enum Case { Equal, Refunded, BilledNextDay, BookedNextDay, NotBooked, Pending, OtherAmount, NotBilled, RefundNotBilled, OtherAccount }

    void Seed(CitySession s, Order order, Case what, long amount)
    {
        var booked = new Payment
        {
            Id = Guid.CreateVersion7(),
            LotId = order.LotId,
            PayableId = order.Id,
            Method = "wechat",
            Amount = new Money(what is Case.Refunded or Case.RefundNotBilled ? -amount : amount),
            State = what is Case.Pending ? PaymentState.Pending : PaymentState.Succeeded,
            CreatedAt = s.Now,
            QuotedAt = s.Now,
            PaidAt = what is Case.Pending ? null : s.Now,
            BusinessDate = what is Case.Pending ? null : what is Case.BookedNextDay ? Today.AddDays(1) : Today
        };
        if (what is not Case.NotBooked)
            s.Db.Add(booked);
        var paid = booked;
        if (booked.Amount < Money.Zero)
        {
            paid = new Payment
            {
                Id = Guid.CreateVersion7(),
                LotId = order.LotId,
                PayableId = order.Id,
                Method = "wechat",
                Amount = new Money(amount),
                State = PaymentState.Succeeded,
                CreatedAt = s.Now,
                QuotedAt = s.Now,
                PaidAt = s.Now.AddDays(-9),
                BusinessDate = Today.AddDays(-9)
            };
            s.Db.Add(paid);
            s.Db.Add(new Refund { PaymentId = booked.Id, LotId = order.LotId, OfPaymentId = paid.Id });
        }
        if (what is not Case.NotBooked)
            s.Db.Add(new ChannelOrder
            {
                PaymentId = paid.Id,
                LotId = order.LotId,
                AccountId = what is Case.OtherAccount ? other : account,
                Way = ChannelWay.Code,
                Notify = "n"
            });
        var row = new ChannelBillRow
        {
            Id = Guid.CreateVersion7(),
            BillId = what is Case.BilledNextDay ? next.Id : bill.Id,
            At = s.Now,
            Number = "42",
            PaymentId = booked.Id,
            Amount = what is Case.OtherAmount ? new Money(amount + 1) : booked.Amount
        };
        if (what is not (Case.NotBilled or Case.RefundNotBilled or Case.OtherAccount))
            s.Db.Add(row);
        if (what is Case.NotBooked or Case.Pending)
            seeded.Add((row.Id, BillDifferenceKind.NotBooked));
        if (what is Case.OtherAmount)
            seeded.Add((row.Id, BillDifferenceKind.OtherAmount));
        if (what is Case.NotBilled or Case.RefundNotBilled)
            seeded.Add((booked.Id, BillDifferenceKind.NotBilled));
    }

    async Task<IReadOnlyList<BillDifference>> FoundAsync(ChannelBill of) => (await platform.Get<BillDifferences>().RunAsync(Clerk, of.Id, Ct)).Value;

    Task<Result<Done>> ExplainAsync(Guid subject, string? note = "a test of the bank") =>
        platform.Get<ExplainDifference>().RunAsync(Clerk, bill.Id, subject, note, Ct);

    [Fact]
    public async Task Seeded_differences_are_found_without_one_missed_or_invented()
    {
        await SeedAsync();
        Assert.Equal(150, seeded.Count);
        Assert.Equal(seeded.Order(), (await FoundAsync(bill)).Select(d => (d.SubjectId, d.Kind)).Order());
        Assert.Empty(await FoundAsync(next));
        await using var s = await City.OpenAsync();
        Assert.Equal(150, await BillDifferences.OpenOf(s).CountAsync(Ct));
    }

    [Fact]
    public async Task An_explained_difference_waits_for_nobody_and_is_explained_once()
    {
        await SeedAsync();
        var first = (await FoundAsync(bill))[0];
        Assert.Equal("Reason", Assert.IsType<InvalidField>((await ExplainAsync(first.SubjectId, " ")).Error).Field);
        Assert.IsType<NotFound>((await ExplainAsync(Guid.NewGuid())).Error);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ExplainAsync(first.SubjectId))), result => Assert.True(result.Ok));
        await using (var s = await City.OpenAsync())
            Assert.Equal(149, await BillDifferences.OpenOf(s).CountAsync(d => d.BillId == bill.Id, Ct));
        var last = (await FoundAsync(bill))[^1];
        Assert.Equal((first.SubjectId, "a test of the bank", Clerk.Name), (last.SubjectId, last.Explanation!.Note, last.Explanation.By));
        await Assert.ThrowsAsync<AccessDeniedException>(() => platform.Get<BillDifferences>().RunAsync(City.User(PaymentPermissions.View), bill.Id, Ct));
        Assert.IsType<NotFound>((await platform.Get<BillDifferences>().RunAsync(Clerk, Guid.NewGuid(), Ct)).Error);
    }

    [Fact]
    public async Task The_pages_say_how_many_are_open_and_lead_to_the_orders()
    {
        await SeedAsync();
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var list = context.Render<BillsPage>();
        await list.WaitForAssertionAsync(() => Assert.Contains("150", list.Markup));
        var page = context.Render<BillPage>(p => p.Add(x => x.Id, bill.Id));
        await page.WaitForAssertionAsync(() => Assert.Equal(150, page.FindAll("tbody tr").Count));
        Assert.NotEmpty(page.FindAll("tbody a[href^='orders/']"));
    }
}
