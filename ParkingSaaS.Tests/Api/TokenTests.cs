using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Api;

/// <summary>Access tokens: who gets one, and where it works.</summary>
public sealed class TokenTests(Cluster cluster) : PlatformTest(cluster)
{
    ApiPlatform api = null!;

    protected override async Task PrepareAsync()
    {
        api = Own(await ApiPlatform.StartAsync(platform));
        await api.AddClientAsync(api.Platform.Alpha, "partner");
    }

    static async Task<string> ErrorAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("error").GetString()!;

    [Fact]
    public async Task A_token_opens_the_city_for_an_hour()
    {
        var answer = await api.AskTokenAsync("alpha", ApiPlatform.Form("partner", "partner-secret"));
        var token = await ApiPlatform.ReadAsync(answer);
        Assert.Equal("Bearer", token.GetProperty("token_type").GetString());
        Assert.Equal(3600, token.GetProperty("expires_in").GetInt32());
        Assert.Equal(ApiPlatform.Everything, token.GetProperty("scope").GetString()!.Split(' '));
        Assert.True(answer.Headers.CacheControl!.NoStore);

        var access = token.GetProperty("access_token").GetString();
        api.Platform.Clock.Advance(TimeSpan.FromMinutes(59));
        await ApiPlatform.ReadAsync(await api.GetAsync("/alpha/api/v1/lots", access));
        api.Platform.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await ApiPlatform.RefusalAsync(await api.GetAsync("/alpha/api/v1/lots", access))).Status);
    }

    [Fact]
    public async Task Client_and_secret_may_come_by_http_basic()
    {
        await api.AddClientAsync(api.Platform.Alpha, "odd:id +");
        var pair = $"{WebUtility.UrlEncode("odd:id +")}:{WebUtility.UrlEncode("odd:id +-secret")}";
        var request = new HttpRequestMessage(HttpMethod.Post, "/alpha/api/v1/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials" })
        };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        await ApiPlatform.ReadAsync(await api.Http.SendAsync(request, Ct));
    }

    [Fact]
    public async Task A_null_character_in_http_basic_is_a_bad_request() =>
        await Assert.AllAsync(["part%00ner:x", "partner:%00"], async pair =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/alpha/api/v1/token")
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials" })
            };
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
            var answer = await api.Http.SendAsync(request, Ct);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.StatusCode, await ErrorAsync(answer)));
        });

    [Fact]
    public async Task A_wrong_secret_by_http_basic_is_told_how_to_sign_in()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/alpha/api/v1/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials" })
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("partner:wrong"u8));
        var answer = await api.Http.SendAsync(request, Ct);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.StatusCode, await ErrorAsync(answer)));
        Assert.Equal("Basic", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Who_does_not_fit_gets_none_and_it_is_logged_without_the_secret()
    {
        (string City, string Client, string Secret)[] strangers =
            [("alpha", "partner", "wrong"), ("alpha", "nobody", "partner-secret"), ("beta", "partner", "partner-secret")];
        await Assert.AllAsync(strangers, async stranger =>
        {
            var before = api.Web.Logs.Lines.Count;
            var answer = await api.AskTokenAsync(stranger.City, ApiPlatform.Form(stranger.Client, stranger.Secret));
            Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.StatusCode, await ErrorAsync(answer)));
            Assert.Contains(api.Web.Logs.Lines.Skip(before), l => l.Contains($"TokenRefused city={stranger.City}"));
            Assert.DoesNotContain(api.Web.Logs.Lines, l => l.Contains("partner-secret"));
        });
    }

    [Fact]
    public async Task A_platform_has_no_api()
    {
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), Short(await ApiPlatform.RefusalAsync(
            await api.Http.PostAsync("/api/v1/token", new FormUrlEncodedContent(ApiPlatform.Form("partner", "partner-secret")), Ct))));
    }

    static readonly (string Form, string Error)[] Unusable =
    [
        ("", "invalid_request"),
        ("client_id=partner&client_secret=partner-secret", "invalid_request"),
        ("grant_type=password&client_id=partner&client_secret=partner-secret", "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=client_credentials&client_id=partner&client_secret=partner-secret", "invalid_request"),
        ("grant_type=client_credentials&client_id=partner&client_secret=partner-secret&scope=accounts.manage", "invalid_scope"),
        ("grant_type=client_credentials&client_id=%00&client_secret=x", "invalid_request"),
        ("grant_type=client_credentials&client_secret=" + new string('x', 5000), "invalid_request")
    ];

    [Fact]
    public async Task What_is_no_request_for_a_token_is_refused_as_the_standard_says() =>
        await Assert.AllAsync(Unusable, async row =>
        {
            var answer = await api.Http.PostAsync("/alpha/api/v1/token",
                new StringContent(row.Form, Encoding.UTF8, "application/x-www-form-urlencoded"), Ct);
            Assert.Equal((HttpStatusCode.BadRequest, row.Error), (answer.StatusCode, await ErrorAsync(answer)));
        });

    [Fact]
    public async Task Json_is_no_form()
    {
        var answer = await api.PostAsync("/alpha/api/v1/token", null, """{"grant_type":"client_credentials"}""");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.StatusCode, await ErrorAsync(answer)));
    }

    [Fact]
    public async Task With_a_scope_the_token_carries_no_more_than_that()
    {
        var form = ApiPlatform.Form("partner", "partner-secret");
        form["scope"] = OrderPermissions.View;
        var token = (await ApiPlatform.ReadAsync(await api.AskTokenAsync("alpha", form))).GetProperty("access_token").GetString();
        await ApiPlatform.ReadAsync(await api.GetAsync("/alpha/api/v1/orders", token));
        Assert.Equal((HttpStatusCode.Forbidden, "permission-missing"), Short(await ApiPlatform.RefusalAsync(
            await api.GetAsync("/alpha/api/v1/lots", token))));
    }

    [Fact]
    public async Task A_revoked_client_gets_no_token_and_its_tokens_stop_working()
    {
        var client = await api.AddClientAsync(api.Platform.Alpha, "former");
        var token = await api.TokenAsync(api.Platform.Alpha, "former");
        await ApiPlatform.ReadAsync(await api.GetAsync("/alpha/api/v1/lots", token));
        Assert.True((await api.Platform.Get<RevokeApiClient>().RunAsync(
            api.Platform.Alpha.User(AccountPermissions.ManageClients), client.Id, Ct)).Ok);
        var refused = await api.GetAsync("/alpha/api/v1/lots", token);
        Assert.Equal((HttpStatusCode.Unauthorized, "token-missing-or-invalid"), Short(await ApiPlatform.RefusalAsync(refused)));
        Assert.Contains("invalid_token", refused.Headers.WwwAuthenticate.ToString());
        Assert.Equal("invalid_client", await ErrorAsync(await api.AskTokenAsync("alpha", ApiPlatform.Form("former", "former-secret"))));
    }

    [Fact]
    public async Task A_token_of_another_city_is_refused_even_where_a_client_has_the_same_name()
    {
        await api.AddClientAsync(api.Platform.Beta, "partner");
        await OtherCityBeginsHereAsync();
        var token = await api.TokenAsync(api.Platform.Alpha, "partner");
        Assert.Equal((HttpStatusCode.Unauthorized, "token-missing-or-invalid"), Short(await ApiPlatform.RefusalAsync(
            await api.GetAsync("/beta/api/v1/lots", token))));
        Assert.Contains(api.Web.Logs.Lines, l => l.Contains("ForeignCredential city=beta") && l.Contains("a token of alpha"));
    }

    [Fact]
    public async Task Without_a_token_of_ours_nothing_opens() =>
        await Assert.AllAsync([null, "forged", "CfDJ8NoSuchTicketAtAll"], async token =>
        {
            foreach (var path in new[] { "orders", "lots" })
                Assert.Equal((HttpStatusCode.Unauthorized, "token-missing-or-invalid"), Short(await ApiPlatform.RefusalAsync(
                    await api.GetAsync($"/alpha/api/v1/{path}", token))));
            Assert.Equal(HttpStatusCode.Unauthorized, (await ApiPlatform.RefusalAsync(
                await api.PostAsync("/alpha/api/v1/tariffs/quote", token, "{}"))).Status);
        });

    [Fact]
    public async Task The_case_of_the_scheme_does_not_matter() => await Assert.AllAsync(["bearer", "BEARER"], async scheme =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/alpha/api/v1/lots");
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {await api.TokenAsync(api.Platform.Alpha, "partner")}");
        Assert.Equal(HttpStatusCode.OK, (await api.Http.SendAsync(request, Ct)).StatusCode);
    });

    [Fact]
    public async Task A_cookie_of_a_page_opens_no_api_and_a_token_no_page()
    {
        await api.Web.AddUserAsync(api.Platform.Alpha, "li", Roles.City, Ct);
        using var browser = api.Web.Browser();
        await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct);
        Assert.Equal("li of alpha", await browser.GetStringAsync("/alpha" + WebHost.Who, Ct));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/alpha/api/v1/lots", Ct)).StatusCode);
        var page = await api.GetAsync("/alpha" + WebHost.Who, await api.TokenAsync(api.Platform.Alpha, "partner"));
        Assert.Equal("nobody", await page.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_to_wait()
    {
        HttpResponseMessage answer;
        var asked = 0;
        do
            answer = await api.AskTokenAsync("beta", ApiPlatform.Form("partner", "wrong"));
        while (answer.StatusCode == HttpStatusCode.Unauthorized && ++asked < 1000);
        Assert.Equal((HttpStatusCode.TooManyRequests, "too-many-requests"), Short(await ApiPlatform.RefusalAsync(answer)));
        await api.TokenAsync(api.Platform.Alpha, "partner"); // the other city is not held up
    }

    static (HttpStatusCode, string) Short((HttpStatusCode Status, string Code, string[] Paths) refusal) => (refusal.Status, refusal.Code);
}
