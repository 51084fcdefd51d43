using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Messages;

/// <summary>Short messages are sent once, whatever the provider does and says.</summary>
public sealed class SendMessagesTests(Cluster cluster) : MessageTest(cluster)
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void It_signs_as_the_published_example_says()
    {
        var query = AliyunSignature.Query(new Dictionary<string, string>
        {
            ["RegionId"] = "cn-shanghai",
            ["ImageId"] = "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"
        });
        var headers = AliyunSignature.Headers("YourAccessKeyId", "YourAccessKeySecret", "ecs.cn-shanghai.aliyuncs.com", "RunInstances", "2014-05-26", query,
            new DateTimeOffset(2023, 10, 26, 10, 22, 32, TimeSpan.Zero), "3156853299f313e23d1673dc12e1703d");
        Assert.EndsWith(",Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0", headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("a=%E5%81%9C%20%2B%2A~&b=1", AliyunSignature.Query(new Dictionary<string, string> { ["b"] = "1", ["a"] = "停 +*~" }));
    }

    [Fact]
    public async Task It_is_sent_once_and_its_receipt_ends_it()
    {
        await PaidAsync();
        Assert.Equal(0, await find.RunAsync(City.Code, Ct));
        var message = await MessageAsync();
        Assert.Equal(("138****0001", "+8613800000001", MessageState.Waiting), (message.Masked, message.Address, message.State));
        Assert.Contains("¥7.00 received for 粤B12345 at North on 2026-11-21 10:01. Details: https://parking.example.org/alpha/pay/told/" + message.Code,
            message.Text);

        Assert.Equal(1, await SendAsync());
        var taken = Assert.Single(sms.Messages);
        Assert.Equal((Phone, "SMS_1", message.Id.ToString("N")), (taken.Number, taken.Template, taken.OutId));
        Assert.Equal(["plate", "amount", "lot", "time", "link"], taken.Parameters.Select(p => p.Key).OrderBy(k => k switch
        {
            "plate" => 0,
            "amount" => 1,
            "lot" => 2,
            "time" => 3,
            _ => 4
        }));
        Assert.Equal("¥7.00", taken.Parameters["amount"]!.GetValue<string>());
        await IsAsync(MessageState.Sent);
        await LaterAsync(Minute);
        await IsAsync(MessageState.Sent);
        (taken.Status, taken.Receipts) = (3, 2);
        await LaterAsync(Minute);
        await IsAsync(MessageState.Delivered);
        message = await MessageAsync();
        Assert.Null(message.Address);
        Assert.Null(message.DueAt);
        Assert.Equal(0, await LaterAsync(TimeSpan.FromDays(4)));
        Assert.Single(sms.Messages);
        Assert.Empty(sms.Refused);
    }

    [Fact]
    public async Task What_is_accepted_and_not_delivered_failed()
    {
        await PaidAsync();
        await SendAsync();
        var taken = Assert.Single(sms.Messages);
        (taken.Status, taken.Code) = (2, "UNDELIV");
        await LaterAsync(Minute);
        await IsAsync(MessageState.Failed, "UNDELIV");
    }

    [Fact]
    public async Task Of_what_no_receipt_tells_for_days_nobody_knows()
    {
        await PaidAsync();
        await SendAsync();
        await LaterAsync(TimeSpan.FromDays(1));
        await IsAsync(MessageState.Sent);
        await LaterAsync(SendMessages.Longest);
        await IsAsync(MessageState.Unknown);
        Assert.Single(sms.Messages);
    }

    [Fact]
    public async Task What_was_taken_without_a_word_is_found_and_not_sent_again()
    {
        await PaidAsync();
        sms.Mood = SmsMood.TakesWithoutAWord;
        await SendAsync();
        await IsAsync(MessageState.Trying);
        await LaterAsync(Minute);
        await IsAsync(MessageState.Sent);
        Assert.Single(sms.Messages).Status = 3;
        await LaterAsync(Minute);
        await IsAsync(MessageState.Delivered);
        Assert.Single(sms.Messages);
        Assert.Equal(1, sms.Asked.Count(a => a == "SendSms"));
    }

    [Theory, InlineData(SmsMood.Down), InlineData(SmsMood.Broken)]
    public async Task What_surely_did_not_arrive_is_sent_once_more(SmsMood mood)
    {
        await PaidAsync();
        sms.Mood = mood;
        await SendAsync();
        // As long as nobody can be asked nothing is sent again.
        await LaterAsync(Minute);
        await LaterAsync(Minute);
        await LaterAsync(2 * Minute);
        await IsAsync(MessageState.Trying);
        Assert.Equal(1, sms.Asked.Count(a => a == "SendSms"));
        sms.Mood = SmsMood.Well;
        await LaterAsync(10 * Minute);
        await IsAsync(MessageState.Waiting);
        await SendAsync();
        await IsAsync(MessageState.Sent);
        Assert.Single(sms.Messages);
    }

    [Fact]
    public async Task A_provider_that_hangs_costs_no_message_and_gets_none_twice()
    {
        await PaidAsync();
        sms.Mood = SmsMood.Slow;
        var turn = SendAsync();
        await Eventually.HoldsAsync(() => sms.Messages.Count == 1);
        platform.Clock.Advance(policy.Patience);
        await turn.InTimeAsync();
        await IsAsync(MessageState.Trying);
        sms.Mood = SmsMood.Well;
        await LaterAsync(10 * Minute);
        await IsAsync(MessageState.Sent);
        Assert.Single(sms.Messages);
    }

    [Fact]
    public async Task What_the_program_did_not_live_to_see_is_asked_for_first()
    {
        await PaidAsync();
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Message>().ExecuteUpdateAsync(set => set.SetProperty(m => m.State, MessageState.Trying).SetProperty(m => m.TriedAt, s.Now)
                .SetProperty(m => m.DueAt, s.Now), Ct);
        await SendAsync();
        Assert.Equal(["QuerySendDetails"], sms.Asked);
        await LaterAsync(SendMessages.Settled);
        await SendAsync();
        await IsAsync(MessageState.Sent);
        Assert.Single(sms.Messages);
    }

    [Fact]
    public async Task Where_it_is_throttled_it_waits_longer_and_longer()
    {
        await PaidAsync();
        sms.Mood = SmsMood.Refuses;
        await SendAsync();
        await IsAsync(MessageState.Waiting, "isv.BUSINESS_LIMIT_CONTROL");
        var first = (await MessageAsync()).DueAt!.Value - platform.Clock.GetUtcNow();
        await LaterAsync(Minute);
        Assert.Equal(2 * first, (await MessageAsync()).DueAt!.Value - platform.Clock.GetUtcNow());
        sms.Mood = SmsMood.Well;
        await LaterAsync(Minute);
        await IsAsync(MessageState.Sent);
    }

    [Fact]
    public async Task What_it_will_never_take_is_not_tried_again()
    {
        await PaidAsync();
        (sms.Mood, sms.Refusal) = (SmsMood.Refuses, "isv.TEMPLATE_MISSING_PARAMETERS");
        await SendAsync();
        await IsAsync(MessageState.Failed, "isv.TEMPLATE_MISSING_PARAMETERS");
        await LaterAsync(TimeSpan.FromHours(2));
        Assert.Single(sms.Asked);
    }

    [Fact]
    public async Task Two_nodes_send_it_once()
    {
        await PaidAsync();
        await Task.WhenAll(SendAsync(), SendAsync(), SendAsync());
        Assert.Single(sms.Messages);
    }

    [Fact]
    public async Task Nobody_is_woken_and_what_waited_for_too_long_is_withheld()
    {
        await PaidAsync();
        day.Until(13 * 60); // 22:00
        await SendAsync();
        await IsAsync(MessageState.Waiting);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.Zero), (await MessageAsync()).DueAt);
        day.Until(24 * 60); // 9:00
        await SendAsync();
        await IsAsync(MessageState.Sent);
    }

    [Fact]
    public async Task Without_an_account_it_waits_and_then_is_withheld()
    {
        await PaidAsync();
        Assert.Null((await SaveAsync(Aliyun with { Enabled = false })).Error);
        await SendAsync();
        await IsAsync(MessageState.Waiting, Message.NoAccount);
        platform.Clock.Advance(SendMessages.Longest);
        await LaterAsync(Minute);
        await IsAsync(MessageState.Withheld, Message.TooLate);
        Assert.Empty(sms.Asked);
    }

    [Fact]
    public async Task A_telephone_gets_only_so_many_a_day()
    {
        await PaidAsync();
        var rules = MessageRulesDetails.Of(new MessageRules(), Core.Common.Currency.Yuan) with { MostPerDay = 1 };
        Assert.Null((await platform.Get<SaveMessageRules>().RunAsync(Clerk, rules, Ct)).Error);
        await SendAsync();
        Assert.Null((await platform.Get<SendTestMessage>().RunAsync(Clerk, MessageScene.PaymentReceived, MessageWay.Sms, Core.Vehicles.OwnerLanguage.English,
            Phone, Ct)).Error);
        await day.EnterAsync(Car, 100);
        await day.LeaveAsync(Car, 161);
        Assert.Null((await day.CashAsync((await day.OrdersAsync()).MaxBy(o => o.CreatedAt)!, 700)).Error);
        await find.RunAsync(City.Code, Ct);
        await SendAsync();
        // The test goes out, the third waits for tomorrow, when people are up.
        Assert.Equal(2, sms.Messages.Count);
        day.Until(24 * 60);
        await SendAsync();
        Assert.Equal(3, sms.Messages.Count);
    }

    [Fact]
    public async Task Only_what_happened_since_is_told_and_the_log_is_kept_for_so_long()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        Assert.Null((await day.CashAsync(await day.OrderAsync(), 700)).Error);
        day.Until(62);
        await SayAsync(MessageScene.PaymentReceived);
        Assert.Equal(0, await find.RunAsync(City.Code, Ct));
        Assert.Null((await platform.Get<SendTestMessage>().RunAsync(Clerk, MessageScene.PaymentReceived, MessageWay.Sms, Core.Vehicles.OwnerLanguage.English,
            Phone, Ct)).Error);
        await SendAsync();
        Assert.Single(sms.Messages).Status = 3;
        await LaterAsync(Minute);
        Assert.Equal(0, await send.ExpireAsync(City.Code, Ct));
        platform.Clock.Advance(policy.Keep);
        Assert.Equal(1, await send.ExpireAsync(City.Code, Ct));
    }

    [Fact]
    public void The_table_of_changes_ends_where_nothing_more_comes()
    {
        MessageState[] over = [MessageState.Delivered, MessageState.Failed, MessageState.Unknown, MessageState.Withheld];
        foreach (var from in Enum.GetValues<MessageState>())
            Assert.Equal(!over.Contains(from), Enum.GetValues<MessageState>().Any(to => MessageTransitions.Allows(from, to)));
        Assert.Throws<InvalidOperationException>(() => new Message
        {
            Id = default,
            SubjectId = default,
            Scene = default,
            Way = default,
            Masked = "",
            Contact = "",
            Language = default,
            Text = "",
            Code = "",
            By = "",
            CreatedAt = default
        }.Go(MessageState.Delivered, default));
    }
}
