using System.Net;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Tests.Passes;

namespace ParkingSaaS.Tests.Drivers;

/// <summary>A driver buys and renews a pass on a phone without JavaScript.</summary>
public sealed class PassPagesTests(Cluster cluster) : DriverPhone(cluster)
{
    Desk Desk => field ??= new Desk(day);

    async Task PayAsync(string periodPage)
    {
        var channel = To(await SendAsync(await GetAsync(periodPage), periodPage));
        Assert.Equal(periodPage, To(await SendAsync(await GetAsync(channel), channel)));
    }

    [Fact]
    public async Task From_the_product_to_the_pass_and_its_renewal()
    {
        var product = await Desk.ProductAsync(Desk.Details() with { OnLine = true, OfferTerms = 2, OfferPercent = 10 });
        Assert.Contains("月卡", Text(await GetAsync("/alpha/pay/passes")));
        var buyPage = $"/alpha/pay/pass-buy/{product.Id}";
        (string, string)[] typed =
            [("Input.Province", "粤"), ("Input.Rest", "b12345"), ("Input.Holder", "张三"), ("Input.Phone", "13800000000"), ("Input.Terms", "2")];
        var priced = await WebHost.PageAsync(await SendAsync(await GetAsync(buyPage), buyPage, [.. typed, ("Input.Action", "price")]), Ct);
        Assert.Contains("¥540.00", Text(priced));
        Assert.Contains("2027-01-20", Text(priced));
        var changed = await SendAsync(priced, buyPage, [.. typed, ("Input.Action", "buy"), ("Input.Minor", "1")]);
        Assert.Contains("The price has changed", Text(await WebHost.PageAsync(changed, Ct)));
        var answers = await Task.WhenAll(
            SendAsync(priced, buyPage, [.. typed, ("Input.Action", "buy")]), SendAsync(priced, buyPage, [.. typed, ("Input.Action", "buy")]));
        var periodPage = Assert.Single(answers.Select(To).Distinct());
        await PayAsync(periodPage);
        Assert.Contains("Paid. The pass is valid from 2026-11-21 to 2027-01-20.", Text(await GetAsync(periodPage)));

        var found = await WebHost.PageAsync(await SendAsync(await GetAsync("/alpha/pay/passes"), "/alpha/pay/passes",
            ("Input.Province", "粤"), ("Input.Rest", "B12345"), ("Input.PhoneEnd", "0000")), Ct);
        var renewPage = "/alpha/" + found.QuerySelector(".choices a")!.GetAttribute("href");
        Assert.DoesNotContain("张三", found.DocumentElement.OuterHtml);
        var renewal = To(await SendAsync(await GetAsync(renewPage), renewPage, ("Input.Action", "renew")));
        await PayAsync(renewal);
        Assert.Equal([new Money(54000), new Money(30000)], (await day.PaymentsAsync()).OrderBy(p => p.PaidAt).ThenBy(p => p.Id).Select(p => p.Amount));
        Assert.DoesNotContain(web.Logs.Lines, line => line.Contains("12345") || line.Contains("13800000000"));
    }

    [Fact]
    public async Task What_is_not_there_or_not_sold_on_phones_is_not_found()
    {
        var counter = await Desk.ProductAsync();
        foreach (var path in new[] { $"pay/pass-buy/{counter.Id}", $"pay/pass-renew/{Guid.NewGuid()}", $"pay/pass/{Guid.NewGuid()}" })
            Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync("/alpha/" + path, Ct)).StatusCode);
    }
}
