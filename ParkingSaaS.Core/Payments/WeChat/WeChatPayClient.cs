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
/// <param name="Payer">For a link the phone's IP address, in WeChat's own browser who uses it; not told for a code.</param>
public sealed record WeChatOrder(Payment Payment, string Description, Uri Notify, DateTimeOffset PaidBefore, ChannelWay Way, string Payer)
{
    /// <param name="lot">Its name.</param>
    public static WeChatOrder Of(Payment payment, ChannelOrder order, string lot, string payer) =>
        new(payment, $"{lot} 停车费", new Uri(order.Notify), payment.CreatedAt + GiveUpPayments.MaxWait, order.Way, payer);
}

/// <summary>Speaks API v3 as it is published: signs what it asks, and believes only answers that WeChat signed. Where WeChat is out of reach or
/// slow again and again, it is not asked for a while.</summary>
public sealed class WeChatPayClient(WeChatPayPolicy policy, ChannelSecrets secrets, ChannelLog messages, TimeProvider clock, ILogger<WeChatPayClient> log)
    : IDisposable
{
    internal static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>A bill that takes longer does not come.</summary>
    static readonly TimeSpan BillPatience = TimeSpan.FromMinutes(2);

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
    /// <returns>What its code contains, the link that opens WeChat, or the number of what is prepared in WeChat.</returns>
    public async Task<Result<string>> OrderAsync(string city, ChannelAccount account, WeChatOrder order, CancellationToken ct)
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
        if (order.Way is ChannelWay.Link)
            body["scene_info"] = new JsonObject { ["payer_client_ip"] = order.Payer, ["h5_info"] = new JsonObject { ["type"] = "Wap" } };
        if (order.Way is ChannelWay.InApp)
            body["payer"] = new JsonObject { [account.SubMerchantId is null ? "openid" : "sp_openid"] = order.Payer };
        var (way, field) = order.Way switch
        {
            ChannelWay.Link => ("h5", "h5_url"),
            ChannelWay.InApp => ("jsapi", "prepay_id"),
            _ => ("native", "code_url")
        };
        return await AskAsync(city, order.Payment, ChannelMessageKind.Order, account, HttpMethod.Post, $"{Transactions(account)}/{way}",
            body.ToJsonString(), ct) is { Status: HttpStatusCode.OK } answer && Field(answer.Body, field) is { } address ? address : new ChannelUnavailable();
    }

    /// <summary>Where WeChat's browser says who uses it, without asking them.</summary>
    /// <param name="page">Where it leads back, with a code.</param>
    internal static Uri SignIn(ChannelAccount account, Uri page, Guid paymentId) => new("https://open.weixin.qq.com/connect/oauth2/authorize"
        + $"?appid={account.AppId}&redirect_uri={Uri.EscapeDataString(page.ToString())}&response_type=code&scope=snsapi_base"
        + $"&state={paymentId:N}#wechat_redirect");

    /// <summary>Who uses WeChat's browser, as an id that means something to the account's app alone.</summary>
    /// <returns>Null where WeChat gives no answer, or does not know the code.</returns>
    internal async Task<string?> PayerAsync(ChannelAccount account, string code, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(policy.Patience);
        try
        {
            var secret = secrets.Open(account.Id, account.AppSecret);
            using var answer = await http.GetAsync(new Uri(policy.Accounts, $"/sns/oauth2/access_token?appid={account.AppId}&secret={secret}"
                + $"&code={Uri.EscapeDataString(code)}&grant_type=authorization_code"), patience.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(patience.Token);
            if (Field(body, "openid") is { } payer)
                return payer;
            log.LogWarning("WeChat does not say for account {Account} who pays: {Status}", account.Id, (int)answer.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or CryptographicException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            log.LogWarning("WeChat cannot be asked for account {Account} who pays: {Problem}", account.Id, e.GetType().Name);
        }
        return null;
    }

    /// <summary>What the page hands to WeChat.</summary>
    /// <param name="prepared">What <see cref="OrderAsync"/> answered.</param>
    internal WeChatCall Call(ChannelAccount account, string prepared)
    {
        var (time, nonce, package) = (clock.Now().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), RandomNumberGenerator.GetHexString(32),
            $"prepay_id={prepared}");
        return new WeChatCall(account.AppId, time, nonce, package,
            WeChatSignature.Sign(secrets.Open(account.Id, account.PrivateKey), account.AppId, time, nonce, package));
    }

    /// <summary>What became of a payment.</summary>
    /// <returns>With no <see cref="WeChatTransaction.TradeState"/> where WeChat does not know it; null where it gives no answer.</returns>
    internal async Task<WeChatTransaction?> FindAsync(string city, ChannelAccount account, Payment payment, CancellationToken ct)
    {
        var query = account.SubMerchantId is null ? $"mchid={account.MerchantId}" : $"sp_mchid={account.MerchantId}&sub_mchid={account.SubMerchantId}";
        var answer = await AskAsync(city, payment, ChannelMessageKind.Ask, account, HttpMethod.Get, $"{Of(account, payment.Id)}?{query}", "", ct);
        return answer switch
        {
            { Status: HttpStatusCode.OK } => Read<WeChatTransaction>(answer.Body),
            { Status: HttpStatusCode.NotFound } => new WeChatTransaction(),
            _ => null
        };
    }

    /// <summary>Closes an order, so that nobody can pay it any more. What is paid cannot be closed.</summary>
    /// <returns>Whether WeChat took it up; it is closed then.</returns>
    internal async Task<bool> CloseAsync(string city, ChannelAccount account, Payment payment, CancellationToken ct) =>
        await AskAsync(city, payment, ChannelMessageKind.Close, account, HttpMethod.Post, $"{Of(account, payment.Id)}/close",
            Merchant(account).ToJsonString(), ct) is { Status: HttpStatusCode.NoContent or HttpStatusCode.OK };

    /// <summary>Hands a refund in; twice the same is one.</summary>
    /// <returns>With a code where WeChat refuses it; null where it gives no answer, or none that is its last word.</returns>
    internal async Task<WeChatRefund?> RefundAsync(string city, ChannelAccount account, Payment refund, Payment paid, Uri notify, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["out_trade_no"] = WeChatTransaction.Number(paid.Id),
            ["out_refund_no"] = WeChatTransaction.Number(refund.Id),
            ["notify_url"] = notify.ToString(),
            ["amount"] = new JsonObject { ["refund"] = -refund.Amount.Minor, ["total"] = paid.Amount.Minor, ["currency"] = "CNY" }
        };
        if (account.SubMerchantId is { } sub)
            body["sub_mchid"] = sub;
        var answer = await AskAsync(city, refund, ChannelMessageKind.Refund, account, HttpMethod.Post, Refunds, body.ToJsonString(), ct);
        return answer?.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
            ? Read<WeChatRefund>(answer.Body) : null;
    }

    /// <summary>What became of a refund.</summary>
    /// <returns>With <see cref="WeChatRefund.Unknown"/> as its code where WeChat does not know it; null where it gives no answer.</returns>
    internal async Task<WeChatRefund?> FindRefundAsync(string city, ChannelAccount account, Payment refund, CancellationToken ct)
    {
        var query = account.SubMerchantId is { } sub ? $"?sub_mchid={sub}" : "";
        return await AskAsync(city, refund, ChannelMessageKind.AskRefund, account, HttpMethod.Get,
            $"{Refunds}/{WeChatTransaction.Number(refund.Id)}{query}", "", ct) is { Status: HttpStatusCode.OK or HttpStatusCode.NotFound } answer
            ? Read<WeChatRefund>(answer.Body) : null;
    }

    const string Refunds = "/v3/refund/domestic/refunds";

    static string Transactions(ChannelAccount account) => account.SubMerchantId is null ? "/v3/pay/transactions" : "/v3/pay/partner/transactions";

    static string Of(ChannelAccount account, Guid paymentId) => $"{Transactions(account)}/out-trade-no/{WeChatTransaction.Number(paymentId)}";

    static JsonObject Merchant(ChannelAccount account) => account.SubMerchantId is null
        ? new JsonObject { ["mchid"] = account.MerchantId }
        : new JsonObject { ["sp_mchid"] = account.MerchantId, ["sub_mchid"] = account.SubMerchantId };

    /// <summary>An answer that WeChat signed; null for any other and for none. What was said is kept with the payment.</summary>
    async Task<Answer?> AskAsync(string city, Payment payment, ChannelMessageKind kind, ChannelAccount account, HttpMethod method, string path, string body,
        CancellationToken ct)
    {
        var (at, began) = (clock.Now(), clock.GetTimestamp());
        var (answer, problem) = await AskAsync(account, method, path, body, ct);
        if (problem is not nameof(BrokenCircuitException)) // then nothing was sent
            messages.Add(city, new ChannelMessage
            {
                Id = Guid.CreateVersion7(at),
                LotId = payment.LotId,
                PaymentId = payment.Id,
                AccountId = account.Id,
                Kind = kind,
                At = at,
                Sent = ChannelMessage.Text(Encoding.UTF8.GetBytes(body)),
                Status = (int?)answer?.Status,
                Said = ChannelMessage.Text(answer?.Body),
                Milliseconds = (int)clock.GetElapsedTime(began).TotalMilliseconds,
                Problem = problem
            });
        return problem is null ? answer : null;
    }

    /// <returns>The answer, if one came, and why it is none that WeChat signed; null where it is.</returns>
    async Task<(Answer? Answer, string? Problem)> AskAsync(ChannelAccount account, HttpMethod method, string path, string body, CancellationToken ct)
    {
        Answer? answer = null;
        string? problem;
        try
        {
            answer = await pipeline.ExecuteAsync(async token => await SendAsync(account, method, path, body, token), ct);
            problem = answer.Signature.Problem(account, answer.Body, clock.Now());
        }
        // The last: the account's secrets were sealed by another installation, and must be entered anew.
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or BrokenCircuitException or CryptographicException)
        {
            problem = e.GetType().Name;
        }
        if (problem is not null)
            log.LogWarning("WeChat Pay gives no answer for account {Account} that is believed: {Status} {Problem}", account.Id, (int?)answer?.Status, problem);
        else if (answer!.Status >= HttpStatusCode.BadRequest)
            log.LogInformation("WeChat Pay refuses account {Account}: {Status} {Code}", account.Id, (int)answer.Status, Field(answer.Body, "code"));
        return (answer, problem);
    }

    /// <summary>The bill of a day, with all payments and refunds.</summary>
    /// <returns>Empty where nothing was traded; null where WeChat does not have it yet, or gives no answer.</returns>
    internal async Task<byte[]?> BillAsync(ChannelAccount account, DateOnly day, CancellationToken ct)
    {
        var sub = account.SubMerchantId is { } of ? $"&sub_mchid={of}" : "";
        var (answer, problem) = await AskAsync(account, HttpMethod.Get, $"/v3/bill/tradebill?bill_date={day:yyyy-MM-dd}&bill_type=ALL{sub}", "", ct);
        if (problem is not null)
            return null;
        if (Field(answer!.Body, "code") is "NO_STATEMENT_EXIST")
            return [];
        if (answer.Status is not HttpStatusCode.OK || Field(answer.Body, "hash_value") is not { } hash
            || !Uri.TryCreate(Field(answer.Body, "download_url"), UriKind.Absolute, out var place) || place.Authority != policy.Address.Authority)
            return null;
        var file = await DownloadAsync(account, place, ct);
#pragma warning disable CA5350 // WeChat publishes no other; the hash itself is signed
        var same = file is not null && string.Equals(Convert.ToHexString(SHA1.HashData(file)), hash, StringComparison.OrdinalIgnoreCase);
#pragma warning restore CA5350
        if (!same)
            log.LogWarning("The bill of {Day} for account {Account} did not arrive as a whole", day, account.Id);
        return same ? file : null;
    }

    async Task<byte[]?> DownloadAsync(ChannelAccount account, Uri place, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(BillPatience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, place);
            request.Headers.TryAddWithoutValidation("Authorization", WeChatSignature.Authorization(account, secrets.Open(account.Id, account.PrivateKey),
                HttpMethod.Get, place.PathAndQuery, "", clock.Now()));
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ParkingSaaS", "1"));
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (answer.StatusCode is not HttpStatusCode.OK)
                return null;
            using var file = new MemoryStream();
            await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
            var part = new byte[64 << 10];
            for (int read; (read = await body.ReadAsync(part, patience.Token)) > 0;)
            {
                if (file.Length + read > WeChatBill.MaxBytes)
                    return null;
                file.Write(part, 0, read);
            }
            return file.ToArray();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or CryptographicException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
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

    /// <summary>What it says; null where that is none.</summary>
    internal static T? Read<T>(byte[] body) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, Json);
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
