using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Messages;

/// <summary>Who has a message's link sees what it told, and declines what nobody owes them.</summary>
public sealed class DeclineTests(Cluster cluster) : MessageTest(cluster)
{
    Actor Driver => field ??= Actor.Driver(City.Code, MessagePermissions.Told);

    ToldMessages Told => platform.Get<ToldMessages>();

    async Task PayAgainAsync(double minute)
    {
        await day.EnterAsync(Car, minute);
        await day.LeaveAsync(Car, minute + 61);
        Assert.Null((await day.CashAsync((await day.OrdersAsync()).MaxBy(o => o.CreatedAt)!, 700)).Error);
        Assert.Equal(1, await find.RunAsync(City.Code, Ct));
        await SendAsync();
    }

    [Fact]
    public async Task A_declined_scene_sends_nothing_and_the_log_says_why_until_it_is_wanted_again()
    {
        await PaidAsync();
        await SendAsync();
        var code = (await MessageAsync()).Code;
        Assert.False((await Told.FindAsync(Driver, code, Ct))!.Declined);
        for (var twice = 0; twice < 2; twice++)
            Assert.Null((await Told.DeclineAsync(Driver, code, declined: true, Ct)).Error);
        Assert.True((await Told.FindAsync(Driver, code, Ct))!.Declined);
        await PayAgainAsync(100);
        Assert.Equal((MessageState.Withheld, Message.Declined, null), (await MessagesAsync())[^1] is var m ? (m.State, m.Problem, m.Address) : default);
        Assert.Null((await Told.DeclineAsync(Driver, code, declined: false, Ct)).Error);
        await PayAgainAsync(200);
        Assert.Equal(2, sms.Messages.Count);
    }

    [Fact]
    public async Task A_link_shows_what_its_message_named_and_nothing_else_and_ends()
    {
        await SayAsync(MessageScene.ArrearsFirst);
        await OweAsync();
        Assert.Null((await dunning.RemindAsync(Clerk, Car, Ct)).Error);
        await OweAsync(200);
        var message = await MessageAsync();
        var told = (await Told.FindAsync(Driver, message.Code, Ct))!;
        Assert.Equal((1, 700L, "North"), (told.Owed.Count, told.Sum.Minor, told.Owed[0].Lot));
        Assert.Null(await Told.FindAsync(Driver, "k7m2p9xq4rtw", Ct));
        Assert.Equal(new NotFound("message"), (await Told.DeclineAsync(Driver, "k7m2p9xq4rtw", declined: true, Ct)).Error);
        platform.Clock.Advance(ToldMessages.Lasts);
        Assert.Null(await Told.FindAsync(Driver, message.Code, Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Told.FindAsync(City.User(MessagePermissions.View), message.Code, Ct));
    }

    [Fact]
    public async Task What_is_owed_to_them_cannot_be_declined()
    {
        await SayAsync([.. SceneKind.Arrears]);
        await OweAsync();
        var rules = MessageRulesDetails.Of(new MessageRules(), Currency.Yuan) with { MostPerMonth = 9 };
        Assert.Null((await platform.Get<SaveMessageRules>().RunAsync(Clerk, rules, Ct)).Error);
        foreach (var _ in SceneKind.Arrears)
            Assert.Null((await dunning.RemindAsync(Clerk, Car, Ct)).Error);
        var last = (await MessagesAsync())[^1];
        Assert.Null((await Told.FindAsync(Driver, last.Code, Ct))!.Declined);
        Assert.Equal(new MustBeTold(), (await Told.DeclineAsync(Driver, last.Code, declined: true, Ct)).Error);
    }
}
