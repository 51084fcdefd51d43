using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Api;

/// <summary>Gives and reads access tokens of partners' programs: OAuth 2.0 client credentials (RFC 6749, section 4.4). A token is a
/// ticket that only this platform can read; it is worth nothing in another city, and nothing once its client is revoked.</summary>
sealed class ApiTokens(CitySessions sessions, IOptionsMonitor<BearerTokenOptions> options, TimeProvider clock, SecurityLog log)
{
    public const string Scheme = "api";

    /// <summary>How long a token works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    const string CityClaim = "city";
    const string ClientClaim = "client";
    const string PermissionClaim = "permission";
    const int LongestField = 256;

    /// <summary>Somebody's secret is compared with this where there is no such client, so that both take as long.</summary>
    static readonly string NobodysHash = Secret.Hash(Secret.Generate());

    /// <summary>Finds the token whatever the case of <c>Bearer</c> (RFC 9110, section 11.1), which the framework compares exactly.</summary>
    public static Task ReadAsync(MessageReceivedContext context)
    {
        if (AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header)
            && string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
            context.Token = header.Parameter;
        return Task.CompletedTask;
    }

    /// <summary>Answers a request for a token.</summary>
    public async Task<IResult> IssueAsync(HttpContext http, City city)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (request, basic) = await ReadAsync(http);
        if (request is null)
            return Refuse(400, "invalid_request", "A form (application/x-www-form-urlencoded) with each field once is expected.");
        if (request.GrantType is null)
            return Refuse(400, "invalid_request", "grant_type is missing.");
        if (request.GrantType != "client_credentials")
            return Refuse(400, "unsupported_grant_type", "Only client_credentials is supported.");
        var client = await FindAsync(city, request.ClientId, http.RequestAborted);
        if (!Secret.Verify(client?.SecretHash ?? NobodysHash, request.Secret ?? "") || client is not { RevokedAt: null })
        {
            log.Write(SecurityEvent.TokenRefused, city.Code, http.Address(), client?.ClientId);
            if (basic)
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"ParkingSaaS\", charset=\"UTF-8\"";
            return Refuse(401, "invalid_client", "Client and secret do not fit.");
        }
        var asked = request.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (asked.Except(client.Permissions).Any())
            return Refuse(400, "invalid_scope", "The client does not hold all of that scope.");
        log.Write(SecurityEvent.TokenIssued, city.Code, http.Address(), client.ClientId);
        var granted = asked.Length > 0 ? asked : [.. client.Permissions];
        return Results.Json(new TokenAnswer(Protect(city, client, granted), "Bearer", (int)Lifetime.TotalSeconds, string.Join(' ', granted)));
    }

    /// <summary>Who calls, or null where the token is of another city or its client is revoked.</summary>
    public async Task<Actor?> ActorAsync(HttpContext http, City city, CancellationToken ct)
    {
        var principal = http.User;
        if (principal.FindFirstValue(CityClaim) != city.Code)
        {
            log.Write(SecurityEvent.ForeignCredential, city.Code, http.Address(), principal.FindFirstValue(ClientClaim),
                $"a token of {principal.FindFirstValue(CityClaim)}");
            return null;
        }
        if (await FindAsync(city, principal.FindFirstValue(ClientClaim), ct) is not { RevokedAt: null } client)
            return null;
        var permissions = principal.FindAll(PermissionClaim).Select(c => c.Value).Intersect(client.Permissions).ToHashSet();
        return Actor.Client(city.Code, client.ClientId, permissions, client.Scope) with { Address = http.Address() };
    }

    /// <summary>The client that a token was given to: whose requests are counted together.</summary>
    public static string? ClientOf(ClaimsPrincipal principal) =>
        principal.FindFirstValue(ClientClaim) is { } client ? $"{principal.FindFirstValue(CityClaim)}/{client}" : null;

    string Protect(City city, ApiClient client, IEnumerable<string> permissions)
    {
        var identity = new ClaimsIdentity([
            new(CityClaim, city.Code), new(ClientClaim, client.ClientId), .. permissions.Select(p => new Claim(PermissionClaim, p))], Scheme);
        if (client.CompanyId is { } company)
            identity.AddClaim(new Claim("company", company.ToString()));
        var properties = new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + Lifetime };
        return options.Get(Scheme).BearerTokenProtector.Protect(new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Scheme));
    }

    static Actor ActorOf(City city) => Actor.Job(city.Code, "api-tokens", AccountPermissions.CheckClients);

    async Task<ApiClient?> FindAsync(City city, string? clientId, CancellationToken ct)
    {
        if (clientId is null)
            return null;
        await using var s = await sessions.OpenAsync(ActorOf(city), AccountPermissions.CheckClients, ct);
        return await s.Db.Set<ApiClient>().AsNoTracking().FirstOrDefaultAsync(c => c.ClientId == clientId, ct);
    }

    static async Task<(TokenRequest? Request, bool Basic)> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
            return (null, false);
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException)
        {
            return (null, false);
        }
        if (form.Any(f => f.Value.Count != 1 || f.Value[0]!.Length > LongestField || f.Value[0]!.Contains('\0')))
            return (null, false);
        var (client, secret) = (Field("client_id"), Field("client_secret"));
        var basic = AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header)
            && string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase);
        if (basic)
        {
            // One way of authenticating only, says section 2.3.
            if (secret is not null || Decode(header!.Parameter) is not { } pair)
                return (null, true);
            (client, secret) = pair;
        }
        return (new TokenRequest(Field("grant_type"), client, secret, Field("scope")), basic);

        string? Field(string name) => form[name] is [{ Length: > 0 } value] ? value : null;
    }

    /// <summary>Id and secret, each form-encoded, with a colon between, in Base64 (RFC 6749, section 2.3.1).</summary>
    static (string Client, string Secret)? Decode(string? parameter)
    {
        var bytes = new byte[(parameter?.Length ?? 0) * 3 / 4 + 3];
        if (parameter is not { Length: > 0 and < 1024 } || !Convert.TryFromBase64String(parameter, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        if (text.IndexOf(':') is not (> 0 and var colon))
            return null;
        var (client, secret) = (Unescape(text[..colon]), Unescape(text[(colon + 1)..]));
        return client.Contains('\0') || secret.Contains('\0') ? null : (client, secret);

        static string Unescape(string field) => Uri.UnescapeDataString(field.Replace('+', ' '));
    }

    static IResult Refuse(int status, string error, string description) =>
        Results.Json(new TokenRefusal(error, description), statusCode: status);

    sealed record TokenRequest(string? GrantType, string? ClientId, string? Secret, string? Scope);
}

/// <summary>A token (RFC 6749, section 5.1).</summary>
sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("scope")] string Scope);

/// <summary>Why there is no token (RFC 6749, section 5.2).</summary>
sealed record TokenRefusal(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description);
