using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>What an order at WeChat Pay is made from.</summary>
/// <param name="Description">What the driver reads, at most 127 characters.</param>
/// <param name="Notify">Where WeChat tells that it is paid.</param>
/// <param name="PaidBefore">Nobody can pay it afterwards.</param>
/// <param name="PayerAddress">The phone's IP address, for a link that it opens WeChat by; null for a code that another one scans.</param>
public sealed record WeChatOrder(Payment Payment, string Description, Uri Notify, DateTimeOffset PaidBefore, string? PayerAddress);

/// <summary>Speaks API v3 as it is published: signs what it asks, and believes only answers that WeChat signed. Where WeChat is out of reach or
/// slow again and again, it is not asked for a while.</summary>
public sealed class WeChatPayClient(WeChatPayPolicy policy, ChannelSecrets secrets, TimeProvider clock, ILogger<WeChatPayClient> log) : IDisposable
{
    internal static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        BaseAddress = policy.Address,
        MaxResponseContentBufferSize = 64 << 10,
        Timeout = Timeout.InfiniteTimeSpan // the pipeline's counts
    };

    readonly ResiliencePipeline<Answer> pipeline = new ResiliencePipelineBuilder<Answer>()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Answer>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 6,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(15),
            ShouldHandle = new PredicateBuilder<Answer>().Handle<HttpRequestException>().Handle<TimeoutRejectedException>()
                .HandleResult(answer => answer.Status >= HttpStatusCode.InternalServerError)
        })
        .AddTimeout(policy.Patience)
        .Build();

    sealed record Answer(HttpStatusCode Status, WeChatSignature Signature, byte[] Body);

    /// <summary>Makes the order; asked twice for the same it is the same.</summary>
    /// <returns>What its code contains, or the link that opens WeChat.</returns>
    public async Task<Result<string>> OrderAsync(ChannelAccount account, WeChatOrder order, CancellationToken ct)
    {
        var body = Merchant(account);
        body[account.SubMerchantId is null ? "appid" : "sp_appid"] = account.AppId;
        if (account.SubAppId is { } subApp)
            body["sub_appid"] = subApp;
        body["description"] = order.Description;
        body["out_trade_no"] = WeChatTransaction.Number(order.Payment.Id);
        body["time_expire"] = order.PaidBefore.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        body["notify_url"] = order.Notify.ToString();
        body["amount"] = new JsonObject { ["total"] = order.Payment.Amount.Minor, ["currency"] = "CNY" };
        if (order.PayerAddress is { } payer)
            body["scene_info"] = new JsonObject { ["payer_client_ip"] = payer, ["h5_info"] = new JsonObject { ["type"] = "Wap" } };
        var (way, field) = order.PayerAddress is null ? ("native", "code_url") : ("h5", "h5_url");
        return await AskAsync(account, HttpMethod.Post, $"{Transactions(account)}/{way}", body.ToJsonString(), ct) is { Status: HttpStatusCode.OK } answer
            && Field(answer.Body, field) is { } address ? address : new ChannelUnavailable();
    }

    /// <summary>What became of a payment.</summary>
    /// <returns>With no <see cref="WeChatTransaction.TradeState"/> where WeChat does not know it; null where it gives no answer.</returns>
    internal async Task<WeChatTransaction?> FindAsync(ChannelAccount account, Guid paymentId, CancellationToken ct)
    {
        var query = account.SubMerchantId is null ? $"mchid={account.MerchantId}" : $"sp_mchid={account.MerchantId}&sub_mchid={account.SubMerchantId}";
        var answer = await AskAsync(account, HttpMethod.Get, $"{Of(account, paymentId)}?{query}", "", ct);
        return answer switch
        {
            { Status: HttpStatusCode.OK } => Read(answer.Body),
            { Status: HttpStatusCode.NotFound } => new WeChatTransaction(),
            _ => null
        };
    }

    /// <summary>Closes an order, so that nobody can pay it any more. What is paid cannot be closed.</summary>
    /// <returns>Whether WeChat took it up; it is closed then.</returns>
    internal async Task<bool> CloseAsync(ChannelAccount account, Guid paymentId, CancellationToken ct) =>
        await AskAsync(account, HttpMethod.Post, $"{Of(account, paymentId)}/close", Merchant(account).ToJsonString(), ct)
            is { Status: HttpStatusCode.NoContent or HttpStatusCode.OK };

    static string Transactions(ChannelAccount account) => account.SubMerchantId is null ? "/v3/pay/transactions" : "/v3/pay/partner/transactions";

    static string Of(ChannelAccount account, Guid paymentId) => $"{Transactions(account)}/out-trade-no/{WeChatTransaction.Number(paymentId)}";

    static JsonObject Merchant(ChannelAccount account) => account.SubMerchantId is null
        ? new JsonObject { ["mchid"] = account.MerchantId }
        : new JsonObject { ["sp_mchid"] = account.MerchantId, ["sub_mchid"] = account.SubMerchantId };

    /// <summary>An answer that WeChat signed; null for any other and for none.</summary>
    async Task<Answer?> AskAsync(ChannelAccount account, HttpMethod method, string path, string body, CancellationToken ct)
    {
        Answer answer;
        try
        {
            answer = await pipeline.ExecuteAsync(async token => await SendAsync(account, method, path, body, token), ct);
        }
        // The last: the account's secrets were sealed by another installation, and must be entered anew.
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or BrokenCircuitException or CryptographicException)
        {
            log.LogWarning("WeChat Pay cannot be asked for account {Account}: {Problem}", account.Id, e.GetType().Name);
            return null;
        }
        if (answer.Signature.Problem(account, answer.Body, clock.Now()) is { } problem)
        {
            log.LogWarning("An answer of WeChat Pay ({Status}) for account {Account} is not believed: {Problem}", (int)answer.Status, account.Id, problem);
            return null;
        }
        if (answer.Status >= HttpStatusCode.BadRequest)
            log.LogInformation("WeChat Pay refuses account {Account}: {Status} {Code}", account.Id, (int)answer.Status, Field(answer.Body, "code"));
        return answer;
    }

    async Task<Answer> SendAsync(ChannelAccount account, HttpMethod method, string path, string body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", WeChatSignature.Authorization(account, secrets.Open(account.Id, account.PrivateKey),
            method, path, body, clock.Now()));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ParkingSaaS", "1"));
        request.Headers.Add("Wechatpay-Serial", account.PublicKeyId); // it signs with this key, and not with an older certificate
        if (method == HttpMethod.Post)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, ct);
        return new Answer(response.StatusCode,
            WeChatSignature.Read(name => response.Headers.TryGetValues(name, out var values) ? values.First() : null),
            await response.Content.ReadAsByteArrayAsync(ct));
    }

    static WeChatTransaction? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<WeChatTransaction>(body, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string? Field(byte[] body, string name)
    {
        try
        {
            return JsonNode.Parse(body)?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
