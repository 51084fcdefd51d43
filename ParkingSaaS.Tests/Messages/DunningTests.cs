using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Messages;

/// <summary>Owners are reminded of arrears step by step, within limits, and never of what a person still has to look at.</summary>
public sealed class DunningTests(Cluster cluster) : MessageTest(cluster)
{
    const double Days = 24 * 60;

    static MessageRulesDetails Rules => MessageRulesDetails.Of(new MessageRules(), Currency.Yuan) with { Reminds = true };

    async Task BeginAsync(MessageRulesDetails? rules = null)
    {
        await SayAsync([.. SceneKind.Arrears]);
        Assert.Null((await platform.Get<SaveMessageRules>().RunAsync(Clerk, rules ?? Rules, Ct)).Error);
    }

    Task<int> RunAsync() => dunning.RunAsync(City.Code, Ct);

    Task<Result<Done>> RemindAsync(string plate = Car) => dunning.RemindAsync(Clerk, plate, Ct);

    [Fact]
    public async Task One_message_names_all_that_a_car_owes_when_it_is_due_and_once()
    {
        await BeginAsync();
        await OweAsync();
        await OweAsync(200);
        day.Until(2 * Days + 180);
        Assert.Equal(0, await RunAsync());
        day.Until(3 * Days + 180);
        Assert.Equal(1, await RunAsync());
        Assert.Equal(0, await RunAsync());
        var message = await MessageAsync();
        Assert.Equal((MessageScene.ArrearsFirst, 2), (message.Scene, message.OrderIds.Count));
        Assert.Contains("粤B12345 owes ¥14.00 for parking (2), since 2026-11-21.", message.Text);
        await SendAsync();
        Assert.Equal(Phone, Assert.Single(sms.Messages).Number);
    }

    [Fact]
    public async Task The_second_and_the_last_follow_and_then_none()
    {
        await BeginAsync(Rules with { MostPerMonth = 10 });
        await OweAsync();
        var told = new List<string>();
        for (var at = 1; at < 60; at++)
        {
            day.Until(at * Days + 180);
            if (await RunAsync() == 1)
                told.Add($"{at} {(await MessagesAsync())[^1].Scene}");
        }
        Assert.Equal(["3 ArrearsFirst", "10 ArrearsSecond", "30 ArrearsLast"], told);
    }

    [Fact]
    public async Task Old_arrears_begin_with_the_first_and_a_month_has_its_limit()
    {
        await OweAsync();
        day.Until(100 * Days + 180);
        await BeginAsync(Rules with { MostPerMonth = 1 });
        Assert.Equal(1, await RunAsync());
        Assert.Equal(MessageScene.ArrearsFirst, (await MessageAsync()).Scene);
        day.Until(120 * Days + 180);
        Assert.Equal(0, await RunAsync());
        day.Until(131 * Days + 180);
        Assert.Equal(1, await RunAsync());
    }

    [Fact]
    public async Task Nobody_is_reminded_at_night_of_little_or_where_nobody_wants_it()
    {
        await OweAsync();
        day.Until(4 * Days);
        await BeginAsync(Rules with { Reminds = false });
        Assert.Equal(0, await RunAsync());
        Assert.Null((await platform.Get<SaveMessageRules>().RunAsync(Clerk, Rules with { AtLeast = 7.01m }, Ct)).Error);
        Assert.Equal(0, await RunAsync());
        Assert.Null((await platform.Get<SaveMessageRules>().RunAsync(Clerk, Rules, Ct)).Error);
        day.Until(4 * Days + 13 * 60); // 22:00
        Assert.Equal(0, await RunAsync());
        day.Until(5 * Days);
        Assert.Equal(1, await RunAsync());
    }

    [Fact]
    public async Task What_a_person_has_to_look_at_is_not_dunned_and_a_car_without_an_owner_neither()
    {
        await BeginAsync();
        await OweAsync();
        await OweAsync(200, "粤B99999");
        day.Until(4 * Days);
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Order>().Where(o => o.Plate == Car)
                .ExecuteUpdateAsync(set => set.SetProperty(o => o.Anomalies, OrderAnomaly.Contradicted), Ct);
        Assert.Equal(0, await RunAsync());
        Assert.Equal(new NothingToRemindOf(), (await RemindAsync()).Error);
        Assert.Equal(new NobodyToTell(), (await RemindAsync("粤B99999")).Error);
    }

    [Fact]
    public async Task What_was_paid_meanwhile_is_not_sent()
    {
        await BeginAsync();
        await OweAsync();
        day.Until(4 * Days);
        Assert.Equal(1, await RunAsync());
        Assert.Null((await day.CashAsync(await day.OrderAsync(), 700)).Error);
        await SendAsync();
        await IsAsync(MessageState.Withheld, Message.NothingOwed);
        Assert.Empty(sms.Asked);
    }

    [Fact]
    public async Task A_person_reminds_before_it_is_due_within_the_limits()
    {
        await OweAsync();
        Assert.Equal(new SceneSwitchedOff(), (await RemindAsync()).Error);
        await BeginAsync();
        Assert.Null((await RemindAsync()).Error);
        Assert.Equal(("user", MessageScene.ArrearsFirst), await MessageAsync() is var m ? (m.By, m.Scene) : default);
        Assert.Null((await RemindAsync()).Error);
        Assert.Equal(new RemindedEnough(2), (await RemindAsync()).Error);
        Assert.Null((await platform.Get<SaveMessageRules>().RunAsync(Clerk, Rules with { MostPerMonth = 9 }, Ct)).Error);
        Assert.Null((await RemindAsync()).Error);
        Assert.Equal(new LastReminderSaid(), (await RemindAsync()).Error);
        Assert.Equal([MessageScene.ArrearsFirst, MessageScene.ArrearsSecond, MessageScene.ArrearsLast], (await MessagesAsync()).Select(x => x.Scene));
        await Assert.ThrowsAsync<AccessDeniedException>(() => dunning.RemindAsync(City.User(MessagePermissions.View), Car, Ct));
        Assert.Equal(new NotFound("car"), (await dunning.RemindAsync(City.RestrictedTo(City.North, MessagePermissions.Remind), Car, Ct)).Error);
    }
}
