using System.Net;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>Sign-in as a browser does it.</summary>
public sealed class SignInTests(Cluster cluster) : PlatformTest(cluster)
{
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        web = Own(await WebHost.StartAsync(platform, Ct));
        await web.AddUserAsync(platform.Alpha, "li", Roles.City, Ct);
    }

    Uri Alpha => new(web.Address, "/alpha/");

    [Fact]
    public async Task The_right_password_opens_the_city()
    {
        var cookies = new CookieContainer();
        using var browser = web.Browser(cookies);
        var answer = await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/alpha/", answer.Headers.Location!.AbsolutePath);
        Assert.Equal("li of alpha", await browser.GetStringAsync("/alpha" + WebHost.Who, Ct));
        Assert.Contains(cookies.GetCookies(Alpha), c => c.Name == "parking");
        Assert.DoesNotContain(cookies.GetCookies(new Uri(web.Address, "/beta/")), c => c.Name == "parking");
    }

    static readonly (string City, string Name, string Password)[] AnythingElse =
    [
        ("alpha", "li", "wrong-password-1"),
        ("alpha", "nobody", WebHost.Password),
        ("beta", "li", WebHost.Password),
        ("", "li", WebHost.Password),
        ("alpha", "a name of more than sixty-four characters, which the form does not let anybody type", WebHost.Password),
        ("alpha", "li", "a password of more than 128 characters: " + string.Concat(Enumerable.Repeat("0123456789 ", 9)))
    ];

    [Fact]
    public async Task Anything_else_is_refused_in_the_same_words()
    {
        OtherCityChanges(); // tries are counted where they were made
        await Assert.AllAsync(AnythingElse, async row =>
        {
            var cookies = new CookieContainer();
            using var browser = web.Browser(cookies);
            browser.DefaultRequestHeaders.Add("Accept-Language", "en");
            var answer = await WebHost.SignInAsync(browser, row.City, row.Name, row.Password, Ct);
            var page = await WebHost.PageAsync(answer, Ct);
            Assert.Equal("User name or password is wrong.", page.QuerySelector("[role=alert]")!.TextContent);
            Assert.DoesNotContain(cookies.GetAllCookies(), c => c.Name == "parking");
        });
    }

    [Fact]
    public async Task After_five_wrong_passwords_from_an_address_the_next_try_waits_and_that_is_said()
    {
        using var browser = web.Browser();
        browser.DefaultRequestHeaders.Add("Accept-Language", "en");
        for (var i = 0; i < 5; i++)
            await WebHost.SignInAsync(browser, "alpha", "li", "wrong-password-1", Ct);
        var page = await WebHost.PageAsync(await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct), Ct);
        Assert.Equal("Too many wrong passwords. Try again in 5 seconds.", page.QuerySelector("[role=alert]")!.TextContent);
        platform.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Redirect, (await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct)).StatusCode);
    }

    [Fact]
    public async Task An_address_cannot_try_passwords_by_the_hundred_and_reads_why()
    {
        OtherCityChanges(); // tries are counted where they were made
        using var tireless = web.Browser();
        for (var i = 0; i < 30; i++)
            Assert.Equal(HttpStatusCode.OK,
                (await WebHost.SignInAsync(tireless, i % 2 == 0 ? "alpha" : "beta", $"user{i}", "wrong-password-1", Ct)).StatusCode);
        (string Language, string Text)[] reasons =
            [("en", "Too many requests from this address. Wait a minute and try again."), ("zh-CN", "请求过于频繁，请一分钟后再试。")];
        await Assert.AllAsync(reasons, async reason =>
        {
            using var browser = web.Browser();
            browser.DefaultRequestHeaders.Add("Accept-Language", reason.Language);
            var before = web.Logs.Lines.Count;
            var refused = await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Contains(reason.Text, (await WebHost.PageAsync(refused, Ct)).Body!.TextContent);
            Assert.Contains(web.Logs.Lines.Skip(before),
                l => l.Contains("RateLimited city=alpha address=") && l.Contains("/account/sign-in"));
            // The page itself still shows.
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/alpha/account/sign-in", Ct)).StatusCode);
        });
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_with_a_page()
    {
        using var browser = web.Browser();
        browser.DefaultRequestHeaders.Add("Accept-Language", "en");
        var answer = await browser.PostAsync("/alpha/account/sign-in", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["Input.Name"] = "li",
            ["Input.Password"] = WebHost.Password
        }), Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("could not be understood", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task A_cookie_of_another_city_is_worth_nothing()
    {
        await web.AddUserAsync(platform.Beta, "li", Roles.City, Ct);
        await OtherCityBeginsHereAsync();
        var cookies = new CookieContainer();
        using var browser = web.Browser(cookies);
        await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct);
        var stolen = cookies.GetCookies(Alpha).Single(c => c.Name == "parking").Value;

        using var forger = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = web.Address };
        forger.DefaultRequestHeaders.Add("Cookie", $"parking={stolen}");
        Assert.Equal("li of alpha", await forger.GetStringAsync("/alpha" + WebHost.Who, Ct));
        Assert.Equal("nobody", await forger.GetStringAsync("/beta" + WebHost.Who, Ct));
        Assert.Equal("nobody", await forger.GetStringAsync(WebHost.Who, Ct));
        Assert.Contains(web.Logs.Lines, l => l.Contains("ForeignCredential city=beta") && l.Contains("a cookie of alpha"));
    }

    [Fact]
    public async Task Logs_hold_no_secrets_and_no_whole_plates()
    {
        var cookies = new CookieContainer();
        using var browser = web.Browser(cookies);
        await WebHost.SignInAsync(browser, "alpha", "li", "wrong-password-1", Ct);
        await WebHost.SignInAsync(browser, "alpha", "a-password-typed-as-name", "x", Ct);
        await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct);
        await browser.GetAsync("/alpha/pay?plate=粤B12345", Ct);

        Assert.Contains(web.Logs.Lines, l => l.Contains("SignedIn city=alpha"));
        var cookie = cookies.GetCookies(Alpha).Single(c => c.Name == "parking").Value;
        Assert.DoesNotContain(web.Logs.Lines, l =>
            l.Contains(WebHost.Password) || l.Contains("wrong-password-1") || l.Contains("typed-as-name") || l.Contains(cookie) || WebHost.WholePlate.IsMatch(l)
            || l.Contains(platform.DatabasePassword));
    }
}
