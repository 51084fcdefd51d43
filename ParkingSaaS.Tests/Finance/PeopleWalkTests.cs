using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Finance;

/// <summary>Cars, payments and people in any order: whatever they do to stays, and in which state, the books say what the orders say, no money is lost, and no
/// car is in twice. <c>WALK_STEPS</c> and <c>WALK_SEED</c> make the walk longer, or another.</summary>
public sealed class PeopleWalkTests(Cluster cluster) : DayTest(cluster)
{
    static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    static readonly string[] Cars = ["粤B11111", "粤B22222", "粤B33333", "粤B44444"];

    Random random = null!;
    double minute;
    Actor Clerk => field ??= City.User(OrderPermissions.Void, OrderPermissions.Reopen, OrderPermissions.Merge, OrderPermissions.Booth,
        OrderPermissions.ChangeAmount, FinancePermissions.Ask);

    Actor Finance => field ??= City.User(FinancePermissions.Reviews, FinancePermissions.ReviewAsFinance);

    [Fact]
    public async Task The_books_say_what_the_orders_say_whatever_people_do()
    {
        random = new Random(Setting("WALK_SEED", 20261130));
        var done = new Dictionary<string, int>();
        for (var step = 0; step < Setting("WALK_STEPS", 500); step++)
        {
            day.Until(minute += random.Next(1, 25));
            var (what, error) = await StepAsync();
            done[$"{what} {error?.GetType().Name ?? "done"}"] = done.GetValueOrDefault($"{what} {error?.GetType().Name ?? "done"}") + 1;
            if (step % 10 == 0)
                await HoldsAsync(what);
        }
        await HoldsAsync("end");
        var summary = string.Join(", ", done.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Value} {d.Key}"));
        TestContext.Current.TestOutputHelper!.WriteLine(summary);
        Assert.All(["pay", "void", "reopen", "merge", "split", "amount", "refund", "write off", "decide"], what => Assert.True(
            done.GetValueOrDefault($"{what} done") > 0, $"{what}: {summary}"));
    }

    async Task HoldsAsync(string after)
    {
        await using var s = await City.OpenAsync();
        foreach (var date in await s.Db.Set<Posting>().Select(p => p.Day).Distinct().ToListAsync(Ct))
            Assert.True(await BookDifferences.OfAsync(s, date, null, Ct) is [], after);
        var orders = await s.Db.Set<Order>().ToListAsync(Ct);
        Assert.Equal((await day.PaymentsAsync()).Where(p => p.State is PaymentState.Succeeded).Sum(p => p.Amount.Minor), orders.Sum(o => o.Received.Minor));
        Assert.All(orders, o => Assert.True(o.Received >= Money.Zero && o.Due >= Money.Zero && (o.State is not OrderState.Void || o.Received == Money.Zero)));
        Assert.All(orders.Where(o => o.State is OrderState.Parked).GroupBy(o => o.Plate), o => Assert.Single(o));
    }

    async Task<(string What, Error? Error)> StepAsync()
    {
        var orders = await day.OrdersAsync();
        var order = orders.Count == 0 ? null : orders[Math.Max(0, orders.Count - 1 - random.Next(8))];
        var what = random.Next(16);
        if (order is null || what < 6)
        {
            var late = random.Next(5) == 0 ? random.Next(40) : 0;
            var camera = what % 2 == 0 ? City.EntryCamera : City.ExitCamera;
            await day.PassAsync(camera, Cars[random.Next(Cars.Length)], Math.Max(0, minute - late), replay: late > 0);
            return ("event", null);
        }
        return what switch
        {
            6 or 7 => ("pay", (await day.CashAsync(order, (await OwedAsync(order)).Minor)).Error),
            8 => ("void", (await platform.Get<VoidOrder>().RunAsync(Clerk, order.Id, "r", Ct)).Error),
            9 => ("reopen", (await platform.Get<ReopenOrder>().RunAsync(Clerk, order.Id, "r", Ct)).Error),
            10 => ("merge", await MergeAsync(order)),
            11 => ("split", await SplitAsync(order)),
            12 => ("amount", await ChangeAsync(orders.FindLast(o => o.Received > Money.Zero && o.State is OrderState.Completed) ?? order)),
            13 => ("refund", await AskAsync(orders.Find(o => o.IsOverpaid) ?? order, ReviewKind.Refund)),
            14 => ("write off", await AskAsync(orders.FindLast(o => o.State is OrderState.Arrears) ?? order, ReviewKind.WriteOff)),
            _ => ("decide", await DecideAsync())
        };
    }

    async Task<Money> OwedAsync(Order order)
    {
        await using var s = await City.OpenAsync();
        return (await platform.Get<OrderPayments>().OwedAsync(s, order.Id, Ct)) is { Ok: true, Value.Amount: var owed } ? owed : new Money(100);
    }

    async Task<Error?> MergeAsync(Order order) => await platform.Get<MergeOrders>().CandidatesAsync(Clerk, order.Id, Ct) is { Count: > 0 } others
        ? (await platform.Get<MergeOrders>().RunAsync(Clerk, order.Id, others[random.Next(others.Count)].Id, "r", Ct)).Error
        : new NotFound("order");

    async Task<Error?> SplitAsync(Order order)
    {
        var whole = ((order.ExitedAt ?? Day.Minute(minute)) - order.Start).TotalMinutes;
        var left = random.NextDouble() * whole;
        return (await platform.Get<SplitOrder>().RunAsync(Clerk, new SplitRequest(
            order.Id, order.Start.AddMinutes(left), order.Start.AddMinutes(left + random.NextDouble() * (whole - left)), "r"), Ct)).Error;
    }

    async Task<Error?> ChangeAsync(Order order) => (await platform.Get<ChangeAmount>().RunAsync(
        Clerk, order.Id, new Money(random.NextInt64(order.Receivable.Minor + 1)), "r", Ct)).Error;

    async Task<Error?> AskAsync(Order order, ReviewKind kind)
    {
        var most = kind is ReviewKind.Refund ? order.Received - order.Due : order.Owed;
        return (await platform.Get<AskReview>().RunAsync(Clerk, new ReviewRequest(Guid.CreateVersion7(), kind, order.Id,
            new Money(Math.Max(1, most.Minor - random.Next(4) / 3)), kind is ReviewKind.Refund ? "cash" : null, "r"), Ct)).Error;
    }

    async Task<Error?> DecideAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Review>().AsNoTracking().FirstOrDefaultAsync(r => r.State == ReviewState.Open, Ct) is { } open
            ? (await platform.Get<DecideReview>().RunAsync(Finance, new ReviewAnswer(open.Id, ReviewSteps.Finance, random.Next(4) > 0, "n", "T-1"), Ct)).Error
            : new NotFound("review");
    }
}
