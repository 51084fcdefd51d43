using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments.Alipay;

/// <summary>Speaks to Alipay's open platform as it is published: signs what it asks, and believes only answers that Alipay signed.</summary>
public sealed class AlipayClient(AlipayPolicy policy, ChannelSecrets secrets, ChannelLog messages, TimeProvider clock, ILogger<AlipayClient> log)
    : IDisposable
{
    const string Gateway = "/gateway.do";

    /// <summary>Alipay's clock.</summary>
    static readonly TimeSpan China = TimeSpan.FromHours(8);

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    readonly ChannelLine line = new(policy.Address, policy.Patience, messages, clock, log);

    sealed record Precreated : AlipayAnswer
    {
        public string? QrCode { get; init; }
    }

    /// <summary>Prepares a payment that another phone scans; asked twice for the same it is the same.</summary>
    /// <param name="subject">What the driver reads.</param>
    /// <returns>What its code contains.</returns>
    internal async Task<Result<string>> CodeAsync(string city, ChannelAccount account, Payment payment, string subject, string notify, CancellationToken ct) =>
        await AskAsync<Precreated>(city, account, payment, ChannelMessageKind.Order, "alipay.trade.precreate", Order(account, payment, subject), ct, notify)
            is { Done: true, QrCode: { Length: > 0 } code } ? code : new ChannelUnavailable();

    /// <summary>The page at Alipay where a phone pays, or opens the app to do so. Nobody is asked: Alipay hears of it when the driver goes there.</summary>
    /// <param name="back">Where Alipay leads back, paid or not.</param>
    internal Result<string> Page(ChannelAccount account, Payment payment, string subject, string notify, Uri back)
    {
        var order = Order(account, payment, subject);
        order["product_code"] = "QUICK_WAP_WAY";
        order["quit_url"] = back.ToString();
        var parameters = Parameters(account, "alipay.trade.wap.pay", notify);
        parameters["return_url"] = back.ToString();
        parameters["biz_content"] = order.ToJsonString(Json);
        return new Uri(policy.Address, $"{Gateway}?{Query(account, parameters)}").AbsoluteUri;
    }

    JsonObject Order(ChannelAccount account, Payment payment, string subject) => new()
    {
        ["out_trade_no"] = AlipayTrade.Number(payment.Id),
        ["total_amount"] = Currency.Yuan.Plain(payment.Amount),
        ["subject"] = string.Concat(subject.Select(c => c is '/' or '=' or '&' ? ' ' : c)), // which Alipay does not take
        ["seller_id"] = account.MerchantId,
        ["time_expire"] = Time(payment.CreatedAt + GiveUpPayments.MaxWait)
    };

    /// <summary>What became of a payment.</summary>
    /// <returns>With no <see cref="AlipayTrade.TradeStatus"/> where Alipay does not know it; null where it gives no answer.</returns>
    internal async Task<AlipayTrade?> FindAsync(string city, ChannelAccount account, Payment payment, CancellationToken ct) =>
        await AskAsync<AlipayTrade>(city, account, payment, ChannelMessageKind.Ask, "alipay.trade.query", Numbered(payment), ct) switch
        {
            { Done: true } told => told,
            { Unknown: true } => new AlipayTrade(),
            _ => null
        };

    /// <summary>Closes a payment, so that nobody can pay it any more. What is paid cannot be closed, but of a payment by code it goes back.</summary>
    internal Task CloseAsync(string city, ChannelAccount account, Payment payment, ChannelWay way, CancellationToken ct) => AskAsync<AlipayAnswer>(
        city, account, payment, ChannelMessageKind.Close, way is ChannelWay.Scanned ? "alipay.trade.cancel" : "alipay.trade.close", Numbered(payment), ct);

    /// <summary>Takes a payment by a code that the driver's app shows.</summary>
    /// <returns>Done where it is paid; null where Alipay gives no answer.</returns>
    internal Task<AlipayTrade?> TakeCodeAsync(string city, ChannelAccount account, Payment payment, string subject, string code, CancellationToken ct)
    {
        var order = Order(account, payment, subject);
        order["scene"] = "bar_code";
        order["auth_code"] = code;
        return AskAsync<AlipayTrade>(city, account, payment, ChannelMessageKind.Order, "alipay.trade.pay", order, ct);
    }

    /// <summary>Hands a refund in; twice the same is one.</summary>
    internal Task<AlipayRefund?> RefundAsync(string city, ChannelAccount account, Payment refund, Payment paid, CancellationToken ct)
    {
        var content = Numbered(paid);
        content["refund_amount"] = Currency.Yuan.Plain(Money.Zero - refund.Amount);
        content["out_request_no"] = AlipayTrade.Number(refund.Id);
        return AskAsync<AlipayRefund>(city, account, refund, ChannelMessageKind.Refund, "alipay.trade.refund", content, ct);
    }

    /// <summary>What became of a refund.</summary>
    internal Task<AlipayRefund?> FindRefundAsync(string city, ChannelAccount account, Payment refund, Payment paid, CancellationToken ct)
    {
        var content = Numbered(paid);
        content["out_request_no"] = AlipayTrade.Number(refund.Id);
        return AskAsync<AlipayRefund>(city, account, refund, ChannelMessageKind.AskRefund, "alipay.trade.fastpay.refund.query", content, ct);
    }

    sealed record BillPlace : AlipayAnswer
    {
        public string? BillDownloadUrl { get; init; }
    }

    /// <summary>The bill of a day, with all payments and refunds, packed.</summary>
    /// <returns>Null where Alipay does not have it yet, nothing was traded, or it gives no answer.</returns>
    internal async Task<byte[]?> BillAsync(ChannelAccount account, DateOnly day, CancellationToken ct)
    {
        const string Method = "alipay.data.dataservice.bill.downloadurl.query";
        var (content, said) = (new JsonObject { ["bill_type"] = "trade", ["bill_date"] = $"{day:yyyy-MM-dd}" }.ToJsonString(Json), (string?)null);
        await line.AskAsync(account, () => Request(account, Method, content, notify: null),
            answer => (said = Said(account, answer, Method)) is null ? "sign" : null, ct);
        if (Read<BillPlace>(account, Method, said) is not { Done: true } told || !Uri.TryCreate(told.BillDownloadUrl, UriKind.Absolute, out var place))
            return null;
        if (place.Authority != policy.Address.Authority)
        {
            // Bills lie on another server of Alipay's, and the address is of before https.
            if (!place.Host.EndsWith(".alipay.com", StringComparison.Ordinal))
                return null;
            place = new UriBuilder(place) { Scheme = Uri.UriSchemeHttps, Port = -1 }.Uri;
        }
        return await line.DownloadAsync(() => new HttpRequestMessage(HttpMethod.Get, place), BillFile.MaxBytes, ct);
    }

    static JsonObject Numbered(Payment payment) => new() { ["out_trade_no"] = AlipayTrade.Number(payment.Id) };

    /// <returns>Null where no answer came that Alipay signed.</returns>
    async Task<T?> AskAsync<T>(string city, ChannelAccount account, Payment payment, ChannelMessageKind kind, string method, JsonObject content,
        CancellationToken ct, string? notify = null) where T : AlipayAnswer
    {
        var (sent, said) = (content.ToJsonString(Json), (string?)null);
        await line.AskAsync(city, payment, kind, account, sent, () => Request(account, method, sent, notify), Problem, ct);
        return Read<T>(account, method, said);

        string? Problem(ChannelAnswer answer) => (said = Said(account, answer, method)) is null ? "sign" : null;
    }

    static string? Said(ChannelAccount account, ChannelAnswer answer, string method) =>
        AlipaySignature.Read(account, answer.Body, method.Replace('.', '_') + "_response");

    T? Read<T>(ChannelAccount account, string method, string? said) where T : AlipayAnswer
    {
        if (said is null)
            return null;
        try
        {
            var answer = JsonSerializer.Deserialize<T>(said, Json);
            if (answer is { Done: false })
                log.LogInformation("Alipay refuses {Method} of account {Account}: {Code} {SubCode}", method, account.Id, answer.Code, answer.SubCode);
            return answer;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    HttpRequestMessage Request(ChannelAccount account, string method, string content, string? notify)
    {
        var parameters = Parameters(account, method, notify);
        parameters["biz_content"] = content;
        // What says how the rest is to be read stands in the address, as Alipay wants it.
        var query = Query(account, parameters, "biz_content");
        return new HttpRequestMessage(HttpMethod.Post, $"{Gateway}?{query}")
        {
            Content = new FormUrlEncodedContent([new("biz_content", content)])
        };
    }

    SortedDictionary<string, string> Parameters(ChannelAccount account, string method, string? notify)
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["app_id"] = account.AppId,
            ["method"] = method,
            ["format"] = "JSON",
            ["charset"] = "utf-8",
            ["sign_type"] = "RSA2",
            ["timestamp"] = Time(clock.Now()),
            ["version"] = "1.0"
        };
        if (notify is not null)
            parameters["notify_url"] = notify;
        if (account.AuthToken.Length > 0)
            parameters["app_auth_token"] = secrets.Open(account.Id, account.AuthToken);
        return parameters;
    }

    /// <summary>The parameters and their signature, as a query.</summary>
    /// <param name="elsewhere">The one that is signed and sent elsewhere.</param>
    string Query(ChannelAccount account, SortedDictionary<string, string> parameters, string? elsewhere = null) => string.Join('&', parameters
        .Where(p => p.Key != elsewhere).Append(new("sign", AlipaySignature.Of(secrets.Open(account.Id, account.PrivateKey), parameters)))
        .Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));

    static string Time(DateTimeOffset at) => at.ToOffset(China).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose() => line.Dispose();
}
