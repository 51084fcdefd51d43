using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>What strangers, other sites and proxies can and cannot do.</summary>
public sealed class ExposureTests(Cluster cluster) : PlatformTest(cluster)
{
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        web = Own(await StartAsync("--Proxies:0=127.0.0.1", "--Proxies:1=::1", "--Limits:PagesPerAccount=2", "--Limits:AnonymousPerMinute=200"));
        await web.AddUserAsync(platform.Alpha, "li", Roles.City, Ct);
    }

    Task<WebHost> StartAsync(params string[] settings) => WebHost.StartAsync(platform, Ct, services =>
        services.AddEndpoints(app => app.MapGet("/test/caller", (HttpContext http) =>
            $"{http.Request.Scheme} {ClientAddress.Key(http.Connection.RemoteIpAddress)}").AllowAnonymous()), [.. settings, $"--Node={Guid.NewGuid():N}"]);

    async Task<HttpClient> SignedInAsync(CookieContainer? cookies = null)
    {
        var browser = web.Browser(cookies);
        Assert.Equal(HttpStatusCode.Redirect, (await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct)).StatusCode);
        return browser;
    }

    static HttpRequestMessage Request(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    static async Task<string> CallerAsync(HttpClient browser, string forwarded)
    {
        using var request = Request(HttpMethod.Get, "/test/caller", ("X-Forwarded-For", forwarded), ("X-Forwarded-Proto", "https"));
        return await (await browser.SendAsync(request, Ct)).Content.ReadAsStringAsync(Ct);
    }

    [Fact]
    public async Task A_known_proxy_is_believed_up_to_the_first_address_that_is_none()
    {
        using var browser = web.Browser();
        Assert.Equal("https 203.0.113.7", await CallerAsync(browser, "203.0.113.7"));
        Assert.EndsWith(" 203.0.113.7", await CallerAsync(browser, "198.51.100.9, 203.0.113.7"));
        Assert.EndsWith(" 2001:db8:1:2::/64", await CallerAsync(browser, "2001:db8:1:2::9"));
    }

    [Fact]
    public async Task Nobody_else_is_believed()
    {
        await using var bare = await StartAsync();
        using var browser = bare.Browser();
        Assert.Matches("^http (127.0.0.1|::/64)$", await CallerAsync(browser, "203.0.113.7"));
        await using var other = await StartAsync("--Proxies:0=198.51.100.0/24");
        using var there = other.Browser();
        Assert.Matches("^http (127.0.0.1|::/64)$", await CallerAsync(there, "203.0.113.7"));
    }

    [Fact]
    public async Task It_listens_at_the_address_that_is_set()
    {
        await using var bound = await StartAsync("--Address=127.0.0.1", "--Mqtt:Address=127.0.0.1");
        Assert.Equal("127.0.0.1", bound.Address.Host);
        using var browser = bound.Browser();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live", Ct)).StatusCode);
        using var elsewhere = new System.Net.Sockets.TcpClient(System.Net.Sockets.AddressFamily.InterNetwork);
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => elsewhere.ConnectAsync(IPAddress.Parse("127.0.0.2"), bound.MqttPort, Ct).AsTask());
    }

    [Fact]
    public async Task Anonymous_requests_are_limited_by_address_and_those_of_staff_are_not()
    {
        using var staff = await SignedInAsync();
        using var browser = web.Browser();
        HttpStatusCode status;
        var asked = 0;
        do
            status = (await browser.GetAsync("/alpha/pay", Ct)).StatusCode;
        while (status is HttpStatusCode.OK && ++asked < 1000);
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.InRange(asked, 100, 400);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.GetAsync($"/alpha/pay/photo/{Guid.NewGuid()}", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await staff.GetAsync("/alpha/orders", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live", Ct)).StatusCode);
        using var other = Request(HttpMethod.Get, "/alpha/pay", ("X-Forwarded-For", "203.0.113.7"));
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(other, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_site_signs_nobody_out_and_changes_nothing()
    {
        (string Name, string Value)[] foreign =
            [("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")];
        await Assert.AllAsync(foreign, async header =>
        {
            using var browser = await SignedInAsync();
            foreach (var path in new[] { "/alpha/account/sign-out", "/alpha/account/sign-in", "/alpha/pay",
                $"/alpha/demo-channel/{Guid.NewGuid()}/confirm", "/alpha/_blazor/negotiate" })
            {
                using var request = Request(HttpMethod.Post, path, header);
                request.Content = new FormUrlEncodedContent([]);
                Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(request, Ct)).StatusCode);
            }
            Assert.Equal("li of alpha", await browser.GetStringAsync("/alpha" + WebHost.Who, Ct));
            using var own = Request(HttpMethod.Post, "/alpha/account/sign-out", ("Origin", web.Address.GetLeftPart(UriPartial.Authority)));
            Assert.Equal(HttpStatusCode.Redirect, (await browser.SendAsync(own, Ct)).StatusCode);
            Assert.Equal("nobody", await browser.GetStringAsync("/alpha" + WebHost.Who, Ct));
        });
    }

    Uri CircuitAddress => new UriBuilder(web.Address) { Scheme = "ws", Path = "/alpha/_blazor" }.Uri;

    async Task<HttpStatusCode> OpenAsync(ClientWebSocket socket, CookieContainer cookies, string? origin)
    {
        socket.Options.Cookies = cookies;
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(CircuitAddress, Ct);
        }
        catch (WebSocketException)
        {
            // the status says why
        }
        return socket.HttpStatusCode;
    }

    [Fact]
    public async Task A_circuit_is_for_those_who_signed_in_on_a_page_of_this_site_and_bounded_by_account()
    {
        var own = web.Address.GetLeftPart(UriPartial.Authority);
        var cookies = new CookieContainer();
        using (var stranger = new ClientWebSocket())
            Assert.Equal(HttpStatusCode.Unauthorized, await OpenAsync(stranger, cookies, own));
        using var browser = await SignedInAsync(cookies);
        using (var foreign = new ClientWebSocket())
            Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(foreign, cookies, "https://evil.example"));
        using (var first = new ClientWebSocket())
        using (var second = new ClientWebSocket())
        using (var third = new ClientWebSocket())
        {
            Assert.Equal(HttpStatusCode.SwitchingProtocols, await OpenAsync(first, cookies, own));
            Assert.Equal(HttpStatusCode.SwitchingProtocols, await OpenAsync(second, cookies, own));
            Assert.Equal(HttpStatusCode.TooManyRequests, await OpenAsync(third, cookies, own));
        }
        await Eventually.HoldsAsync(async () =>
        {
            using var again = new ClientWebSocket();
            return await OpenAsync(again, cookies, own) is HttpStatusCode.SwitchingProtocols;
        });
    }

    [Fact]
    public async Task Plain_pages_hold_nothing_inline_and_their_policy_allows_none()
    {
        string[] plain = ["/alpha/account/sign-in", "/alpha/pay", "/alpha/pay/passes", "/alpha/nowhere", "/cities"];
        await Assert.AllAsync(plain, async path =>
        {
            using var browser = web.Browser();
            var answer = await browser.GetAsync(path, Ct);
            Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single());
            var html = await answer.Content.ReadAsStringAsync(Ct);
            Assert.DoesNotMatch(new Regex("<style|<script(?![^>]* src=)|<[^>]+ (style|on[a-z]+)=", RegexOptions.IgnoreCase), html);
        });
    }

    [Fact]
    public async Task Pages_with_components_allow_inline_styles_and_script_files_only()
    {
        using var browser = await SignedInAsync();
        var policy = (await browser.GetAsync("/alpha/orders", Ct)).Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self'; style-src 'self' 'unsafe-inline'", policy);
    }

    [Fact]
    public async Task What_may_be_about_people_is_kept_by_no_cache()
    {
        using var browser = await SignedInAsync();
        string[] paths =
        [
            "/alpha/orders/export.xlsx", "/alpha/passes/export.xlsx", "/alpha/occupancy.xlsx",
            "/alpha/reports/income.xlsx?from=2026-11-01&to=2026-11-21", "/alpha/orders", "/alpha/api/v1/lots", "/alpha/pay",
            "/alpha/pay/order/00000000-0000-0000-0000-000000000001"
        ];
        await Assert.AllAsync(paths, async path =>
            Assert.Contains("no-store", (await browser.GetAsync(path, Ct)).Headers.CacheControl!.ToString()));
    }

    [Fact]
    public async Task Files_of_the_program_may_be_kept()
    {
        using var browser = web.Browser();
        Assert.DoesNotContain("no-store", (await browser.GetAsync("/app.css", Ct)).Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Cookies_are_for_https_where_the_page_is()
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = web.Address };
        string[] paths =
            ["/alpha/account/sign-in", "/alpha/pay", "/alpha/language/en", $"/alpha/pay/lot/{platform.Alpha.North.Id}"];
        var pages = paths.SelectMany(path => new[] { (Path: path, Scheme: "https"), (Path: path, Scheme: "http") });
        await Assert.AllAsync(pages, async page =>
        {
            using var request = Request(HttpMethod.Get, page.Path, ("X-Forwarded-Proto", page.Scheme));
            var cookies = (await browser.SendAsync(request, Ct)).Headers.GetValues("Set-Cookie").ToList();
            Assert.NotEmpty(cookies);
            Assert.All(cookies, c => Assert.Equal(page.Scheme is "https", c.Contains("; secure", StringComparison.OrdinalIgnoreCase)));
            Assert.All(cookies, c => Assert.Matches("(?i)samesite=(lax|strict)", c));
            Assert.All(cookies, c => Assert.Contains("; httponly", c, StringComparison.OrdinalIgnoreCase));
        });
    }

    static readonly (string Back, string? To)[] WaysBack =
    [
        ("orders?plate=a%26b", "/alpha/orders?plate=a%26b"),
        ("/orders", "/alpha/orders"),
        ("pay?x=%E7%B2%A4", "/alpha/pay?x=%E7%B2%A4"),
        ("\t/x", "/alpha/"),
        ("//evil.example/x", "/alpha/evil.example/x"),
        ("/\\evil.example", "/alpha/evil.example"),
        ("a/..//evil.example", "/alpha/evil.example"),
        ("https://evil.example", "/alpha/https://evil.example"),
        ("粤\ud800", null)
    ];

    [Fact]
    public async Task The_language_switch_leads_back_into_the_site() => await Assert.AllAsync(WaysBack, async way =>
    {
        using var browser = web.Browser();
        var answer = await browser.GetAsync($"/alpha/language/en?back={Uri.EscapeDataString(way.Back)}", Ct);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var location = answer.Headers.Location!;
        Assert.False(location.IsAbsoluteUri && location.Host != web.Address.Host);
        if (way.To is not null)
            Assert.Equal(way.To, location.OriginalString);
    });
}
