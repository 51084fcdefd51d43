using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>Ending a session ends what is open under it, on every node.</summary>
public sealed class SessionTests(Cluster cluster) : IAsyncLifetime
{
    const string Endless = "/test/endless";
    static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly CookieContainer cookies = new();
    TestPlatform platform = null!;
    WebHost web = null!;
    User li = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await cluster.NewPlatformAsync();
        web = await StartAsync("one");
        li = await web.AddUserAsync(platform.Alpha, "li", Roles.City, Ct);
        await web.AddUserAsync(platform.Alpha, "boss", Roles.City, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        await platform.DisposeAsync();
    }

    /// <summary>A node, with a file that never ends.</summary>
    Task<WebHost> StartAsync(string node) => WebHost.StartAsync(platform, Ct, services => services.AddEndpoints(
        app => app.MapGet(Endless, async (HttpContext http) =>
        {
            await http.Response.WriteAsync("begun\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        }).RequireAuthorization()), $"--Node={node}");

    async Task<HttpClient> SignInAsync()
    {
        var browser = web.Browser(cookies);
        Assert.Equal(HttpStatusCode.Redirect, (await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct)).StatusCode);
        return browser;
    }

    string Cookie => cookies.GetCookies(new Uri(web.Address, "/alpha/")).Single(c => c.Name == "parking").Value;

    static HttpClient Copy(WebHost node, string cookie)
    {
        var copy = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = node.Address };
        copy.DefaultRequestHeaders.Add("Cookie", $"parking={cookie}");
        return copy;
    }

    Actor Boss => Actor.User("alpha", Guid.NewGuid(), "boss", platform.Get<RoleCatalogue>().PermissionsOf(Roles.City), Scope.WholeCity);

    Task SwitchOffAsync(WebHost node) => node.Get<SwitchUser>().RunAsync(Boss, li.Id, true, Ct);

    /// <summary>Begins the file, and answers what comes of it.</summary>
    static async Task<Task> BeginAsync(HttpClient browser)
    {
        var answer = await browser.GetAsync("/alpha" + Endless, HttpCompletionOption.ResponseHeadersRead, Ct);
        var body = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));
        Assert.Equal("begun", await body.ReadLineAsync(Ct).InTimeAsync());
        return body.ReadLineAsync(Ct).AsTask();
    }

    [Fact]
    public async Task A_copied_cookie_is_worth_nothing_once_its_owner_signed_out()
    {
        using var browser = await SignInAsync();
        using var copy = Copy(web, Cookie);
        Assert.Equal("li of alpha", await copy.GetStringAsync("/alpha" + WebHost.Who, Ct));
        var download = await BeginAsync(copy);

        var answer = await browser.PostAsync("/alpha/account/sign-out", null, Ct);
        Assert.Equal("/alpha/account/sign-in", answer.Headers.Location!.OriginalString);
        await Assert.ThrowsAnyAsync<IOException>(() => download);
        Assert.Equal("nobody", await copy.GetStringAsync("/alpha" + WebHost.Who, Ct));
        var refused = await copy.GetAsync("/alpha/occupancy.xlsx", Ct);
        Assert.StartsWith("/alpha/account/sign-in", refused.Headers.Location!.AbsolutePath);
        Assert.EndsWith("&ended=SignedOut", refused.Headers.Location.Query);
        Assert.Contains(web.Logs.Lines, l => l.Contains("SessionEnded city=alpha address=") && l.Contains($"account={li.Id} SignedOut"));
    }

    [Fact]
    public async Task Downloads_and_circuits_end_at_once_here_and_with_the_next_look_on_another_node()
    {
        await using var other = await StartAsync("two");
        using var browser = await SignInAsync();
        using var there = Copy(other, Cookie);
        var (download, remote) = (await BeginAsync(browser), await BeginAsync(there));
        using var circuit = await ConnectAsync(web, Cookie);
        using var remoteCircuit = await ConnectAsync(other, Cookie);

        await SwitchOffAsync(web);
        await Assert.ThrowsAnyAsync<IOException>(() => download);
        await Assert.ThrowsAnyAsync<WebSocketException>(() => ReadAsync(circuit));
        Assert.False(remote.IsCompleted);

        platform.Clock.Advance(BetweenLooks);
        await Assert.ThrowsAnyAsync<IOException>(() => remote);
        await Assert.ThrowsAnyAsync<WebSocketException>(() => ReadAsync(remoteCircuit));
        foreach (var node in new[] { web, other })
            await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(node, Cookie));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_ends_nothing_and_opens_nothing()
    {
        using var browser = await SignInAsync();
        var download = await BeginAsync(browser);
        await platform.DropAsync(platform.Alpha);
        var fault = await browser.GetAsync("/alpha/users", Ct);
        Assert.Equal(HttpStatusCode.InternalServerError, fault.StatusCode);
        Assert.NotNull((await WebHost.PageAsync(fault, Ct)).QuerySelector("h1"));

        platform.Clock.Advance(BetweenLooks);
        await Eventually.HoldsAsync(() => web.Logs.Lines.Any(l => l.Contains("Whether sessions of alpha have ended is not known")));
        Assert.False(download.IsCompleted);
        // Once it is known, nobody waits for it.
        platform.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.HoldsAsync(() => web.Logs.Lines.Any(l => l.Contains("Databases take no writes")));
        platform.Clock.Advance(TimeSpan.FromSeconds(15));
        var known = await browser.GetAsync("/alpha/users", Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, known.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), known.Headers.RetryAfter?.Delta);
        Assert.NotNull((await WebHost.PageAsync(known, Ct)).QuerySelector("h1"));
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_keeps_nobody_signed_in()
    {
        using var browser = await SignInAsync();
        await using (var source = NpgsqlDataSource.Create(platform.ConnectionString("alpha")))
        await using (var full = source.CreateCommand("""
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'No space left on device' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER full_disk BEFORE UPDATE ON sign_in_sessions FOR EACH ROW EXECUTE FUNCTION full_disk()
            """))
            await full.ExecuteNonQueryAsync(Ct);
        var answer = await browser.PostAsync("/alpha/account/sign-out", null, Ct);
        Assert.Equal("/alpha/account/sign-in", answer.Headers.Location?.OriginalString);
        Assert.Equal("nobody", await browser.GetStringAsync("/alpha" + WebHost.Who, Ct));
    }

    [Fact]
    public async Task The_actor_of_an_open_page_is_asked_for_anew()
    {
        var who = await platform.Alpha.SignInAsync(Roles.City);
        await using var page = web.Get<IServiceScopeFactory>().CreateAsyncScope();
        var current = ActivatorUtilities.CreateInstance<CurrentActor>(page.ServiceProvider, new Somebody(who));
        Assert.Equal(who.User.Id.ToString(), (await current.GetAsync()).Id);
        var left = new List<SessionEnd>();
        using var watch = web.Get<OpenSessions>().AddPage(who.Key, end =>
        {
            left.Add(end);
            return Task.CompletedTask;
        });

        // As another node would: this one hears of it only by asking.
        Assert.True((await platform.Get<SwitchUser>().RunAsync(Boss, who.User.Id, true, Ct)).Ok);
        await Assert.ThrowsAsync<SignedOutException>(() => current.GetAsync());
        await Assert.ThrowsAsync<SignedOutException>(() => current.OpenAsync(AccountPermissions.ManageUsers, Ct));
        Assert.Equal(SessionEnd.SwitchedOff, left[0]);
    }

    [Fact]
    public async Task Work_in_the_background_ends_with_its_session_and_what_is_through_is_left_alone()
    {
        var open = web.Get<OpenSessions>();
        var key = new SessionKey("alpha", Guid.NewGuid());
        var ended = new List<string>();
        using var work = open.AddWork(key, () => ended.Add("work"));
        open.AddWork(key, () => ended.Add("through")).Dispose();
        using var elsewhere = open.AddWork(key with { City = "beta" }, () => ended.Add("elsewhere"));
        using var faulty = open.AddPage(key, _ => throw new InvalidOperationException("the browser is gone"));
        await open.EndAsync(key, SessionEnd.Idle);
        Assert.Equal(["work"], ended);
    }

    [Fact]
    public async Task A_temporary_password_leads_to_its_change_and_to_nothing_else()
    {
        Assert.True((await web.Get<AddUser>().RunAsync(Boss, new NewUser("new", "New", "seven-wet-otters",
            new Grant(Roles.City, null, null, [])), Ct)).Ok);
        using var browser = web.Browser();
        browser.DefaultRequestHeaders.Add("Accept-Language", "en");
        await WebHost.SignInAsync(browser, "alpha", "new", "seven-wet-otters", Ct);
        foreach (var page in new[] { "/alpha/", "/alpha/users", "/alpha/occupancy.xlsx", "/alpha/account" })
            Assert.Equal("/alpha/account/password", (await browser.GetAsync(page, Ct)).Headers.Location!.OriginalString);

        Assert.Equal("The new password is the same as the current one.", await ChangeAsync("seven-wet-otters"));
        Assert.Equal("“Password” is made from the name of the account or the city. Choose another.", await ChangeAsync("alpha-2026"));
        Assert.Null(await ChangeAsync("eight-dry-otters"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/alpha/users", Ct)).StatusCode);

        async Task<string?> ChangeAsync(string fresh)
        {
            var form = await WebHost.PageAsync(await browser.GetAsync("/alpha/account/password", Ct), Ct);
            var fields = form.QuerySelectorAll("form input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
            (fields["Input.Old"], fields["Input.New"]) = ("seven-wet-otters", fresh);
            var answer = await WebHost.PageAsync(await browser.PostAsync("/alpha/account/password", new FormUrlEncodedContent(fields), Ct), Ct);
            return answer.QuerySelector("[role=alert]")?.TextContent;
        }
    }

    [Fact]
    public async Task Somebody_who_signs_in_again_leaves_no_session_behind()
    {
        using var browser = await SignInAsync();
        using var before = Copy(web, Cookie);
        await WebHost.SignInAsync(browser, "alpha", "boss", WebHost.Password, Ct);
        Assert.Equal("boss of alpha", await browser.GetStringAsync("/alpha" + WebHost.Who, Ct));
        Assert.Equal("nobody", await before.GetStringAsync("/alpha" + WebHost.Who, Ct));
    }

    [Fact]
    public async Task Nobody_connects_a_page_without_a_session() =>
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(web, "forged"));

    [Fact]
    public async Task The_lost_password_of_the_platforms_administrator_is_given_anew()
    {
        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, "", "admin", await PasswordAsync(web.Data), Ct);
        Assert.Equal("admin of ", await browser.GetStringAsync(WebHost.Who, Ct));
        var data = Directory.CreateTempSubdirectory("parking-reset-").FullName;
        var file = await Web.Hosting.ParkingHost.ResetAdministratorAsync(
            ["--environment=Test", $"--Data={data}", $"--ConnectionStrings:Control={platform.ControlConnectionString}", platform.KeySetting], Ct);
        Assert.Equal(Path.Combine(data, "first-sign-in.txt"), file);
        Assert.Equal("nobody", await browser.GetStringAsync(WebHost.Who, Ct));
        Assert.Equal(HttpStatusCode.Redirect, (await WebHost.SignInAsync(browser, "", "admin", await PasswordAsync(data), Ct)).StatusCode);
        Directory.Delete(data, recursive: true);

        static async Task<string> PasswordAsync(string data) => (await File.ReadAllLinesAsync(Path.Combine(data, "first-sign-in.txt"), Ct))
            .Single(l => l.StartsWith("password:", StringComparison.Ordinal))[9..].Trim();
    }

    [Fact]
    public async Task Each_refusal_and_success_is_a_line_with_city_address_and_account()
    {
        using var browser = await SignInAsync();
        await browser.GetAsync("/alpha/platform/cities", Ct);
        using var stranger = web.Browser();
        for (var i = 0; i < 6; i++)
            await WebHost.SignInAsync(stranger, "alpha", "boss", "wrong-password-1", Ct);
        await SwitchOffAsync(web);
        await using (var device = await ConnectAsync("cam-in-secret"))
            await device.DisconnectAsync();
        await Assert.ThrowsAsync<DeviceRefusedException>(() => ConnectAsync("wrong-secret"));
        foreach (var line in new[] { $"SignedIn city=alpha address=* account={li.Id}", $"PermissionRefused city=alpha address=* account={li.Id}",
            "SignInRefused city=alpha address=* account=", "SignInDelayed city=alpha address=* account=",
            $"AccountSwitchedOff city=alpha address=* account={li.Id}",
            $"SessionEnded city=alpha address=* account={li.Id}", $"DeviceSignedIn city=alpha address=* account={platform.Alpha.EntryCamera.Id}",
            "DeviceRefused city=alpha address=" })
            Assert.Contains(web.Logs.Lines, l => l.Contains("SecurityLog") && line.Split('*').All(l.Contains));

        Task<DeviceClient> ConnectAsync(string secret) => DeviceClient.ConnectAsync(
            MqttClients.Options("127.0.0.1", web.MqttPort, "cam-in", "alpha/cam-in", secret), null, Ct);
    }

    static async Task<ClientWebSocket> ConnectAsync(WebHost node, string cookie)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", $"parking={cookie}");
        await socket.ConnectAsync(new UriBuilder(node.Address) { Scheme = "ws", Path = "/alpha/_blazor" }.Uri, Ct);
        await socket.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, Ct);
        return socket;
    }

    /// <summary>Reads until the connection breaks; a server that closes it in due form does so for reasons of its own.</summary>
    static async Task ReadAsync(ClientWebSocket socket)
    {
        while (true)
            Assert.NotEqual(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[1024], Ct)).MessageType);
    }

    sealed class Somebody(SignedIn who) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(Principals.Of(who)));
    }
}
