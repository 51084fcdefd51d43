using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Messages;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Messages;

/// <summary>The pages on which a city sets up its messages and sees what became of them.</summary>
public sealed class MessagePagesTests(Cluster cluster) : MessageTest(cluster)
{
    [Fact]
    public async Task The_log_shows_the_masked_number_what_was_said_and_why_it_did_not_arrive()
    {
        await PaidAsync();
        (sms.Mood, sms.Refusal) = (Gateways.SmsMood.Refuses, "isv.MOBILE_NUMBER_ILLEGAL");
        await SendAsync();
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<SentPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains("isv.MOBILE_NUMBER_ILLEGAL", page.Markup));
        Assert.Contains("138****0001", page.Markup);
        Assert.Contains("¥7.00 received", page.Markup);
        Assert.DoesNotContain(Phone, page.Markup);
    }

    [Fact]
    public async Task A_text_is_written_with_an_example_beside_it_and_refused_with_its_reason()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var form = context.Render<SceneTextForm>(p => p.Add(f => f.Scene, MessageScene.RefundPaid).Add(f => f.Way, MessageWay.Sms)
            .Add(f => f.Language, OwnerLanguage.English));
        await form.WaitForAssertionAsync(() => Assert.Contains("We paid ¥35.00 back for 粤B12345", form.Find("#Example").TextContent));
        await form.Find("form").SubmitAsync();
        Assert.Contains("Messages:Address", form.Find("[role=alert]").TextContent);
        await form.Find("#Text").InputAsync("{amount} to {bank}");
        await form.Find("form").SubmitAsync();
        Assert.Contains("Only the places that are listed", form.Find("[role=alert]").TextContent);
        await form.Find("#Text").InputAsync("{amount} is back");
        Assert.Equal("¥35.00 is back", form.Find("#Example").TextContent);
        await form.Find("form").SubmitAsync();
        await using var s = await City.OpenAsync();
        Assert.Equal("{amount} is back", (await s.Db.Set<SceneText>().AsNoTracking().SingleAsync(Ct)).Text);
    }

    [Fact]
    public async Task An_account_is_set_up_and_its_secret_never_shown()
    {
        Assert.Null((await SaveAsync(Aliyun)).Error);
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var form = context.Render<MessageAccountForm>(p => p.Add(f => f.Way, MessageWay.Sms));
        await form.WaitForAssertionAsync(() => Assert.Equal(Gateways.FakeAliyunSms.KeyId, form.Find("#User").GetAttribute("value")));
        Assert.DoesNotContain(Gateways.FakeAliyunSms.Secret, form.Markup);
        await form.Find("#Sender").ChangeAsync("城市停车");
        await form.Find("form").SubmitAsync();
        var page = context.Render<ScenesPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains("城市停车", page.Markup));
        Assert.Equal(2 + 4 * SceneKind.All.Count, page.FindAll("tbody tr").Count);
    }

    [Fact]
    public async Task Arrears_say_when_a_car_was_reminded_or_that_nobody_knows_whose_it_is()
    {
        await SayAsync([.. SceneKind.Arrears]);
        await OweAsync();
        await OweAsync(200, "粤B99999");
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<ArrearsPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains("No owner to remind", page.Markup));
        Assert.Single(page.FindAll("tbody .choose-row input"));
        Assert.Null((await dunning.RemindAsync(Clerk, Car, Ct)).Error);
        var again = context.Render<ArrearsPage>();
        await again.WaitForAssertionAsync(() => Assert.Contains("messages/sent?plate=", again.Markup));
    }
}
