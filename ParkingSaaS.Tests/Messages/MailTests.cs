using ParkingSaaS.Core.Messages;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Messages;

/// <summary>Mail goes to the city's own server, and a repeated one is known again.</summary>
public sealed class MailTests(Cluster cluster) : MessageTest(cluster)
{
    async Task MailAsync()
    {
        Assert.Null((await SaveAsync(Smtp)).Error);
        Assert.Null((await saveText.RunAsync(Clerk, Text(MessageScene.PaymentReceived, MessageWay.Mail), Ct)).Error);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        Assert.Null((await day.CashAsync(await day.OrderAsync(), 700)).Error);
        Assert.Equal(1, await find.RunAsync(City.Code, Ct));
    }

    [Fact]
    public async Task It_is_sent_and_nobody_tells_more()
    {
        await MailAsync();
        Assert.Equal("l***@example.org", (await MessageAsync()).Masked);
        await SendAsync();
        var message = await MessageAsync();
        Assert.Equal((MessageState.Sent, null, null), (message.State, message.DueAt, message.Address));
        var (to, mail) = Assert.Single(mails.Mails);
        Assert.Equal(Mail, to);
        Assert.Contains($"Message-Id: <{message.Id:N}@example.org>", mail);
        Assert.Contains("From: parking@example.org", mail);
    }

    [Fact]
    public async Task One_that_was_taken_without_a_word_comes_again_under_the_same_id()
    {
        await MailAsync();
        mails.Mood = MailMood.TakesWithoutAWord;
        await SendAsync();
        await IsAsync(MessageState.Trying);
        mails.Mood = MailMood.Well;
        await LaterAsync(TimeSpan.FromMinutes(1));
        await IsAsync(MessageState.Trying);
        await LaterAsync(SendMessages.Settled);
        await SendAsync();
        await IsAsync(MessageState.Sent);
        Assert.Single(mails.Mails.Select(m => m.Mail.Split('\n').Single(l => l.StartsWith("Message-Id:", StringComparison.Ordinal))).Distinct());
        Assert.Equal(2, mails.Mails.Count);
    }

    [Theory, InlineData(MailMood.KnowsNobody, MessageState.Failed, "550"), InlineData(MailMood.Busy, MessageState.Waiting, "451")]
    public async Task What_the_server_refuses_is_said(MailMood mood, MessageState state, string problem)
    {
        await MailAsync();
        mails.Mood = mood;
        await SendAsync();
        await IsAsync(state, problem);
        Assert.Empty(mails.Mails);
    }

    [Fact]
    public async Task With_a_wrong_password_and_without_a_server_it_waits()
    {
        await MailAsync();
        Assert.Null((await SaveAsync(Smtp with { Secret = "wrong" })).Error);
        await SendAsync();
        await IsAsync(MessageState.Waiting, "AuthenticationException");
        await mails.DisposeAsync();
        await LaterAsync(TimeSpan.FromMinutes(1));
        await IsAsync(MessageState.Waiting, Message.Unreachable);
    }
}
