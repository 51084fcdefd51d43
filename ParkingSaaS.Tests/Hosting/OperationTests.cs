using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>Health, errors, headers, keys: what an operator relies on.</summary>
public sealed class OperationTests(Cluster cluster) : PlatformTest(cluster)
{
    WebHost web = null!;
    HttpClient browser = null!;

    protected override async Task PrepareAsync()
    {
        web = Own(await WebHost.StartAsync(platform, Ct, services => services.AddEndpoints(app =>
        {
            app.MapGet("/test/fault", string () => throw new InvalidOperationException("fault for a test")).AllowAnonymous();
            app.MapGet("/api/test/fault", string () => throw new InvalidOperationException("fault for a test")).AllowAnonymous();
            app.MapPost("/api/test/body", (JsonElement body) => body.ToString().Length).AllowAnonymous();
        })));
        browser = Own(web.Browser());
        browser.DefaultRequestHeaders.Add("Accept-Language", "en");
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
        Assert.Equal("""{"status":"ready","control":"ok","cities":{"alpha":"ok","beta":"ok"}}""", report.ToString());

        OtherCityChanges();
        await Cluster.DropAsync(web.Get<CityDirectory>().Get("beta").Database);
        (status, report) = await ReadinessAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("""{"status":"not-ready","control":"ok","cities":{"alpha":"ok","beta":"unreachable"}}""", report.ToString());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live", Ct)).StatusCode);
    }

    [Fact]
    public async Task How_long_a_database_has_been_away_is_counted_by_city()
    {
        OtherCityChanges();
        var readiness = web.Get<Readiness>();
        await Cluster.DropAsync(web.Get<CityDirectory>().Get("beta").Database);
        await ReadinessAsync();
        Assert.False(readiness.IsAway("beta"));
        platform.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.True(readiness.IsAway("beta"));

        await Cluster.DropAsync(web.Get<CityDirectory>().Get("alpha").Database);
        await ReadinessAsync();
        Assert.Equal((false, true, false), (readiness.IsAway("alpha"), readiness.IsAway("beta"), readiness.IsAway(null)));
    }

    [Fact]
    public async Task Addresses_without_a_city_answer_without_a_database()
    {
        await Cluster.DropAsync(new NpgsqlConnectionStringBuilder(platform.ControlConnectionString).Database!);
        platform.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/_framework/blazor.web.js", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/app.css", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/nowhere", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/nowhere/else", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/mqtt", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/alpha/account/sign-in", Ct)).StatusCode);
        var (status, report) = await ReadinessAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unreachable"), (status, report.GetProperty("control").GetString()));
        await Eventually.HoldsAsync(() => web.Logs.Lines.Any(l => l.Contains("The database of the platform fails")));
        platform.Clock.Advance(TimeSpan.FromSeconds(30));
        await ReadinessAsync();
        Assert.Single(web.Logs.Lines, l => l.Contains("The database of the platform fails"));
    }

    [Fact]
    public async Task A_city_that_another_node_added_is_found_within_seconds()
    {
        var city = new NewCity("x" + Guid.NewGuid().ToString("N")[..12], "苏州", "Suzhou", "Asia/Shanghai", "CNY", null, "admin", "seven-wet-otters");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/{city.Code}/account/sign-in", Ct)).StatusCode);
        try
        {
            Assert.True((await platform.Get<AddCity>().RunAsync(Actor.Platform(Guid.Empty, "root"), city, null, Ct)).Ok);
            platform.Clock.Advance(CityRefresh.Interval);
            await Eventually.HoldsAsync(async () => (await browser.GetAsync($"/{city.Code}/account/sign-in", Ct)).StatusCode is HttpStatusCode.OK);
        }
        finally
        {
            await Cluster.DropAsync("city_" + city.Code);
        }
    }

    async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            Cluster.SetupConnectionString(database));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    /// <summary>The second makes every write fail as it does on a full disk.</summary>
    public static TheoryData<string, string, string> WithoutWrites => new()
    {
        { "read-only", "ALTER DATABASE {0} SET default_transaction_read_only = on", "takes no changes" },
        {
            "disk-full", """
            CREATE FUNCTION pg_logical_emit_message(boolean, text, text) RETURNS pg_lsn LANGUAGE plpgsql AS
              $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
            ALTER DATABASE {0} SET search_path = public, pg_catalog
            """, "disk is full"
        }
    };

    [Theory, MemberData(nameof(WithoutWrites))]
    public async Task A_database_that_takes_no_writes_is_named_in_readiness_log_and_pages(string state, string sql, string words)
    {
        var beta = web.Get<CityDirectory>().Get("beta").Database;
        await using var context = new PageContext();
        context.Services.AddSingleton(web.Get<Readiness>());
        var banner = context.Render<DatabaseBanner>(p => p.Add(b => b.City, "beta"));
        Assert.Empty(banner.FindAll("[role=alert]"));

        await ExecuteAsync(beta, string.Format(null, sql, beta));
        for (var i = 0; i < 3; i++)
        {
            var (status, report) = await ReadinessAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Equal("""{"status":"not-ready","control":"ok","cities":{"alpha":"ok","beta":"?"}}""".Replace("?", state), report.ToString());
        }
        Assert.Contains(words, (await banner.WaitForElementAsync("[role=alert]")).TextContent);
        Assert.Contains(words, (await SignInPageAsync("beta")).QuerySelector("[role=alert]")!.TextContent);
        Assert.Null((await SignInPageAsync("alpha")).QuerySelector("[role=alert]"));

        await ExecuteAsync("postgres", $"ALTER DATABASE {beta} RESET ALL");
        await ExecuteAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{beta}'");
        Assert.Equal(HttpStatusCode.OK, (await ReadinessAsync()).Item1);
        Assert.Single(web.Logs.Lines, l => l.Contains("Databases take no writes"));
        Assert.Single(web.Logs.Lines, l => l.Contains("All databases take writes again"));
        await banner.WaitForAssertionAsync(() => Assert.Empty(banner.FindAll("[role=alert]")));
    }

    async Task<IDocument> SignInPageAsync(string city) => await WebHost.PageAsync(await browser.GetAsync($"/{city}/account/sign-in", Ct), Ct);

    [Fact]
    public async Task A_fault_shows_people_a_page_with_a_number_that_the_log_has_too()
    {
        (string Language, string Words)[] pages = [("en", "Something went wrong."), ("zh-CN", "出现错误")];
        await Assert.AllAsync(pages, async expected =>
        {
            browser.DefaultRequestHeaders.Remove("Accept-Language");
            browser.DefaultRequestHeaders.Add("Accept-Language", expected.Language);
            var before = web.Logs.Lines.Count;
            var answer = await browser.GetAsync("/alpha/test/fault", Ct);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            var page = await WebHost.PageAsync(answer, Ct);
            Assert.Contains(expected.Words, page.Body!.TextContent);
            Assert.DoesNotContain("fault for a test", page.Body.TextContent);
            Assert.Matches("^[0-9a-f]{32}$", page.QuerySelector("code")!.TextContent);
            Assert.Contains(web.Logs.Lines.Skip(before), l => l.Contains("fault for a test"));
        });
    }

    [Fact]
    public async Task A_fault_in_the_middle_of_a_page_shows_the_error_page_of_its_city()
    {
        await ExecuteAsync(web.Get<CityDirectory>().Get("alpha").Database, "ALTER TABLE users RENAME TO no_users");
        var answer = await WebHost.SignInAsync(browser, "alpha", "boss", WebHost.Password, Ct);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var page = await WebHost.PageAsync(answer, Ct);
        Assert.Equal("This did not work", page.QuerySelector("h1")?.TextContent);
        Assert.Equal("/alpha/", page.QuerySelector("base")?.GetAttribute("href"));
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

    [Fact]
    public async Task What_is_not_there_is_said_in_the_form_that_was_asked()
    {
        (string Path, string Type)[] nowhere =
            [("/alpha/nowhere", "text/html"), ("/nowhere", "text/html"), ("/alpha/api/nowhere", "application/problem+json")];
        await Assert.AllAsync(nowhere, async asked =>
        {
            var answer = await browser.GetAsync(asked.Path, Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal(asked.Type, answer.Content.Headers.ContentType!.MediaType);
        });
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

    [Fact]
    public async Task What_is_sent_to_nowhere_is_not_found_either()
    {
        (string Path, string Type)[] nowhere =
        [
            ("/alpha/nowhere", "text/html"),
            ("/alpha/nowhere/else", "text/html"),
            ("/alpha/api/nowhere", "application/problem+json")
        ];
        await Assert.AllAsync(nowhere, async sent =>
        {
            var answer = await browser.PostAsync(sent.Path, new FormUrlEncodedContent([]), Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal(sent.Type, answer.Content.Headers.ContentType!.MediaType);
        });
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

    [Fact]
    public async Task Every_answer_carries_the_security_headers() =>
        await Assert.AllAsync(["/alpha/account/sign-in", "/health/live", "/alpha/test/fault"], async path =>
        {
            var headers = (await browser.GetAsync(path, Ct)).Headers;
            Assert.Equal(["nosniff"], headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["same-origin"], headers.GetValues("Referrer-Policy"));
            Assert.Contains(headers.GetValues("Content-Security-Policy"), p => p.Contains("default-src 'self'"));
            Assert.Contains(headers.GetValues("Permissions-Policy"), p => p.Contains("camera=()"));
            Assert.Equal(["same-origin"], headers.GetValues("Cross-Origin-Opener-Policy"));
            Assert.Contains(headers.GetValues("Cache-Control"), c => c.Contains("no-store"));
            Assert.False(headers.Contains("Server"));
        });

    [Fact]
    public async Task A_file_is_told_what_concerns_files()
    {
        var headers = (await browser.GetAsync("/alpha/app.css", Ct)).Headers;
        Assert.Equal(["nosniff"], headers.GetValues("X-Content-Type-Options"));
        Assert.Contains(headers.GetValues("Content-Security-Policy"), p => p.Contains("default-src 'self'"));
        Assert.False(headers.Contains("Permissions-Policy"));
        Assert.False(headers.Contains("Cross-Origin-Opener-Policy"));
    }

    [Fact]
    public async Task Two_nodes_and_a_restart_share_their_keys()
    {
        await web.AddUserAsync(platform.Alpha, "li", Roles.City, Ct);
        var cookies = new CookieContainer();
        using var first = web.Browser(cookies);
        await WebHost.SignInAsync(first, "alpha", "li", WebHost.Password, Ct);

        await using var other = await WebHost.StartAsync(platform, Ct, null, "--Node=other");
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
