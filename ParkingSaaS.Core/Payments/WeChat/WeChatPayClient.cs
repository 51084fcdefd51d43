using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>What an order at WeChat Pay is made from.</summary>
/// <param name="Description">What the driver reads, at most 127 characters.</param>
/// <param name="Notify">Where WeChat tells that it is paid.</param>
/// <param name="PaidBefore">Nobody can pay it afterwards.</param>
/// <param name="Payer">For a link the phone's IP address, in WeChat's own browser who uses it; not told for a code.</param>
public sealed record WeChatOrder(Payment Payment, string Description, Uri Notify, DateTimeOffset PaidBefore, ChannelWay Way, string Payer)
{
    public static WeChatOrder Of(Payment payment, ChannelOrder order, string description, string payer) =>
        new(payment, description, new Uri(order.Notify), payment.CreatedAt + GiveUpPayments.MaxWait, order.Way, payer);
}

/// <summary>Speaks API v3 as it is published: signs what it asks, and believes only answers that WeChat signed. Where WeChat is out of reach or
/// slow again and again, it is not asked for a while.</summary>
public sealed class WeChatPayClient(WeChatPayPolicy policy, ChannelSecrets secrets, ChannelLog messages, TimeProvider clock, ILogger<WeChatPayClient> log)
    : IDisposable
{
    internal static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    readonly ChannelLine line = new(policy.Address, policy.Patience, messages, clock, log);

    /// <summary>Makes the order; asked twice for the same it is the same.</summary>
    /// <returns>What its code contains, the link that opens WeChat, or the number of what is prepared in WeChat.</returns>
    public async Task<Result<string>> OrderAsync(string city, ChannelAccount account, WeChatOrder order, CancellationToken ct)
    {
        var body = App(account);
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
            using var answer = await line.Http.GetAsync(new Uri(policy.Accounts, $"/sns/oauth2/access_token?appid={account.AppId}&secret={secret}"
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
    internal Task CloseAsync(string city, ChannelAccount account, Payment payment, CancellationToken ct) =>
        AskAsync(city, payment, ChannelMessageKind.Close, account, HttpMethod.Post, $"{Of(account, payment.Id)}/close", Merchant(account).ToJsonString(), ct);

    /// <summary>Takes a payment by a code that the driver's app shows.</summary>
    /// <returns>Null where WeChat gives no answer.</returns>
    internal async Task<WeChatTransaction?> TakeCodeAsync(string city, ChannelAccount account, Payment payment, string description, string code,
        CancellationToken ct)
    {
        var body = App(account);
        body["description"] = description;
        body["out_trade_no"] = WeChatTransaction.Number(payment.Id);
        body["payer"] = new JsonObject { ["auth_code"] = code };
        body["amount"] = new JsonObject { ["total"] = payment.Amount.Minor, ["currency"] = "CNY" };
        body["scene_info"] = new JsonObject { ["store_info"] = new JsonObject { ["out_id"] = payment.LotId.ToString("N") } };
        return await AskAsync(city, payment, ChannelMessageKind.Order, account, HttpMethod.Post, $"{Transactions(account)}/codepay", body.ToJsonString(), ct)
            is { Status: < HttpStatusCode.InternalServerError } answer ? Read<WeChatTransaction>(answer.Body) : null;
    }

    /// <summary>Reverses a payment by code: nobody can pay it any more, and what was paid in the same moment goes back.</summary>
    internal Task ReverseAsync(string city, ChannelAccount account, Payment payment, CancellationToken ct) =>
        AskAsync(city, payment, ChannelMessageKind.Close, account, HttpMethod.Post, $"{Of(account, payment.Id)}/reverse", App(account).ToJsonString(), ct);

    /// <summary>Hands a refund in; twice the same is one.</summary>
    /// <param name="notify">Where WeChat tells what became of it; empty where it is only asked.</param>
    /// <returns>With a code where WeChat refuses it; null where it gives no answer, or none that is its last word.</returns>
    internal async Task<WeChatRefund?> RefundAsync(string city, ChannelAccount account, Payment refund, Payment paid, string notify, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["out_trade_no"] = WeChatTransaction.Number(paid.Id),
            ["out_refund_no"] = WeChatTransaction.Number(refund.Id),
            ["amount"] = new JsonObject { ["refund"] = -refund.Amount.Minor, ["total"] = paid.Amount.Minor, ["currency"] = "CNY" }
        };
        if (notify.Length > 0)
            body["notify_url"] = notify;
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

    static JsonObject App(ChannelAccount account)
    {
        var body = Merchant(account);
        body[account.SubMerchantId is null ? "appid" : "sp_appid"] = account.AppId;
        if (account.SubAppId is { } subApp)
            body["sub_appid"] = subApp;
        return body;
    }

    static JsonObject Merchant(ChannelAccount account) => account.SubMerchantId is null
        ? new JsonObject { ["mchid"] = account.MerchantId }
        : new JsonObject { ["sp_mchid"] = account.MerchantId, ["sub_mchid"] = account.SubMerchantId };

    /// <summary>An answer that WeChat signed; null for any other and for none. What was said is kept with the payment.</summary>
    async Task<ChannelAnswer?> AskAsync(string city, Payment payment, ChannelMessageKind kind, ChannelAccount account, HttpMethod method, string path,
        string body, CancellationToken ct)
    {
        var answer = await line.AskAsync(city, payment, kind, account, body, () => Request(account, method, path, body), a => Problem(account, a), ct);
        if (answer is { Status: >= HttpStatusCode.BadRequest })
            log.LogInformation("WeChat Pay refuses account {Account}: {Status} {Code}", account.Id, (int)answer.Status, Field(answer.Body, "code"));
        return answer;
    }

    string? Problem(ChannelAccount account, ChannelAnswer answer) => WeChatSignature.Read(
        name => answer.Headers.TryGetValues(name, out var values) ? values.First() : null).Problem(account, answer.Body, clock.Now());

    HttpRequestMessage Request(ChannelAccount account, HttpMethod method, string path, string body)
    {
        var request = Signed(account, method, path, body);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Add("Wechatpay-Serial", account.PublicKeyId); // it signs with this key, and not with an older certificate
        if (method == HttpMethod.Post)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    /// <param name="path">With its query.</param>
    HttpRequestMessage Signed(ChannelAccount account, HttpMethod method, string path, string body)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", WeChatSignature.Authorization(account, secrets.Open(account.Id, account.PrivateKey),
            method, path, body, clock.Now()));
        return request;
    }

    /// <summary>The bill of a day, with all payments and refunds.</summary>
    /// <returns>Empty where nothing was traded; null where WeChat does not have it yet, or gives no answer.</returns>
    internal async Task<byte[]?> BillAsync(ChannelAccount account, DateOnly day, CancellationToken ct)
    {
        var sub = account.SubMerchantId is { } of ? $"&sub_mchid={of}" : "";
        var path = $"/v3/bill/tradebill?bill_date={day:yyyy-MM-dd}&bill_type=ALL{sub}";
        var (answer, problem) = await line.AskAsync(account, () => Request(account, HttpMethod.Get, path, ""), a => Problem(account, a), ct);
        if (problem is not null)
            return null;
        if (Field(answer!.Body, "code") is "NO_STATEMENT_EXIST")
            return [];
        if (answer.Status is not HttpStatusCode.OK || Field(answer.Body, "hash_value") is not { } hash
            || !Uri.TryCreate(Field(answer.Body, "download_url"), UriKind.Absolute, out var place) || place.Authority != policy.Address.Authority)
            return null;
        var file = await line.DownloadAsync(() => Signed(account, HttpMethod.Get, place.PathAndQuery, ""), BillFile.MaxBytes, ct);
#pragma warning disable CA5350 // WeChat publishes no other; the hash itself is signed
        var same = file is not null && string.Equals(Convert.ToHexString(SHA1.HashData(file)), hash, StringComparison.OrdinalIgnoreCase);
#pragma warning restore CA5350
        if (!same)
            log.LogWarning("The bill of {Day} for account {Account} did not arrive as a whole", day, account.Id);
        return same ? file : null;
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
    public void Dispose() => line.Dispose();
}
