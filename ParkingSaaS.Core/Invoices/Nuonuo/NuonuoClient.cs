using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ParkingSaaS.Core.Invoices.Nuonuo;

/// <summary>What 诺诺 answered.</summary>
/// <param name="Code"><see cref="Good"/>, or why not.</param>
/// <param name="Describe">The same in words.</param>
sealed record NuonuoAnswer(string Code, string Describe, JsonNode? Result)
{
    public const string Good = "E0000";

    /// <summary>It knows no invoice with that number.</summary>
    public const string Unknown = "E9500";

    /// <summary>It was handed one with that number before.</summary>
    public const string Known = "E9106";

    /// <summary>It looked at the invoice and does not take it; other codes are about who asks and how, and may be another tomorrow.</summary>
    public bool Refuses => Code.StartsWith('E') && Code is not (Good or Unknown or Known);
}

/// <summary>Speaks to 诺诺 as it is published: signs what it asks, with a token that it lends for a day and no more than 50 times a month. Where it is out
/// of reach or slow again and again, it is not asked for a while. What was said is kept with the invoice.</summary>
public sealed class NuonuoClient(NuonuoPolicy policy, CitySessions sessions, ChannelSecrets secrets, TimeProvider clock, ILogger<NuonuoClient> log)
    : IDisposable
{
    /// <summary>A token that ends sooner is not used any more.</summary>
    static readonly TimeSpan TokenReserve = TimeSpan.FromMinutes(10);

    /// <summary>What names or reaches the buyer.</summary>
    static readonly string[] Personal =
    [
        "buyerName", "buyerTaxNum", "buyerTaxNo", "buyerTel", "buyerAddress", "buyerAccount", "buyerPhone", "email", "payerName", "payerTaxNo", "address",
        "telephone", "bankAccount", "phone", "notifyEmail"
    ];

    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly HttpClient http = Outside.Client(null, 256 << 10);
    readonly ResiliencePipeline<(int Status, byte[] Body)> pipeline =
        Outside.Breaker<(int Status, byte[] Body)>(policy.Patience, answer => answer.Status >= 500);

    /// <summary>Asks for something about an invoice.</summary>
    /// <returns>Null where it gives no answer.</returns>
    internal async Task<NuonuoAnswer?> AskAsync(City city, InvoicePaper paper, string method, JsonObject content, CancellationToken ct)
    {
        var (issuer, body) = (paper.Issuer, content.ToJsonString(Json));
        var (at, began) = (clock.Now(), clock.GetTimestamp());
        (int Status, byte[] Body)? said = null;
        try
        {
            var secret = secrets.Open(issuer.Id, issuer.AppSecret);
            if (await TokenAsync(city, issuer, secret, ct) is { } token)
                said = await SendAsync(() => Request(issuer, secret, token, method, body), ct);
        }
        catch (CryptographicException)
        {
            log.LogWarning("The secret of issuer {Issuer} was sealed by another installation", issuer.Id);
        }
        await KeepAsync(city, new InvoiceMessage
        {
            Id = Guid.CreateVersion7(at),
            LotId = paper.Invoice.LotId,
            InvoiceId = paper.Invoice.Id,
            At = at,
            Method = method,
            Sent = Kept(Encoding.UTF8.GetBytes(body)),
            Status = said?.Status,
            Said = Kept(said?.Body),
            Milliseconds = (int)clock.GetElapsedTime(began).TotalMilliseconds
        }, ct);
        return said is (200, var bytes) && Node(bytes) is JsonObject answer && Field(answer, "code") is { } code
            ? new NuonuoAnswer(code, Field(answer, "describe") ?? "", answer["result"]) : null;
    }

    /// <summary>A text of an answer, which may stand there as a number.</summary>
    internal static string? Field(JsonNode? node, string name) => node is JsonObject whole && whole[name] is JsonValue value
        ? value.TryGetValue<string>(out var text) ? text : value.ToString() : null;

    HttpRequestMessage Request(Issuer issuer, string secret, string token, string method, string body)
    {
        var (serial, nonce) = (Guid.NewGuid().ToString("N"), RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture));
        var time = clock.Now().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(policy.Services,
            $"{NuonuoSignature.Path}?senid={serial}&nonce={nonce}&timestamp={time}&appkey={issuer.AppKey}"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json")
        };
        request.Headers.Add("X-Nuonuo-Sign", NuonuoSignature.Of(issuer.AppKey, secret, serial, nonce, time, body));
        request.Headers.Add("accessToken", token);
        request.Headers.Add("userTax", issuer.TaxNumber);
        request.Headers.Add("method", method);
        return request;
    }

    /// <summary>The token that was lent, or another one where it ends soon; null where it gives none.</summary>
    async Task<string?> TokenAsync(City city, Issuer issuer, string secret, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(SendInvoices.ActorOf(city.Code), InvoicePermissions.Send, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        // Of two who need one the second takes what the first was lent.
        await s.LockAsync(CityLock.Invoices, issuer.Id, ct);
        var now = await s.Db.Set<Issuer>().AsNoTracking().FirstAsync(i => i.Id == issuer.Id, ct);
        if (now.Token.Length > 0 && now.TokenUntil - TokenReserve > s.Now)
            return secrets.Open(issuer.Id, now.Token);
        var said = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, new Uri(policy.Tokens, "/accessToken"))
        {
            Content = new FormUrlEncodedContent([new("client_id", issuer.AppKey), new("client_secret", secret), new("grant_type", "client_credentials")])
        }, ct);
        if (said is not (200, var bytes) || Node(bytes) is not JsonObject lent || Field(lent, "access_token") is not { Length: > 0 } token
            || !int.TryParse(Field(lent, "expires_in"), CultureInfo.InvariantCulture, out var seconds))
        {
            log.LogWarning("诺诺 lends issuer {Issuer} no token: {Status}", issuer.Id, said?.Status);
            return null;
        }
        var (text, until) = (secrets.Seal(issuer.Id, token), (DateTimeOffset?)(s.Now + TimeSpan.FromSeconds(seconds)));
        await s.Db.Set<Issuer>().Where(i => i.Id == issuer.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.Token, text).SetProperty(i => i.TokenUntil, until), ct);
        await transaction.CommitAsync(ct);
        return token;
    }

    async Task<(int Status, byte[] Body)?> SendAsync(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        try
        {
            return await pipeline.ExecuteAsync(async token =>
            {
                using var asked = request();
                using var answer = await http.SendAsync(asked, token);
                return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(token));
            }, ct);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or BrokenCircuitException)
        {
            log.LogWarning("诺诺 gives no answer: {Problem}", e.GetType().Name);
            return null;
        }
    }

    async Task KeepAsync(City city, InvoiceMessage message, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(SendInvoices.ActorOf(city.Code), InvoicePermissions.Send, ct);
        s.Db.Add(message);
        await s.Db.SaveChangesAsync(ct);
    }

    static string Kept(byte[]? json) => KeptJson.Text(json, Personal, InvoiceMessage.MaxText);

    static JsonNode? Node(byte[]? json)
    {
        try
        {
            return json is null ? null : JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
