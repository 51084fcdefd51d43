using AngleSharp.Html.Dom;
using Bunit;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Payments;

namespace ParkingSaaS.Tests.Payments;

/// <summary>The field that asks how money goes back.</summary>
public sealed class RefundMethodTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task Payments_that_can_go_back_by_their_channel_come_first_and_what_is_chosen_is_told()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var paid = new Refundable(Guid.CreateVersion7(), "wechat", platform.Clock.GetUtcNow(), new Money(700));
        var chosen = paid.PaymentId.ToString();
        var field = context.Render<RefundMethodInput>(p => p.Bind(x => x.Value, chosen, value => chosen = value)
            .Add(x => x.Refundable, [paid]).Add(x => x.ByHand, ReviewCancel.Methods));
        var select = (IHtmlSelectElement)field.Find("select#Method");
        Assert.Equal([paid.PaymentId.ToString(), "cash", "transfer"], select.Options.Select(o => o.Value));
        Assert.Equal(paid.PaymentId.ToString(), select.Value);
        await select.ChangeAsync("cash");
        Assert.Equal("cash", chosen);
    }
}
