using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>What holds for every page in the menu, for every role: it opens without an error, has a heading, fits a phone, and
/// tells a whole telephone number only to those who may see it.</summary>
public sealed class PagesTests(RunningDemo demo)
{
    [Theory]
    [InlineData("city", "en", 390)]
    [InlineData("city", "zh-CN", 1360)]
    [InlineData("district", "en", 1360)]
    [InlineData("company", "zh-CN", 390)]
    [InlineData("staff", "en", 390)]
    [InlineData("attendant", "zh-CN", 390)]
    public async Task Every_page_of_the_menu_opens_fits_and_tells_no_more_than_it_may(string role, string language, int width)
    {
        await using var browser = await demo.BrowserAsync(language, width);
        var page = await demo.City("shenzhen").SignInAsync(browser, role);
        var errors = new List<string>();
        page.PageError += (_, e) => errors.Add(e);
        page.Console += (_, m) =>
        {
            if (m.Type == "error")
                errors.Add($"{page.Url}: {m.Text}");
        };
        var links = await page.EvalOnSelectorAllAsync<string[]>("nav.menu a", "links => links.map(l => l.href)");
        Assert.NotEmpty(links);
        foreach (var link in links.Append(demo.City("shenzhen").Url("account")))
        {
            await page.GotoAsync(link);
            await page.WaitForSelectorAsync("main h1");
            await page.WaitForFunctionAsync("() => !document.querySelector('main .loading, main .mud-progress-circular, main .mud-progress-linear')");
            Assert.Equal(0, await page.Locator("main .message-error").CountAsync());
            var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
            Assert.True(overflow <= 0, $"{link} is {overflow} px too wide for {width} px");
            if (role != "city")
                Telephones.AssertNoneIsWhole(await page.ContentAsync());
        }
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_language_and_the_theme_are_switched_in_the_bar_and_remembered()
    {
        await using var browser = await demo.BrowserAsync("zh-CN");
        var page = await demo.City("shenzhen").SignInAsync(browser, "city");
        await page.GetByText("English", new() { Exact = true }).ClickAsync();
        await page.WaitForSelectorAsync("html[lang=en]");
        await page.Locator(".bar .theme").ClickAsync();
        await page.WaitForFunctionAsync("() => document.cookie.includes('theme=dark')");
        await page.ReloadAsync();
        await page.WaitForSelectorAsync("html[lang=en] body[data-theme=dark]");
    }

    [Fact]
    public async Task What_one_may_not_see_says_so()
    {
        await using var browser = await demo.BrowserAsync();
        var page = await demo.City("shenzhen").SignInAsync(browser, "attendant");
        await page.GotoAsync(demo.City("shenzhen").Url("users"));
        await page.GetByText("You may not see this page.").First.WaitForAsync();
    }

    [Fact]
    public async Task A_cookie_of_one_city_opens_no_page_of_another()
    {
        await using var browser = await demo.BrowserAsync();
        await demo.City("shenzhen").SignInAsync(browser, "city");
        var cookies = await browser.Context.CookiesAsync();
        await browser.Context.AddCookiesAsync(cookies.Where(c => c.Name == "parking").Select(c => new Cookie
        {
            Name = c.Name,
            Value = c.Value,
            Domain = c.Domain,
            Path = "/hangzhou"
        }));
        var page = await browser.NewPageAsync();
        await page.GotoAsync(demo.City("hangzhou").Url("lots"));
        Assert.Contains("/hangzhou/account/sign-in", page.Url);
    }

    [Fact]
    public async Task The_platform_administrator_adds_a_city_and_sees_it_come_up()
    {
        await using var browser = await demo.BrowserAsync();
        var page = await browser.NewPageAsync();
        var admin = demo.Demo.GetProperty("platform");
        await page.GotoAsync($"{demo.BaseUrl}/platform/cities");
        await page.FillAsync("input[name='Input.Name']", admin.GetProperty("name").GetString()!);
        await page.FillAsync("input[name='Input.Password']", admin.GetProperty("password").GetString()!);
        await page.ClickAsync("button[type=submit]");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add city" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Code").FillAsync("suzhou");
        await dialog.GetByLabel("Name in Chinese").FillAsync("苏州");
        await dialog.GetByLabel("Name in English").FillAsync("Suzhou");
        await dialog.GetByLabel("Administrator's user name").FillAsync("chief");
        await dialog.GetByLabel("Administrator's password").FillAsync("a-long-password-1");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add city" }).ClickAsync();
        // A database of its own is made meanwhile, beside the other tests.
        await page.GetByRole(AriaRole.Link, new() { Name = "Suzhou" }).First.WaitForAsync(new() { Timeout = 2 * RunningDemo.Patience });
        var answer = await page.APIRequest.GetAsync($"{demo.BaseUrl}/suzhou/account/sign-in");
        Assert.Equal(200, answer.Status);
        Assert.Contains("苏州", await answer.TextAsync());
    }
}
