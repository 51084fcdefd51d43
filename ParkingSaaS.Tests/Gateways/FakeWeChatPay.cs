using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Tests.Gateways;

/// <summary>WeChat Pay on a port of its own, with keys of its own. It works out from what really came whether the request is signed and filled in as
/// published, and refuses what is not.</summary>
public sealed partial class FakeWeChatPay : FakeGateway
{
    public const string KeyId = "PUB_KEY_ID_0116000000000000000000000001";
    public const string MerchantId = "1900000109", SubMerchantId = "1900000209", AppId = "wxd678efh567hg6787", SubAppId = "wxsub00000000000001";
    const string Serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";

    // A pair takes a while, and they are the same for every test.
    static readonly RSA Merchant = RSA.Create(2048), Platform = RSA.Create(2048);

    readonly ConcurrentDictionary<string, byte> nonces = new();

    FakeWeChatPay(TimeProvider clock) : base(clock)
    {
    }

    /// <summary>Encrypts notifications.</summary>
    public string ApiKey { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>Of the official account; null for an account without.</summary>
    public string? AppSecret { get; set; }

    /// <summary>Whether it serves service providers.</summary>
    public bool Partner { get; init; }

    /// <summary>By our number.</summary>
    public ConcurrentDictionary<string, Order> Orders { get; } = new();

    /// <summary>By our number.</summary>
    public ConcurrentDictionary<string, Refund> Refunds { get; } = new();

    /// <summary>What it says who uses its browser, by the code that says so once.</summary>
    public ConcurrentDictionary<string, string> OpenIds { get; } = new();

    /// <summary>By its day; WeChat makes one of a day without trade neither.</summary>
    public ConcurrentDictionary<string, byte[]> Bills { get; } = new();

    /// <summary>A download ends before its end.</summary>
    public bool HalvesBills { get; set; }

    /// <summary>Refuses refunds for this; null for none.</summary>
    public string? RefundRefusal { get; set; }

    public sealed class Order
    {
        public required JsonObject Body { get; init; }
        public required string Way { get; init; }
        public string State { get; set; } = "NOTPAY";
        public string TransactionId { get; } = RandomNumberGenerator.GetString("0123456789", 28);
        public string Currency { get; set; } = "CNY";
        public Uri Notify => new(Body["notify_url"]!.GetValue<string>());
    }

    public sealed class Refund
    {
        public required JsonObject Body { get; init; }
        public string State { get; set; } = "PROCESSING";
        public string RefundId { get; } = RandomNumberGenerator.GetString("0123456789", 28);
        public Uri Notify => new(Body["notify_url"]!.GetValue<string>());
        public string TradeNumber => Body["out_trade_no"]!.GetValue<string>();
        public long Amount => Body["amount"]!["refund"]!.GetValue<long>();
    }

    public override ChannelAccountDetails Account => new(null, "WeChat", null, null, 0, true, AppId, MerchantId, Partner ? SubAppId : null,
        Partner ? SubMerchantId : null, Serial, KeyId,
        Platform.ExportSubjectPublicKeyInfoPem())
    {
        PrivateKey = Merchant.ExportPkcs8PrivateKeyPem(),
        ApiKey = ApiKey,
        AppSecret = AppSecret
    };

    public static async Task<FakeWeChatPay> StartAsync(TimeProvider clock, bool partner = false)
    {
        var server = new FakeWeChatPay(clock) { Partner = partner };
        await server.StartAsync();
        return server;
    }

    /// <summary>The driver pays.</summary>
    public Order Pay(Guid paymentId)
    {
        var order = Orders[paymentId.ToString("N")];
        Assert.True(order.State is "NOTPAY" or "USERPAYING", order.State);
        order.State = "SUCCESS";
        return order;
    }

    protected override string NameOf(HttpContext http) => $"{http.Request.Method} {Target(http).Split('?')[0]}";

    static string Target(HttpContext http) => http.Features.Get<IHttpRequestFeature>()!.RawTarget;

    protected override Task BreakAsync(HttpContext http) =>
        SendAsync(http, HttpStatusCode.InternalServerError, new JsonObject { ["code"] = "SYSTEM_ERROR" });

    protected override async Task AnswerAsync(HttpContext http, byte[] body)
    {
        var target = Target(http);
        if (http.Request.Path == "/sns/oauth2/access_token")
        {
            await http.Response.WriteAsJsonAsync(WhoIs(http.Request.Query));
            return;
        }
        if (target.StartsWith("/v3/billdownload/file?token=", StringComparison.Ordinal) && Unsigned(http.Request, target, "") is null)
        {
            var bill = Bills[target.Split('=')[1]];
            await http.Response.Body.WriteAsync(HalvesBills ? bill.AsMemory(0, bill.Length / 2) : bill);
            return;
        }
        var (status, code, answer) = Work(http.Request, target, Encoding.UTF8.GetString(body));
        if (code is not null)
            Refused.Enqueue($"{http.Request.Method} {target}: {code}");
        await SendAsync(http, status, code is null ? answer : new JsonObject { ["code"] = code.Split(' ')[0], ["message"] = code });
    }

    /// <summary>Of WeChat itself, not of WeChat Pay: it is not signed.</summary>
    JsonObject WhoIs(IQueryCollection query) =>
        AppSecret is not null && query["appid"] == AppId && query["secret"] == AppSecret && query["grant_type"] == "authorization_code"
        && OpenIds.TryRemove(query["code"].ToString(), out var openId)
            ? new() { ["access_token"] = "ACCESS_TOKEN", ["expires_in"] = 7200, ["openid"] = openId, ["scope"] = "snsapi_base" }
            : new() { ["errcode"] = 40029, ["errmsg"] = "invalid code" };

    (HttpStatusCode Status, string? Code, JsonObject? Answer) Work(HttpRequest request, string target, string body)
    {
        if (Unsigned(request, target, body) is { } wrong)
            return (HttpStatusCode.Unauthorized, "SIGN_ERROR " + wrong, null);
        if (request.Headers.UserAgent.Count == 0 || !request.Headers.Accept.ToString().Contains("application/json")
            || request.Headers["Wechatpay-Serial"] != KeyId || (request.Method == "POST" && request.ContentType?.StartsWith("application/json") != true))
            return (HttpStatusCode.BadRequest, "PARAM_ERROR headers", null);
        var (path, query) = (target.Split('?')[0], target.Contains('?') ? target.Split('?')[1] : "");
        if (path == "/v3/bill/tradebill" && request.Method == "GET")
            return Bill(request.Query, query);
        const string RefundRoot = "/v3/refund/domestic/refunds";
        if (path == RefundRoot && request.Method == "POST")
            return Take(JsonNode.Parse(body)!.AsObject());
        if (path.StartsWith(RefundRoot + "/", StringComparison.Ordinal) && request.Method == "GET")
            return query != (Partner ? $"sub_mchid={SubMerchantId}" : "") ? (HttpStatusCode.BadRequest, "PARAM_ERROR sub_mchid", null)
                : Refunds.TryGetValue(path[(RefundRoot.Length + 1)..], out var known) ? (HttpStatusCode.OK, null, Told(known))
                : (HttpStatusCode.NotFound, "RESOURCE_NOT_EXISTS", null);
        var root = Partner ? "/v3/pay/partner/transactions/" : "/v3/pay/transactions/";
        if (!path.StartsWith(root, StringComparison.Ordinal))
            return (HttpStatusCode.NotFound, "RESOURCE_NOT_EXISTS", null);
        return (request.Method, path[root.Length..].Split('/')) switch
        {
            ("POST", [("native" or "h5" or "jsapi") and var way]) => Begin(way, JsonNode.Parse(body)!.AsObject()),
            ("GET", ["out-trade-no", var number]) => query == (Partner ? $"sp_mchid={MerchantId}&sub_mchid={SubMerchantId}" : $"mchid={MerchantId}")
                ? Orders.TryGetValue(number, out var order) ? (HttpStatusCode.OK, null, Transaction(number, order))
                    : (HttpStatusCode.NotFound, "ORDER_NOT_EXIST", null)
                : (HttpStatusCode.BadRequest, "PARAM_ERROR mchid", null),
            ("POST", ["codepay"]) => TakeCode(JsonNode.Parse(body)!.AsObject()),
            ("POST", ["out-trade-no", var number, "reverse"]) => Reverse(number, JsonNode.Parse(body)!.AsObject()),
            ("POST", ["out-trade-no", var number, "close"]) => Close(number, JsonNode.Parse(body)!.AsObject()),
            _ => (HttpStatusCode.NotFound, "RESOURCE_NOT_EXISTS", null)
        };
    }

    (HttpStatusCode, string?, JsonObject?) Begin(string way, JsonObject order)
    {
        if (Misfilled(way, order) is { } field)
            return (HttpStatusCode.BadRequest, "PARAM_ERROR " + field, null);
        var number = order["out_trade_no"]!.GetValue<string>();
        var known = Orders.GetOrAdd(number, _ => new Order { Body = order, Way = way });
        if (known.Way != way || !JsonNode.DeepEquals(known.Body, order))
            return (HttpStatusCode.Forbidden, "OUT_TRADE_NO_USED", null);
        return known.State != "NOTPAY" ? (HttpStatusCode.BadRequest, "ORDERPAID", null) : (HttpStatusCode.OK, null, way == "native"
            ? new JsonObject { ["code_url"] = CodeOf(number) }
            : way == "jsapi" ? new JsonObject { ["prepay_id"] = PreparedOf(number) }
            : new JsonObject { ["h5_url"] = $"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={number}&package=1" });
    }

    /// <summary>What becomes of a payment by code: paid, a driver who is asked for the password, or why it is refused.</summary>
    public string CodeAnswer { get; set; } = "SUCCESS";

    (HttpStatusCode, string?, JsonObject?) TakeCode(JsonObject order)
    {
        string[] needed = [.. AppFields, "description", "out_trade_no", "payer", "amount", "scene_info"];
        if (needed.Except(order.Select(p => p.Key)).Concat(order.Select(p => p.Key).Except([.. needed, "sub_appid"])).FirstOrDefault() is { } field)
            return (HttpStatusCode.BadRequest, "PARAM_ERROR " + field, null);
        if (OtherApp(order) || order["payer"]!["auth_code"]!.GetValue<string>() is not { Length: 18 } || order["amount"]!["total"]!.GetValue<long>() < 1
            || order["scene_info"]!["store_info"]!["out_id"]!.GetValue<string>().Length is 0 or > 32)
            return (HttpStatusCode.BadRequest, "PARAM_ERROR values", null);
        var number = order["out_trade_no"]!.GetValue<string>();
        if (CodeAnswer is not ("SUCCESS" or "USERPAYING"))
            return (HttpStatusCode.Forbidden, CodeAnswer, null);
        var taken = new Order { Body = order, Way = "codepay", State = CodeAnswer };
        if (!Orders.TryAdd(number, taken))
            return (HttpStatusCode.Forbidden, "OUT_TRADE_NO_USED", null);
        return CodeAnswer is "USERPAYING" ? (HttpStatusCode.Accepted, "USERPAYING", null) : (HttpStatusCode.OK, null, Transaction(number, taken));
    }

    (HttpStatusCode, string?, JsonObject?) Reverse(string number, JsonObject who)
    {
        if (AppFields.Except(who.Select(p => p.Key)).Any() || OtherApp(who))
            return (HttpStatusCode.BadRequest, "PARAM_ERROR app", null);
        if (!Orders.TryGetValue(number, out var order))
            return (HttpStatusCode.NotFound, "ORDER_NOT_EXIST", null);
        order.State = "REVOKED";
        return (HttpStatusCode.OK, null, new JsonObject { ["out_trade_no"] = number });
    }

    string[] AppFields => Partner ? ["sp_appid", "sp_mchid", "sub_mchid"] : ["appid", "mchid"];

    bool OtherApp(JsonObject of) => of[Partner ? "sp_appid" : "appid"]!.GetValue<string>() != AppId
        || of[Partner ? "sp_mchid" : "mchid"]!.GetValue<string>() != MerchantId || (Partner && of["sub_mchid"]!.GetValue<string>() != SubMerchantId);

    /// <summary>What the code of an order contains.</summary>
    public static string CodeOf(string number) => $"weixin://wxpay/bizpayurl?pr={number[..9]}";

    /// <summary>The number of what is prepared in WeChat.</summary>
    public static string PreparedOf(string number) => $"wx{number}";

    /// <summary>Whether WeChat takes what the page hands to it.</summary>
    public static bool Takes(string time, string nonce, string package, string sign) => Merchant.VerifyData(
        Encoding.UTF8.GetBytes($"{AppId}\n{time}\n{nonce}\n{package}\n"), Convert.FromBase64String(sign), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>The field that is not as published; null where all are.</summary>
    string? Misfilled(string way, JsonObject order)
    {
        string[] needed =
        [
            .. AppFields, "description", "out_trade_no", "notify_url", "amount",
            .. way switch { "h5" => (string[])["scene_info"], "jsapi" => ["payer"], _ => [] }
        ];
        if (needed.FirstOrDefault(n => !order.ContainsKey(n)) is { } missing)
            return missing;
        if (order.Select(p => p.Key).Except([.. needed, "time_expire", .. Partner ? (string[])["sub_appid"] : []]).FirstOrDefault() is { } unknown)
            return unknown;
        string Text(string name) => order[name]!.GetValue<string>();
        return Text(Partner ? "sp_appid" : "appid") != AppId ? "appid"
            : Text(Partner ? "sp_mchid" : "mchid") != MerchantId ? "mchid"
            : Partner && Text("sub_mchid") != SubMerchantId ? "sub_mchid"
            : order["sub_appid"] is { } sub && sub.GetValue<string>() != SubAppId ? "sub_appid"
            : Text("description") is not { Length: > 0 and <= 127 } ? "description"
            : !TradeNumber.IsMatch(Text("out_trade_no")) ? "out_trade_no"
            : !Uri.TryCreate(Text("notify_url"), UriKind.Absolute, out var notify) || notify.Query.Length > 0 ? "notify_url"
            : !TimeOf3339.IsMatch(Text("time_expire"))
                || DateTimeOffset.Parse(Text("time_expire"), CultureInfo.InvariantCulture) <= Clock.GetUtcNow() ? "time_expire"
            : order["amount"] is not JsonObject { Count: 2 } amount || amount["total"]!.GetValue<long>() < 1
                || amount["currency"]!.GetValue<string>() != "CNY" ? "amount"
            : way == "jsapi" && !(order["payer"] is JsonObject { Count: 1 } payer
                && payer[Partner ? "sp_openid" : "openid"]?.GetValue<string>() is { Length: > 0 and <= 128 }) ? "payer"
            : way == "h5" && !(order["scene_info"] is JsonObject scene && IPAddress.TryParse(scene["payer_client_ip"]?.GetValue<string>(), out _)
                && scene["h5_info"]?["type"]?.GetValue<string>() is "iOS" or "Android" or "Wap") ? "scene_info"
            : null;
    }

    [GeneratedRegex(@"^[0-9a-zA-Z_\-|*]{6,32}$")]
    private static partial Regex TradeNumber { get; }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")]
    private static partial Regex TimeOf3339 { get; }

    (HttpStatusCode, string?, JsonObject?) Close(string number, JsonObject who)
    {
        JsonObject right = Partner ? new() { ["sp_mchid"] = MerchantId, ["sub_mchid"] = SubMerchantId } : new() { ["mchid"] = MerchantId };
        if (!JsonNode.DeepEquals(right, who))
            return (HttpStatusCode.BadRequest, "PARAM_ERROR mchid", null);
        if (!Orders.TryGetValue(number, out var order))
            return (HttpStatusCode.NotFound, "ORDER_NOT_EXIST", null);
        if (order.State == "SUCCESS")
            return (HttpStatusCode.BadRequest, "ORDERPAID", null);
        order.State = "CLOSED";
        return (HttpStatusCode.NoContent, null, null);
    }

    (HttpStatusCode, string?, JsonObject?) Take(JsonObject refund)
    {
        string[] needed = ["out_trade_no", "out_refund_no", "amount", .. Partner ? (string[])["sub_mchid"] : []];
        if (!refund.Select(p => p.Key).Where(k => k != "notify_url").Order(StringComparer.Ordinal).SequenceEqual(needed.Order(StringComparer.Ordinal)))
            return (HttpStatusCode.BadRequest, "PARAM_ERROR fields", null);
        if (Partner && refund["sub_mchid"]!.GetValue<string>() != SubMerchantId)
            return (HttpStatusCode.BadRequest, "PARAM_ERROR sub_mchid", null);
        var taken = new Refund { Body = refund };
        var amount = refund["amount"]!.AsObject();
        if (!amount.Select(p => p.Key).Order(StringComparer.Ordinal).SequenceEqual(["currency", "refund", "total"])
            || amount["currency"]!.GetValue<string>() != "CNY" || taken.Amount < 1 || (refund.ContainsKey("notify_url") && taken.Notify.Query.Length > 0))
            return (HttpStatusCode.BadRequest, "PARAM_ERROR amount", null);
        if (!Orders.TryGetValue(taken.TradeNumber, out var order) || order.State is not "SUCCESS")
            return (HttpStatusCode.NotFound, "RESOURCE_NOT_EXISTS", null);
        var total = order.Body["amount"]!["total"]!.GetValue<long>();
        if (amount["total"]!.GetValue<long>() != total)
            return (HttpStatusCode.BadRequest, "PARAM_ERROR total", null);
        if (RefundRefusal is { } refusal)
            return (HttpStatusCode.Forbidden, refusal, null);
        lock (Refunds)
        {
            var number = refund["out_refund_no"]!.GetValue<string>();
            if (Refunds.TryGetValue(number, out var known))
                return JsonNode.DeepEquals(known.Body, refund) ? (HttpStatusCode.OK, null, Told(known)) : (HttpStatusCode.BadRequest, "INVALID_REQUEST", null);
            if (Refunds.Values.Where(r => r.TradeNumber == taken.TradeNumber && r.State is "PROCESSING" or "SUCCESS").Sum(r => r.Amount) + taken.Amount > total)
                return (HttpStatusCode.BadRequest, "INVALID_REQUEST above", null);
            Refunds[number] = taken;
        }
        return (HttpStatusCode.OK, null, Told(taken));
    }

    /// <summary>A refund as answers tell of it.</summary>
    JsonObject Told(Refund refund) => new()
    {
        ["refund_id"] = refund.RefundId,
        ["out_refund_no"] = refund.Body["out_refund_no"]!.DeepClone(),
        ["transaction_id"] = Orders[refund.TradeNumber].TransactionId,
        ["out_trade_no"] = refund.TradeNumber,
        ["channel"] = "ORIGINAL",
        ["user_received_account"] = "招商银行信用卡0403",
        ["create_time"] = Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        ["status"] = refund.State,
        ["amount"] = new JsonObject
        {
            ["total"] = refund.Body["amount"]!["total"]!.DeepClone(),
            ["refund"] = refund.Amount,
            ["payer_total"] = refund.Body["amount"]!["total"]!.DeepClone(),
            ["payer_refund"] = refund.Amount,
            ["currency"] = "CNY"
        }
    };

    (HttpStatusCode, string?, JsonObject?) Bill(IQueryCollection query, string text) =>
        text != $"bill_date={query["bill_date"]}&bill_type=ALL{(Partner ? $"&sub_mchid={SubMerchantId}" : "")}"
            ? (HttpStatusCode.BadRequest, "PARAM_ERROR", null)
        : !Bills.TryGetValue(query["bill_date"].ToString(), out var bill) ? (HttpStatusCode.BadRequest, "NO_STATEMENT_EXIST", null)
        : bill.Length == 0 ? (HttpStatusCode.BadRequest, "STATEMENT_CREATING", null)
        : (HttpStatusCode.OK, null, new JsonObject
        {
            ["hash_type"] = "SHA1",
            ["hash_value"] = Convert.ToHexStringLower(SHA1.HashData(bill)),
            ["download_url"] = $"{Address}v3/billdownload/file?token={query["bill_date"]}"
        });

    /// <summary>What is told of a refund that has come to its end.</summary>
    public JsonObject Ended(Refund refund)
    {
        var told = Told(refund);
        foreach (var name in new[] { "channel", "create_time", "status" })
            told.Remove(name);
        told["amount"]!.AsObject().Remove("currency");
        told["refund_status"] = refund.State;
        told[Partner ? "sp_mchid" : "mchid"] = MerchantId;
        if (Partner)
            told["sub_mchid"] = SubMerchantId;
        return told;
    }

    /// <summary>An order as answers and notifications tell of it.</summary>
    public JsonObject Transaction(string number, Order order)
    {
        var told = new JsonObject
        {
            ["out_trade_no"] = number,
            ["trade_state"] = order.State,
            ["trade_state_desc"] = order.State,
            ["trade_type"] = order.Way switch { "native" => "NATIVE", "jsapi" => "JSAPI", "codepay" => "MICROPAY", _ => "MWEB" }
        };
        foreach (var name in new[] { "appid", "mchid", "sp_appid", "sp_mchid", "sub_appid", "sub_mchid" })
            if (order.Body[name] is { } value)
                told[name] = value.DeepClone();
        if (order.State == "SUCCESS")
        {
            told["transaction_id"] = order.TransactionId;
            told["amount"] = new JsonObject
            {
                ["total"] = order.Body["amount"]!["total"]!.DeepClone(),
                ["payer_total"] = order.Body["amount"]!["total"]!.DeepClone(),
                ["currency"] = order.Currency,
                ["payer_currency"] = "CNY"
            };
        }
        return told;
    }

    /// <summary>What is wrong with the request's signature; null where nothing is.</summary>
    string? Unsigned(HttpRequest request, string target, string body)
    {
        var header = request.Headers.Authorization.ToString();
        const string Scheme = "WECHATPAY2-SHA256-RSA2048 ";
        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
            return "scheme";
        var fields = Quoted.Matches(header[Scheme.Length..]).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        if (!fields.Keys.Order(StringComparer.Ordinal).SequenceEqual(["mchid", "nonce_str", "serial_no", "signature", "timestamp"]))
            return "fields";
        if (fields["mchid"] != MerchantId || fields["serial_no"] != Serial)
            return "merchant";
        if (!long.TryParse(fields["timestamp"], out var time) || Math.Abs(Clock.GetUtcNow().ToUnixTimeSeconds() - time) > 300)
            return "timestamp";
        if (fields["nonce_str"].Length is < 16 or > 32 || !nonces.TryAdd(fields["nonce_str"], 0))
            return "nonce_str";
        var message = $"{request.Method}\n{target}\n{time}\n{fields["nonce_str"]}\n{body}\n";
        return Merchant.VerifyData(Encoding.UTF8.GetBytes(message), Convert.FromBase64String(fields["signature"]), HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1) ? null : "signature";
    }

    [GeneratedRegex("""(\w+)="([^"]*)"(?:,|$)""")]
    private static partial Regex Quoted { get; }

    async Task SendAsync(HttpContext http, HttpStatusCode status, JsonObject? answer)
    {
        var body = answer is null ? [] : Encoding.UTF8.GetBytes(answer.ToJsonString());
        http.Response.StatusCode = (int)status;
        if (Mood is not Mood.Unsigned)
            foreach (var (name, value) in Sign(Mood is Mood.WrongSignature ? [.. body, 1] : body, Mood is Mood.UnknownSerial ? KeyId + "9" : KeyId,
                Mood is Mood.Stale ? TimeSpan.FromMinutes(6) : TimeSpan.Zero))
                http.Response.Headers[name] = value;
        if (body.Length > 0)
        {
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync(body);
        }
    }

    /// <summary>The headers of a signature by WeChat.</summary>
    public Dictionary<string, string> Sign(byte[] body, string serial = KeyId, TimeSpan ago = default)
    {
        var (time, nonce) = ((Clock.GetUtcNow() - ago).ToUnixTimeSeconds(), RandomNumberGenerator.GetHexString(32));
        return new()
        {
            ["Wechatpay-Serial"] = serial,
            ["Wechatpay-Timestamp"] = time.ToString(CultureInfo.InvariantCulture),
            ["Wechatpay-Nonce"] = nonce,
            ["Wechatpay-Signature"] = Convert.ToBase64String(Platform.SignData([.. Encoding.UTF8.GetBytes($"{time}\n{nonce}\n"), .. body, (byte)'\n'],
                HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        };
    }

    /// <summary>A notification about that, encrypted for the account.</summary>
    public byte[] Notice(JsonObject told, string? apiKey = null)
    {
        const string Nonce = "fdasfjihihih";
        var associated = told["refund_status"] is null ? "transaction" : "refund";
        var plain = Encoding.UTF8.GetBytes(told.ToJsonString());
        var (cipher, tag) = (new byte[plain.Length], new byte[16]);
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(apiKey ?? ApiKey), 16);
        aes.Encrypt(Encoding.UTF8.GetBytes(Nonce), plain, cipher, tag, Encoding.UTF8.GetBytes(associated));
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["id"] = Guid.NewGuid().ToString(),
            ["create_time"] = Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            ["event_type"] = told["refund_status"] is { } ended ? $"REFUND.{ended}" : "TRANSACTION.SUCCESS",
            ["resource_type"] = "encrypt-resource",
            ["resource"] = new JsonObject
            {
                ["algorithm"] = "AEAD_AES_256_GCM",
                ["ciphertext"] = Convert.ToBase64String([.. cipher, .. tag]),
                ["nonce"] = Nonce,
                ["associated_data"] = associated,
                ["original_type"] = associated
            }
        });
    }

    /// <summary>Calls the address that we gave, signed.</summary>
    public Task<HttpResponseMessage> CallAsync(Uri address, byte[] body) => CallAsync(address, body, Sign(body));

    public Task<HttpResponseMessage> CallAsync(Uri address, byte[] body, Dictionary<string, string> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Caller.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
