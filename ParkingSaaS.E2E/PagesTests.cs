using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>What holds for every page, for whoever may see it, on a desk and on a phone, in both languages and both themes: it is filled without
/// an error, is translated, fits, names its controls, keeps nobody out (WCAG 2.2 AA), and tells a whole telephone number only to those
/// who may see it. How long a page did not answer is said, and fails nothing.</summary>
public sealed class PagesTests(RunningDemo demo)
{
    const int Desk = 1360, Phone = 390;

    [Fact]
    public async Task Every_page_is_whole_for_a_city()
    {
        var seen = await Task.WhenAll(WalkAsync("en", Desk, dark: false, barriers: true), WalkAsync("zh-CN", Phone, dark: true, barriers: true),
            WalkAsync("zh-CN", Desk, dark: false, barriers: false), WalkAsync("en", Phone, dark: true, barriers: false));
        // Takings are shared out when the books are proven, which takes a person and some minutes.
        Assert.Equal([], RoutedPage.All.Where(p => p.Who == Audience.City && p.Template != "/clearing/{Id:guid}").Except(seen[0]));

        async Task<IReadOnlyCollection<RoutedPage>> WalkAsync(string language, int width, bool dark, bool barriers)
        {
            await using var browser = await demo.BrowserAsync(language, width, dark);
            // Some are reached by a button, and no link leads there.
            return await PagesTests.WalkAsync(await demo.City("shenzhen").SignInAsync(browser, "city"), language, barriers,
                RoutedPage.All.Where(p => p is { Who: Audience.City, HasParameters: false }).Select(p => p.Template));
        }
    }

    [Theory]
    [InlineData("district", "en", Desk)]
    [InlineData("company", "zh-CN", Phone)]
    [InlineData("staff", "en", Phone)]
    [InlineData("attendant", "zh-CN", Desk)]
    public async Task Every_page_is_whole_for_a_role_and_tells_no_more_than_it_may(string role, string language, int width)
    {
        await using var browser = await demo.BrowserAsync(language, width);
        var page = await demo.City("shenzhen").SignInAsync(browser, role);
        await WalkAsync(page, language, barriers: false, also: async () => Telephones.AssertNoneIsWhole(await page.ContentAsync()));
    }

    [Theory]
    [InlineData("en", Desk, false)]
    [InlineData("zh-CN", Phone, true)]
    public async Task Every_page_is_whole_for_the_platform(string language, int width, bool dark)
    {
        await using var browser = await demo.BrowserAsync(language, width, dark);
        var seen = await WalkAsync(await demo.SignInToPlatformAsync(browser), language, barriers: true);
        Assert.Equal([], RoutedPage.All.Where(p => p.Who == Audience.Platform).Except(seen));
    }

    /// <summary>Follows the links to every page that there is, once to each.</summary>
    /// <param name="page">The tab of somebody who has signed in.</param>
    /// <param name="language">The browser's.</param>
    /// <param name="barriers">Whether axe looks at the pages, too.</param>
    /// <param name="starts">Where it begins; null for where the person is.</param>
    /// <param name="also">What is looked for on each page besides.</param>
    static async Task<IReadOnlyCollection<RoutedPage>> WalkAsync(
        IPage page, string language, bool barriers, IEnumerable<string>? starts = null, Func<Task>? also = null)
    {
        var look = await PageLook.AtAsync(page, language);
        var root = await page.EvaluateAsync<string>("() => document.baseURI");
        List<string> findings = [];
        var ahead = new Queue<string>(starts ?? [page.Url[(root.Length - 1)..]]);
        HashSet<RoutedPage> known = [.. ahead.Select(path => RoutedPage.At(path)!)];
        while (ahead.TryDequeue(out var path))
        {
            await look.GoAsync(root + path[1..]);
            findings.AddRange([.. await look.FindingsAsync(), .. barriers ? await look.BarriersAsync() : []]);
            if (also is not null)
                await also();
            foreach (var link in await look.LinksAsync())
                if (RoutedPage.At(link) is { Who: not Audience.Anybody } next && known.Add(next))
                    ahead.Enqueue(link);
        }
        Assert.True(findings.Count == 0, string.Join('\n', findings));
        return known;
    }

    [Fact]
    public async Task The_next_page_of_a_list_comes_and_stays()
    {
        await using var browser = await demo.BrowserAsync();
        var page = await demo.City("shenzhen").SignInAsync(browser, "city");
        await page.GotoAsync(demo.City("shenzhen").Url("passes"));
        var first = page.Locator("main .list tbody a").First;
        var before = (await first.GetAttributeAsync("href"))!;
        await page.GetByRole(AriaRole.Button, new() { Name = "Next page" }).ClickAsync();
        await Assertions.Expect(first).Not.ToHaveAttributeAsync("href", before);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"[?&]page=2\b"));
        var second = (await first.GetAttributeAsync("href"))!;
        await page.ReloadAsync();
        await Assertions.Expect(first).ToHaveAttributeAsync("href", second);
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
    public async Task Before_the_sign_in_pages_are_light_or_dark_as_the_screen_is_until_one_is_chosen()
    {
        await using var browser = await demo.BrowserAsync();
        var page = await browser.NewPageAsync();
        await page.Context.ClearCookiesAsync();
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.GotoAsync(demo.City("shenzhen").Url("account/sign-in"));
        await page.WaitForSelectorAsync("body[data-theme=dark]");
        await page.Locator(".plain-bar .theme").ClickAsync();
        await page.WaitForSelectorAsync("body[data-theme=light]");
        await page.GotoAsync(demo.City("shenzhen").Url("error/404"));
        await page.WaitForSelectorAsync("body[data-theme=light]");
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
        var page = await demo.SignInToPlatformAsync(browser);
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
