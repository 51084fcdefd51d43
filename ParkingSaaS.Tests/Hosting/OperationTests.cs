using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>Health, errors, headers, keys: what an operator relies on.</summary>
public sealed class OperationTests(Cluster cluster) : IAsyncLifetime
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    TestPlatform platform = null!;
    WebHost web = null!;
    HttpClient browser = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await cluster.NewPlatformAsync();
        web = await WebHost.StartAsync(platform, Ct, services => services.AddSingleton<Action<IEndpointRouteBuilder>>(app =>
        {
            app.MapGet("/test/fault", string () => throw new InvalidOperationException("fault for a test"));
            app.MapGet("/api/test/fault", string () => throw new InvalidOperationException("fault for a test"));
            app.MapPost("/api/test/body", (JsonElement body) => body.ToString().Length);
        }));
        browser = web.Browser();
        browser.DefaultRequestHeaders.Add("Accept-Language", "en");
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await web.DisposeAsync();
        await platform.DisposeAsync();
    }

    async Task<(HttpStatusCode, JsonElement)> ReadinessAsync()
    {
        // An answer is kept for a second.
        platform.Clock.Advance(TimeSpan.FromSeconds(2));
        var answer = await browser.GetAsync("/health/ready", Ct);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }

    [Fact]
    public async Task Ready_means_that_every_database_answers()
    {
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live", Ct)).StatusCode);
        var (status, report) = await ReadinessAsync();
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"status":"ready","control":true,"cities":{"alpha":true,"beta":true}}""", report.ToString());

        await cluster.DropAsync(web.Get<CityDirectory>().Get("beta").Database);
        (status, report) = await ReadinessAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("""{"status":"not-ready","control":true,"cities":{"alpha":true,"beta":false}}""", report.ToString());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live", Ct)).StatusCode);
    }

    [Theory]
    [InlineData("en", "Something went wrong.")]
    [InlineData("zh-CN", "出现错误")]
    public async Task A_fault_shows_people_a_page_with_a_number_that_the_log_has_too(string language, string words)
    {
        browser.DefaultRequestHeaders.Remove("Accept-Language");
        browser.DefaultRequestHeaders.Add("Accept-Language", language);
        var answer = await browser.GetAsync("/alpha/test/fault", Ct);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var page = await WebHost.PageAsync(answer, Ct);
        Assert.Contains(words, page.Body!.TextContent);
        Assert.DoesNotContain("fault for a test", page.Body.TextContent);
        Assert.Matches("^[0-9a-f]{32}$", page.QuerySelector("code")!.TextContent);
        Assert.Contains(web.Logs.Lines, l => l.Contains("fault for a test"));
    }

    [Fact]
    public async Task A_fault_shows_programs_problem_details()
    {
        var answer = await browser.GetAsync("/alpha/api/test/fault", Ct);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.DoesNotContain("fault for a test", problem.ToString());
    }

    [Theory]
    [InlineData("/alpha/nowhere", "text/html")]
    [InlineData("/nowhere", "text/html")]
    [InlineData("/alpha/api/nowhere", "application/problem+json")]
    public async Task What_is_not_there_is_said_in_the_form_that_was_asked(string path, string type)
    {
        var answer = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Styles_and_scripts_of_a_page_are_there()
    {
        var page = await WebHost.PageAsync(await browser.GetAsync("/alpha/account/sign-in", Ct), Ct);
        var files = page.QuerySelectorAll("link[href], script[src]").Select(e => e.GetAttribute("href") ?? e.GetAttribute("src")!).ToList();
        Assert.Contains(files, f => f.Contains("blazor.web"));
        foreach (var file in files)
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/alpha/" + file, Ct)).StatusCode);
    }

    [Theory]
    [InlineData("/alpha/nowhere", "text/html")]
    [InlineData("/alpha/nowhere/else", "text/html")]
    [InlineData("/alpha/api/nowhere", "application/problem+json")]
    public async Task What_is_sent_to_nowhere_is_not_found_either(string path, string type)
    {
        var answer = await browser.PostAsync(path, new FormUrlEncodedContent([]), Ct);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused()
    {
        using var body = new ByteArrayContent(new byte[10 << 20]);
        body.Headers.ContentType = new("application/json");
        using var patient = new HttpRequestMessage(HttpMethod.Post, "/alpha/api/test/body") { Content = body };
        patient.Headers.ExpectContinue = true;
        var answer = await browser.SendAsync(patient, Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("/alpha/account/sign-in")]
    [InlineData("/health/live")]
    [InlineData("/alpha/test/fault")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        var headers = (await browser.GetAsync(path, Ct)).Headers;
        Assert.Equal(["nosniff"], headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["same-origin"], headers.GetValues("Referrer-Policy"));
        Assert.Contains(headers.GetValues("Content-Security-Policy"), p => p.Contains("default-src 'self'"));
        Assert.False(headers.Contains("Server"));
    }

    [Fact]
    public async Task Two_nodes_and_a_restart_share_their_keys()
    {
        await web.AddUserAsync(platform.Alpha, "li", Roles.City, Ct);
        var cookies = new CookieContainer();
        using var first = web.Browser(cookies);
        await WebHost.SignInAsync(first, "alpha", "li", WebHost.Password, Ct);

        await using var other = await WebHost.StartAsync(platform, Ct);
        using var second = other.Browser(cookies);
        Assert.Equal("li of alpha", await second.GetStringAsync("/alpha" + WebHost.Who, Ct));
    }

    [Fact]
    public async Task The_first_administrator_signs_in_to_the_platform_and_to_no_city()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(web.Data, "first-sign-in.txt"), Ct);
        var password = lines.Single(l => l.StartsWith("password:", StringComparison.Ordinal))[9..].Trim();
        var cookies = new CookieContainer();
        using var platformBrowser = web.Browser(cookies);
        var answer = await WebHost.SignInAsync(platformBrowser, "", "admin", password, Ct);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("admin of ", await platformBrowser.GetStringAsync(WebHost.Who, Ct));
        Assert.Equal("nobody", await platformBrowser.GetStringAsync("/alpha" + WebHost.Who, Ct));
        // The password lies in a file: the first thing is to choose another.
        Assert.Equal("/account/password", (await platformBrowser.GetAsync("/platform/cities", Ct)).Headers.Location!.OriginalString);
    }
}
