using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>Every page that anybody may open, as <see cref="PagesTests"/> looks at those behind a sign-in.</summary>
public sealed class DriverPagesTests(RunningDemo demo)
{
    [Theory]
    [InlineData("en", false, "粤B30001")]
    [InlineData("zh-CN", true, "粤B30002")]
    public async Task Every_page_is_whole_for_anybody(string language, bool dark, string plate)
    {
        var city = demo.City("shenzhen");
        await city.PassAsync(city.Manual, "entryCamera", plate, minutesAgo: 80);
        await using var browser = await demo.BrowserAsync(language, width: 390, dark);
        var page = await browser.NewPageAsync();
        var look = await PageLook.AtAsync(page, language);
        HashSet<RoutedPage> seen = [];
        List<string> findings = [];

        foreach (var address in RoutedPage.All.Where(p => p is { Who: Audience.Anybody, HasParameters: false }).Select(p => p.Template[1..])
            .Concat(["error/500", .. await SignsAsync(city), .. await PassesAsync(city), await ToldAsync(city)]))
            await LookAtAsync(address == "cities" ? $"{demo.BaseUrl}/cities" : city.Url(address));

        // A driver pays, and another buys a pass.
        await page.GotoAsync(city.Url($"pay/lot/{city.Manual.Id}"));
        await page.Locator("input[name='Input.Rest']").FillAsync(plate);
        await page.Locator("main button.primary").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/pay/order/"));
        var order = page.Url;
        await LookAtAsync(order);
        await LookAtAsync(await LinkAsync("pay/appeal/"));
        await page.GotoAsync(order);
        await page.Locator("main button.primary").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/demo-channel/"));
        await LookAtAsync(page.Url);
        await page.Locator("main button.primary").ClickAsync();
        await page.Locator(".message-good").WaitForAsync();
        await city.PassAsync(city.Manual, "exitCamera", plate); // what a stay costs is certain when it is over
        await page.GotoAsync(order);
        await LookAtAsync(await LinkAsync("pay/invoice/"));
        await page.GotoAsync(city.Url("pay/passes"));
        await page.Locator("a[href*='pass-buy']").First.ClickAsync();
        await page.Locator("input[name='Input.Holder']").WaitForAsync(); // the page before asks for a plate too
        await page.Locator("input[name='Input.Rest']").FillAsync(plate);
        await page.Locator("input[name='Input.Holder']").FillAsync("Li Lei");
        await page.Locator("input[name='Input.Phone']").FillAsync("13800138000");
        await page.Locator("button[value=price]").ClickAsync();
        await page.Locator("button[value=buy]").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/pay/pass/"));
        await LookAtAsync(page.Url);

        Assert.True(findings.Count == 0, string.Join('\n', findings));
        // A channel's page needs a channel, which no browser test has.
        Assert.Equal([], RoutedPage.All.Where(p => p.Who == Audience.Anybody && p.Template != "/pay/channel/{PaymentId:guid}").Except(seen));

        async Task<string> LinkAsync(string to) => city.Url((await page.Locator($"a[href*='{to}']").First.GetAttributeAsync("href"))!);

        async Task LookAtAsync(string address)
        {
            await look.GoAsync(address);
            findings.AddRange([.. await look.FindingsAsync(), .. await look.BarriersAsync()]);
            if (await page.Locator(".theme").CountAsync() != 1)
                findings.Add($"{address}: light or dark cannot be chosen");
            await page.SetViewportSizeAsync(1360, 844);
            findings.AddRange(await look.FindingsAsync());
            await page.SetViewportSizeAsync(390, 844);
            var path = new Uri(address).AbsolutePath;
            seen.Add(RoutedPage.At(path.StartsWith($"/{city.Code}/") ? path[(city.Code.Length + 1)..] : path)!);
        }
    }

    /// <summary>Where the signs at lots, lanes and berths lead.</summary>
    async Task<IEnumerable<string>> SignsAsync(DemoCity city)
    {
        await using var office = await demo.BrowserAsync();
        var page = await city.SignInAsync(office, "city");
        List<string> signs = [];
        foreach (var lot in new[] { city.Manual, city.Lots.First(l => l.Kind == "onStreet") })
        {
            await page.GotoAsync(city.Url($"lots/{lot.Id}"));
            // They are folded away, and those of lanes and berths come after the lot's.
            await page.Locator(".qr-codes a:is([href*='pay/lane/'], [href*='pay/berth/'])").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            signs.AddRange(await page.EvalOnSelectorAllAsync<string[]>(".qr-codes a", "links => links.map(a => a.getAttribute('href'))"));
        }
        return signs.DistinctBy(s => RoutedPage.At("/" + s));
    }

    /// <summary>Where the link of a message leads.</summary>
    async Task<string> ToldAsync(DemoCity city)
    {
        await using var office = await demo.BrowserAsync();
        var page = await city.SignInAsync(office, "city");
        await page.GotoAsync(city.Url("messages/sent?scene=ArrearsFirst&state=Delivered"));
        var text = await page.Locator("main td", new() { HasTextRegex = new Regex("/pay/told/") }).First.TextContentAsync();
        return Regex.Match(text!, "pay/told/[a-z0-9]+").Value;
    }

    /// <summary>Where one buys a pass, and where one renews it.</summary>
    async Task<IEnumerable<string>> PassesAsync(DemoCity city)
    {
        await using var office = await demo.BrowserAsync();
        var page = await city.SignInAsync(office, "city");
        await page.GotoAsync(city.Url("passes"));
        var pass = await page.Locator("main a[href^='passes/']").First.GetAttributeAsync("href");
        await page.GotoAsync(city.Url("pay/passes"));
        return [pass!.Replace("passes/", "pay/pass-renew/"), (await page.Locator("a[href*='pass-buy']").First.GetAttributeAsync("href"))!];
    }
}
