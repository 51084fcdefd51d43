using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Api;

/// <summary>The application with two cities, as a partner's program meets it.</summary>
public sealed class ApiPlatform : IAsyncDisposable
{
    /// <summary>What partners usually hold.</summary>
    public static readonly string[] Everything = [OrderPermissions.View, LotPermissions.View, TariffPermissions.View];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ApiPlatform(TestPlatform platform, WebHost web)
    {
        (Platform, Web) = (platform, web);
        Http = web.Browser();
    }

    public TestPlatform Platform { get; }
    public WebHost Web { get; }
    public HttpClient Http { get; }

    public static async Task<ApiPlatform> StartAsync(TestPlatform platform) => new(platform, await WebHost.StartAsync(platform, Ct));

    /// <summary>Adds a client; its secret is its id with <c>-secret</c>.</summary>
    public async Task<ApiClient> AddClientAsync(TestCity city, string id, Guid? company = null, string[]? permissions = null)
    {
        var client = new ApiClient
        {
            Id = Guid.CreateVersion7(),
            ClientId = id,
            Name = id,
            SecretHash = Secret.Hash(id + "-secret"),
            Permissions = [.. permissions ?? Everything],
            CompanyId = company,
            CreatedAt = TestPlatform.Start
        };
        await using var s = await city.OpenAsync();
        s.Db.Add(client);
        await s.Db.SaveChangesAsync(Ct);
        return client;
    }

    public static Dictionary<string, string> Form(string client, string secret) => new()
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = client,
        ["client_secret"] = secret
    };

    public Task<HttpResponseMessage> AskTokenAsync(string city, Dictionary<string, string> form) =>
        Http.PostAsync($"/{city}/api/v1/token", new FormUrlEncodedContent(form), Ct);

    /// <summary>A token of a client that was added.</summary>
    public async Task<string> TokenAsync(TestCity city, string client)
    {
        var answer = await AskTokenAsync(city.Code, Form(client, client + "-secret"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await JsonAsync(answer)).GetProperty("access_token").GetString()!;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token) => SendAsync(new(HttpMethod.Get, path), token);

    public Task<HttpResponseMessage> PostAsync(string path, string? token, string json) =>
        SendAsync(new(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") }, token);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? token)
    {
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return Http.SendAsync(request, Ct);
    }

    /// <summary>Reads what went well.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return await JsonAsync(answer);
    }

    /// <summary>Reads a refusal: its status, and its code; and checks that it gives nothing away.</summary>
    public static async Task<(HttpStatusCode Status, string Code, string[] Paths)> RefusalAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("   at ", text);
        Assert.DoesNotContain("Exception", text);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        var paths = problem.TryGetProperty("errors", out var errors)
            ? errors.EnumerateArray().Select(e => e.GetProperty("path").GetString()!).ToArray() : [];
        return (answer.StatusCode, problem.GetProperty("code").GetString()!, paths);
    }

    static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Web.DisposeAsync();
    }
}
