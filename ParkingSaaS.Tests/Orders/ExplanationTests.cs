using System.Text.Json;
using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Tariffs;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Why an order cost what it cost, and that nothing done to its tariff afterwards changes a word of that.</summary>
public sealed class ExplanationTests(Cluster cluster) : DayTest(cluster)
{
    const string Before = "粤B12345";
    const string Inside = "粤B11111";
    const string After = "粤B22222";

    Actor Manager => day.City.User(TariffPermissions.View, TariffPermissions.Manage, TariffPermissions.Assign);

    async Task<Order> OrderAsync(string plate) => (await day.OrdersAsync()).Single(o => o.Plate == plate);

    async Task<TariffVersion> NewestAsync()
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<TariffVersion>().AsNoTracking().OrderByDescending(v => v.Number).FirstAsync(Ct);
    }

    /// <summary>The city's tariff becomes 99 yuan per entry from now on.</summary>
    async Task EditAsync()
    {
        var newest = await NewestAsync();
        Assert.True((await day.Platform.Get<SaveDraft>().RunAsync(Manager, new DraftToSave(newest.TariffId, """
            { "schema": "parkingsaas-tariff/1", "name": "Dearer", "rules": [{ "id": "all", "charge": { "mode": "perEntry", "price": 99 }, "per": "day" }] }
            """, newest), Ct)).Ok);
        Assert.True((await day.Platform.Get<PublishVersion>().RunAsync(Manager, await NewestAsync(), null, Ct)).Ok);
    }

    /// <summary>The lots get another tariff, and this one is retired.</summary>
    async Task ReplaceAsync(Guid tariff)
    {
        var other = (await day.Platform.Get<AddTariff>().RunAsync(Manager, new NewTariff("Other", "per-entry"), Ct)).Value;
        await using (var s = await day.City.OpenAsync())
        {
            var draft = await s.Db.Set<TariffVersion>().AsNoTracking().SingleAsync(v => v.TariffId == other, Ct);
            Assert.True((await day.Platform.Get<PublishVersion>().RunAsync(Manager, draft, null, Ct)).Ok);
        }
        foreach (var lot in new[] { day.City.North, day.City.South })
            Assert.True((await day.Platform.Get<AssignTariff>().RunAsync(Manager, other, lot.Id, Ct)).Ok);
        Assert.True((await day.Platform.Get<RetireTariff>().RunAsync(Manager, tariff, Ct)).Ok);
    }

    /// <summary>A day comes to 5 yuan for its first hour, 92 for the rest, and 67 less by its limit of 30.</summary>
    [Theory]
    [InlineData(2, 7, 0)]
    [InlineData(12, 2, 36)]
    public async Task Days_that_are_alike_are_one_line_that_opens_to_its_own(int days, int rows, int folded)
    {
        await day.EnterAsync(Before, 0);
        await day.LeaveAsync(Before, days * 24 * 60 + 30);
        var quote = Read(await day.OrderAsync());
        await using var context = new PageContext();
        var page = context.Render<FeeExplanation>(p => p.Add(f => f.Quote, quote).Add(f => f.Zone, new CityZone("Asia/Shanghai")));
        Assert.Equal(rows, page.FindAll(".fee > tbody > tr").Count(row => row.Closest("details") is null));
        Assert.Equal(folded, page.FindAll("details tr").Count);
        if (folded > 0)
            Assert.Equal("12 days at ¥30.00 each", page.Find("summary").TextContent);
        Assert.Equal($"Fee¥{days * 30 + 5}.00", page.Find("tfoot").TextContent);
    }

    static FeeQuote Read(Order order) => JsonSerializer.Deserialize<FeeQuote>(order.FeeLines!, TariffJson.Options)!;

    /// <summary>What the order's page says.</summary>
    async Task<string> ReadAsync(Order order)
    {
        var quote = Read(order);
        await using var context = new PageContext();
        await using var s = await day.City.OpenAsync();
        var page = context.Render<FeeExplanation>(p => p.Add(f => f.Quote, quote).Add(f => f.Zone, s.City.Zone));
        return string.Concat(page.Nodes.Select(n => n.TextContent));
    }

    [Fact]
    public async Task An_order_keeps_its_price_and_its_words_when_its_tariff_is_edited_and_retired()
    {
        await day.EnterAsync(Before, 0);
        await day.EnterAsync(Inside, 30);
        await day.LeaveAsync(Before, 61);
        var order = await OrderAsync(Before);
        var words = await ReadAsync(order);
        Assert.Contains("7.00", words);

        day.Until(70);
        await EditAsync();
        await day.EnterAsync(After, 80);
        await day.LeaveAsync(After, 90);
        // who came before the edit pays by what was in force then: 61 minutes
        await day.LeaveAsync(Inside, 91);
        Assert.Equal(new Money(9900), (await OrderAsync(After)).Receivable);
        Assert.Equal((new Money(700), order.TariffVersionId), ((await OrderAsync(Inside)).Receivable, (await OrderAsync(Inside)).TariffVersionId));

        await ReplaceAsync((await NewestAsync()).TariffId);
        Assert.True((await day.CashAsync(order, 700)).Ok);
        var after = await OrderAsync(Before);
        Assert.Equal((order.Receivable, order.FeeLines, OrderState.Completed), (after.Receivable, after.FeeLines, after.State));
        Assert.Equal(words, await ReadAsync(after));
        var driver = Actor.Driver(day.City.Code, OrderPermissions.Pay, PaymentPermissions.Begin);
        var stay = await day.Platform.Get<DriverOrders>().FindAsync(driver, order.Id, Ct);
        Assert.Equal(Read(order).Lines, stay!.Quote!.Lines);
    }
}
