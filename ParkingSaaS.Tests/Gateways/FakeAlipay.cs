using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Tests.Gateways;

/// <summary>Alipay's open platform on a port of its own, with keys of its own. It works out from what really came whether the request is signed and filled
/// in as published, and refuses what is not.</summary>
public sealed partial class FakeAlipay : FakeGateway
{
    public const string AppId = "2021000122600001", SellerId = "2088102146225135", AuthToken = "202311BB0d2a9e5a6b7c4f0fa3e1b2c3d4e5fX13";

    // A pair takes a while, and they are the same for every test.
    static readonly RSA App = RSA.Create(2048), Platform = RSA.Create(2048);

    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    FakeAlipay(TimeProvider clock) : base(clock)
    {
    }

    /// <summary>Whether the app is a service provider's.</summary>
    public bool Partner { get; init; }

    /// <summary>By our number: what was asked for, whether anybody has looked at it or not.</summary>
    public ConcurrentDictionary<string, Trade> Trades { get; } = new();

    /// <summary>By our number: what is back, or on its way.</summary>
    public ConcurrentDictionary<string, Refund> Refunds { get; } = new();

    /// <summary>Refuses refunds for this; null for none.</summary>
    public string? RefundRefusal { get; set; }

    /// <summary>Refunds are taken, and the money moves later.</summary>
    public bool RefundsLater { get; set; }

    /// <summary>What becomes of a payment by code: paid, a driver who is asked for the password (10003), or why it is refused.</summary>
    public string CodeAnswer { get; set; } = "SUCCESS";

    /// <summary>By its day; there is none of a day without trade.</summary>
    public ConcurrentDictionary<string, byte[]> Bills { get; } = new();

    /// <summary>Slashes in answers are escaped.</summary>
    public bool EscapesSlashes { get; set; }

    public sealed class Trade
    {
        public required JsonObject Content { get; init; }
        public required string? Notify { get; init; }

        /// <summary>Null until somebody scans the code or opens the page.</summary>
        public string? Status { get; set; }

        public string TradeNo { get; } = "20261121220014" + RandomNumberGenerator.GetString("0123456789", 14);
        public string Total { get; set; } = "";
    }

    public sealed class Refund
    {
        public required string TradeNumber { get; init; }
        public required string Amount { get; init; }
        public bool Back { get; set; }
    }

    /// <inheritdoc/>
    public override ChannelAccountDetails Account => new(null, "Alipay", null, null, 0, true, AppId, SellerId, null, null, null, null,
        Convert.ToBase64String(Platform.ExportSubjectPublicKeyInfo()))
    {
        Kind = ChannelKind.Alipay,
        PrivateKey = Convert.ToBase64String(App.ExportRSAPrivateKey()),
        AuthToken = Partner ? AuthToken : null
    };

    /// <summary>The key that is not Alipay's, though it looks so.</summary>
    public static string AppPublicKey => App.ExportSubjectPublicKeyInfoPem();

    public static async Task<FakeAlipay> StartAsync(TimeProvider clock, bool partner = false)
    {
        var server = new FakeAlipay(clock) { Partner = partner };
        await server.StartAsync();
        return server;
    }

    /// <summary>The driver pays, by a code that was scanned.</summary>
    public Trade Pay(Guid paymentId)
    {
        var trade = Trades[paymentId.ToString("N")];
        Assert.True(trade.Status is null or "WAIT_BUYER_PAY", trade.Status);
        trade.Status = "TRADE_SUCCESS";
        return trade;
    }

    /// <summary>A phone opens the page that we led it to.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public string? Open(Uri page)
    {
        var parameters = QueryHelpers.ParseQuery(page.Query).ToDictionary(p => p.Key, p => p.Value.ToString());
        if (page.AbsolutePath != "/gateway.do" || parameters.GetValueOrDefault("method") != "alipay.trade.wap.pay")
            return "method";
        if (Unsigned(parameters) is { } wrong)
            return wrong;
        var content = JsonNode.Parse(parameters["biz_content"])!.AsObject();
        if (Misfilled(content, ["product_code", "quit_url"]) is { } field || (field = content["product_code"]!.GetValue<string>()) != "QUICK_WAP_WAY"
            || !Uri.IsWellFormedUriString(field = parameters.GetValueOrDefault("return_url"), UriKind.Absolute))
            return field ?? "return_url";
        Add(content, parameters.GetValueOrDefault("notify_url")).Status = "WAIT_BUYER_PAY";
        return null;
    }

    Trade Add(JsonObject content, string? notify) => Trades.GetOrAdd(content["out_trade_no"]!.GetValue<string>(),
        _ => new Trade { Content = content, Notify = notify, Total = content["total_amount"]!.GetValue<string>() });

    /// <inheritdoc/>
    protected override string NameOf(HttpContext http) => http.Request.Query["method"].ToString();

    /// <inheritdoc/>
    protected override Task BreakAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return http.Response.WriteAsync("<html>");
    }

    /// <inheritdoc/>
    protected override async Task AnswerAsync(HttpContext http, byte[] body)
    {
        if (http.Request.Path == "/downloadBillFile.resource")
        {
            await http.Response.Body.WriteAsync(Bills[http.Request.Query["day"].ToString()]);
            return;
        }
        var method = NameOf(http);
        var parameters = http.Request.Query.ToDictionary(p => p.Key, p => p.Value.ToString());
        foreach (var (name, value) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)))
            parameters.Add(name, value.ToString());
        var wrong = http.Request.Method != "POST" || http.Request.Path != "/gateway.do"
            || http.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true
            || !http.Request.Query.ContainsKey("charset") ? "request" : Unsigned(parameters);
        var answer = wrong is not null ? new JsonObject { ["code"] = "40002", ["msg"] = "Invalid Arguments", ["sub_code"] = "isv.invalid-" + wrong }
            : Work(method, parameters, JsonNode.Parse(parameters["biz_content"])!.AsObject());
        if (answer["code"]!.GetValue<string>() is not "10000")
            Refused.Enqueue($"{method}: {answer["sub_code"]}");
        var node = wrong is null ? method.Replace('.', '_') + "_response" : "error_response";
        var text = answer.ToJsonString(Readable);
        if (EscapesSlashes)
            text = text.Replace("/", "\\/");
        var sign = Mood switch
        {
            Mood.Unsigned => "",
            Mood.WrongSignature => Sign(text + " "),
            Mood.UnknownSerial => Convert.ToBase64String(App.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            _ => Sign(text)
        };
        await http.Response.WriteAsync($$"""{"{{node}}":{{text}},"sign":"{{sign}}"}""");
    }

    static string Sign(string text) =>
        Convert.ToBase64String(Platform.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>What is wrong with the parameters and their signature; null where nothing is.</summary>
    string? Unsigned(Dictionary<string, string> parameters)
    {
        string At(string name) => parameters.GetValueOrDefault(name) ?? "";
        if (At("app_id") != AppId)
            return "app-id";
        if ((At("format"), At("charset"), At("sign_type"), At("version")) != ("JSON", "utf-8", "RSA2", "1.0"))
            return "parameter";
        if (At("app_auth_token") != (Partner ? AuthToken : ""))
            return "app-auth-token";
        if (!DateTime.TryParseExact(At("timestamp"), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            || (new DateTimeOffset(time, TimeSpan.FromHours(8)) - Clock.GetUtcNow()).Duration() > TimeSpan.FromMinutes(10))
            return "timestamp";
        var text = string.Join('&', parameters.Where(p => p.Key != "sign" && p.Value.Length > 0).OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => $"{p.Key}={p.Value}"));
        return App.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(At("sign")), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ? null : "signature";
    }

    JsonObject Work(string method, Dictionary<string, string> parameters, JsonObject content)
    {
        var number = content["out_trade_no"]?.GetValue<string>() ?? "";
        var trade = Trades.GetValueOrDefault(number);
        switch (method)
        {
            case "alipay.trade.precreate":
                if (Misfilled(content, []) is { } field || !Uri.IsWellFormedUriString(field = parameters.GetValueOrDefault("notify_url"), UriKind.Absolute))
                    return Refuse("ACQ.INVALID_PARAMETER " + field);
                if (trade is not null && !JsonNode.DeepEquals(trade.Content, content))
                    return Refuse("ACQ.CONTEXT_INCONSISTENT");
                Add(content, parameters["notify_url"]);
                return Done(new() { ["out_trade_no"] = number, ["qr_code"] = CodeOf(number) });
            case "alipay.trade.pay":
                if (Misfilled(content, ["scene", "auth_code"]) is { } wrong || (wrong = content["scene"]!.GetValue<string>()) != "bar_code")
                    return Refuse("ACQ.INVALID_PARAMETER " + wrong);
                if (CodeAnswer is not ("SUCCESS" or "10003"))
                    return Refuse(CodeAnswer);
                trade = Add(content, parameters.GetValueOrDefault("notify_url"));
                trade.Status = CodeAnswer is "SUCCESS" ? "TRADE_SUCCESS" : "WAIT_BUYER_PAY";
                return CodeAnswer is "SUCCESS" ? Done(Told(number, trade))
                    : new() { ["code"] = "10003", ["msg"] = "order success pay inprocess", ["out_trade_no"] = number, ["trade_no"] = trade.TradeNo };
            case "alipay.trade.cancel":
                if (trade?.Status is not null)
                    trade.Status = "TRADE_CLOSED";
                return Done(new() { ["out_trade_no"] = number, ["retry_flag"] = "N", ["action"] = "close" });
            case "alipay.data.dataservice.bill.downloadurl.query":
                return content.Count != 2 || content["bill_type"]?.GetValue<string>() != "trade" ? Refuse("isv.invalid-arguments")
                    : Bills.ContainsKey(content["bill_date"]!.GetValue<string>())
                        ? Done(new() { ["bill_download_url"] = $"{Address}downloadBillFile.resource?day={content["bill_date"]}" })
                        : Refuse("isp.bill_not_exist");
            case "alipay.trade.query":
                return trade?.Status is null ? Refuse("ACQ.TRADE_NOT_EXIST") : Done(Told(number, trade));
            case "alipay.trade.close":
                if (trade?.Status is not "WAIT_BUYER_PAY")
                    return Refuse(trade?.Status is null ? "ACQ.TRADE_NOT_EXIST" : "ACQ.REASON_TRADE_STATUS_INVALID");
                trade.Status = "TRADE_CLOSED";
                return Done(new() { ["out_trade_no"] = number, ["trade_no"] = trade.TradeNo });
            case "alipay.trade.refund":
                return PayBack(number, trade, content);
            case "alipay.trade.fastpay.refund.query":
                if (trade?.Status is null)
                    return Refuse("ACQ.TRADE_NOT_EXIST");
                return Refunds.GetValueOrDefault(content["out_request_no"]!.GetValue<string>()) is { Back: true } back ? Done(new()
                {
                    ["trade_no"] = trade.TradeNo,
                    ["out_trade_no"] = back.TradeNumber,
                    ["out_request_no"] = content["out_request_no"]!.DeepClone(),
                    ["total_amount"] = trade.Total,
                    ["refund_amount"] = back.Amount,
                    ["refund_status"] = "REFUND_SUCCESS"
                }) : Done([]);
            default:
                return Refuse("isv.invalid-method");
        }
    }

    JsonObject PayBack(string number, Trade? trade, JsonObject content)
    {
        if (content.Select(p => p.Key).Except(["out_trade_no", "refund_amount", "out_request_no"]).Any()
            || !Amount.IsMatch(content["refund_amount"]!.GetValue<string>()))
            return Refuse("ACQ.INVALID_PARAMETER");
        if (trade?.Status is null)
            return Refuse("ACQ.TRADE_NOT_EXIST");
        if (RefundRefusal is { } refusal)
            return Refuse(refusal);
        lock (Refunds)
        {
            var (request, amount) = (content["out_request_no"]!.GetValue<string>(), content["refund_amount"]!.GetValue<string>());
            if (Refunds.TryGetValue(request, out var known))
                return known.Amount == amount ? Answer("N") : Refuse("ACQ.DISCORDANT_REPEAT_REQUEST");
            if (trade.Status is not "TRADE_SUCCESS")
                return Refuse("ACQ.TRADE_STATUS_ERROR");
            var all = Refunds.Values.Where(r => r.TradeNumber == number).Sum(r => Yuan(r.Amount)) + Yuan(amount);
            if (all > Yuan(trade.Total))
                return Refuse("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
            Refunds[request] = new Refund { TradeNumber = number, Amount = amount, Back = !RefundsLater };
            if (all == Yuan(trade.Total))
                trade.Status = "TRADE_CLOSED"; // as is published of what went back as a whole
            return Answer(RefundsLater ? "N" : "Y");
        }

        JsonObject Answer(string moved) => Done(new()
        {
            ["trade_no"] = trade.TradeNo,
            ["out_trade_no"] = number,
            ["buyer_logon_id"] = "159****5620",
            ["fund_change"] = moved,
            ["refund_fee"] = Refunds.Values.Where(r => r.TradeNumber == number).Sum(r => Yuan(r.Amount)).ToString("F2", CultureInfo.InvariantCulture)
        });
    }

    static decimal Yuan(string amount) => decimal.Parse(amount, CultureInfo.InvariantCulture);

    static JsonObject Refuse(string why) => new() { ["code"] = "40004", ["msg"] = "Business Failed", ["sub_code"] = why };

    static JsonObject Done(JsonObject content)
    {
        content.Insert(0, "code", "10000");
        content.Insert(1, "msg", "Success");
        return content;
    }

    static JsonObject Told(string number, Trade trade) => new()
    {
        ["buyer_logon_id"] = "159****5620",
        ["buyer_user_id"] = "2088101117955611",
        ["out_trade_no"] = number,
        ["total_amount"] = trade.Total,
        ["trade_no"] = trade.TradeNo,
        ["trade_status"] = trade.Status
    };

    /// <summary>What the code of a payment contains.</summary>
    public static string CodeOf(string number) => $"https://qr.alipay.com/bax{number[..12]}";

    /// <summary>The field of a payment that is not as published; null where all are.</summary>
    string? Misfilled(JsonObject content, string[] more)
    {
        string[] needed = ["out_trade_no", "total_amount", "subject", "seller_id", "time_expire", .. more];
        if (needed.FirstOrDefault(n => !content.ContainsKey(n)) is { } missing)
            return missing;
        if (content.Select(p => p.Key).Except(needed).FirstOrDefault() is { } unknown)
            return unknown;
        string Text(string name) => content[name]!.GetValue<string>();
        return Text("out_trade_no") is not { Length: > 0 and <= 64 } number || !number.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? "out_trade_no"
            : !Amount.IsMatch(Text("total_amount")) ? "total_amount"
            : Text("subject") is not { Length: > 0 and <= 256 } subject || subject.IndexOfAny(['/', '=', '&']) >= 0 ? "subject"
            : Text("seller_id") != SellerId ? "seller_id"
            : !DateTime.TryParseExact(Text("time_expire"), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end)
                || new DateTimeOffset(end, TimeSpan.FromHours(8)) <= Clock.GetUtcNow() ? "time_expire"
            : null;
    }

    [GeneratedRegex(@"^(0\.\d[1-9]|0\.[1-9]\d|[1-9]\d{0,8}\.\d\d)$")]
    private static partial Regex Amount { get; }

    /// <summary>A notification about that, signed.</summary>
    public static Dictionary<string, string> Notice(string number, Trade trade) => Signed(new()
    {
        ["notify_time"] = "2026-11-21 10:00:00",
        ["notify_type"] = "trade_status_sync",
        ["notify_id"] = Guid.NewGuid().ToString("N"),
        ["charset"] = "utf-8",
        ["version"] = "1.0",
        ["app_id"] = AppId,
        ["auth_app_id"] = AppId,
        ["out_trade_no"] = number,
        ["trade_no"] = trade.TradeNo,
        ["trade_status"] = trade.Status!,
        ["total_amount"] = trade.Total,
        ["receipt_amount"] = trade.Total,
        ["seller_id"] = SellerId,
        ["subject"] = trade.Content["subject"]!.GetValue<string>(),
        ["body"] = "",
        ["buyer_id"] = "2088101117955611",
        ["buyer_logon_id"] = "159****5620",
        ["fund_bill_list"] = """[{"amount":"7.00","fundChannel":"ALIPAYACCOUNT"}]"""
    });

    /// <summary>The parameters with Alipay's signature.</summary>
    public static Dictionary<string, string> Signed(Dictionary<string, string> notice)
    {
        notice.Remove("sign");
        notice.Remove("sign_type");
        notice["sign"] = Sign(string.Join('&', notice.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}")));
        notice["sign_type"] = "RSA2";
        return notice;
    }

    /// <summary>Calls the address that we gave.</summary>
    public Task<HttpResponseMessage> CallAsync(Uri address, Dictionary<string, string> notice) =>
        Caller.PostAsync(address, new FormUrlEncodedContent(notice), TestContext.Current.CancellationToken);
}
