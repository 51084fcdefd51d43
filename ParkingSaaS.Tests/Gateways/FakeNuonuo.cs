using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Gateways;

/// <summary>诺诺 on a port of its own. It works out from what really came whether the request is signed and filled in as published, and refuses what is
/// not.</summary>
public sealed class FakeNuonuo : IAsyncDisposable
{
    public const string TaxNumber = "91440300MA5DEMQ01H", Goods = "停车服务费";

    readonly WebApplication app;
    readonly TimeProvider clock;
    readonly ConcurrentDictionary<string, byte> serials = new();
    readonly ConcurrentDictionary<string, byte> tokens = new();

    FakeNuonuo(WebApplication app, TimeProvider clock) => (this.app, this.clock) = (app, clock);

    public string Key { get; } = "SD" + RandomNumberGenerator.GetString("0123456789", 8);

    public string Secret { get; } = RandomNumberGenerator.GetHexString(16);

    public Uri Address => new(app.Urls.Single());

    public Mood Mood { get; set; }

    /// <summary>It refuses new invoices for this; null for none.</summary>
    public string? Refusal { get; set; }

    /// <summary>What became of those that it took up, from now on: 20 under way, 2 issued, 22 failed.</summary>
    public string Status { get; set; } = "20";

    /// <summary>Why those fail that do.</summary>
    public string Cause { get; set; } = "开票员未登录";

    /// <summary>It takes up what it is handed, and says nothing.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>What it says that issued invoices come to, more than they do.</summary>
    public decimal TooMuch { get; set; }

    /// <summary>By our number.</summary>
    public ConcurrentDictionary<string, JsonObject> Orders { get; } = new();

    /// <summary>By our number.</summary>
    public ConcurrentDictionary<string, JsonObject> Reversals { get; } = new();

    /// <summary>The methods that were asked, and <c>token</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What it refused, and why.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    /// <summary>An issuer that it knows, as a person enters it.</summary>
    public IssuerDetails Issuer => new(null, "深圳停车有限公司", TaxNumber, null, null, true, "深圳市福田区", "0755-82000000", "工商银行福田支行", "4000022109200000001",
        900, Goods, Core.Invoices.Issuer.Parking, "张三", "nuonuo", Key)
    {
        AppSecret = Secret
    };

    public static async Task<FakeNuonuo> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeNuonuo(app, clock);
        app.Run(server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The number that it gives an invoice.</summary>
    public static string NumberOf(string serial) => "26442000000" + serial[..9];

    async Task AnswerAsync(HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes);
        var body = Encoding.UTF8.GetString(bytes.ToArray());
        var method = http.Request.Path == "/accessToken" ? "token" : http.Request.Headers["method"].ToString().Split('.')[^1];
        Asked.Enqueue(method);
        switch (Mood)
        {
            case Mood.Down:
                http.Abort();
                return;
            case Mood.Slow:
                await GoneAsync(http);
                return;
            case Mood.Broken:
                http.Response.StatusCode = 500;
                return;
        }
        var answer = method == "token" ? Lend(http.Request, body) : Work(http.Request, method, body);
        if (answer["code"] is { } code && code.GetValue<string>() is not ("E0000" or "E9500"))
            Refused.Enqueue($"{method}: {answer["describe"]}");
        if (LosesAnswers && (method is "requestBillingNew" or "saveInvoiceRedConfirm"))
            http.Abort();
        else
            await http.Response.WriteAsync(answer.ToJsonString());
    }

    /// <summary>Whoever asked has given up.</summary>
    static async Task GoneAsync(HttpContext http)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = http.RequestAborted.Register(gone.SetResult);
        await gone.Task.InTimeAsync();
    }

    JsonObject Lend(HttpRequest request, string body)
    {
        if (request.Method != "POST" || body != $"client_id={Key}&client_secret={Secret}&grant_type=client_credentials")
            return new JsonObject { ["error"] = "070301", ["error_description"] = "bad credentials" };
        var token = RandomNumberGenerator.GetHexString(32);
        tokens[token] = 0;
        return new JsonObject { ["access_token"] = token, ["expires_in"] = 86400 };
    }

    static JsonObject Say(string code, string describe, JsonNode? result = null) => new() { ["code"] = code, ["describe"] = describe, ["result"] = result };

    JsonObject Work(HttpRequest request, string method, string body)
    {
        if (Unsigned(request, body) is { } wrong)
            return Say("070101", wrong);
        var content = JsonNode.Parse(body)!.AsObject();
        return method switch
        {
            "requestBillingNew" => Issue(content["order"]!.AsObject()),
            "queryInvoiceResult" => Find(content["orderNos"]![0]!.GetValue<string>()),
            "saveInvoiceRedConfirm" => Reverse(content),
            "queryInvoiceRedConfirm" => Reversals.TryGetValue(content["billId"]!.GetValue<string>(), out _) && content["identity"]!.GetValue<string>() == "0"
                ? Say("E0000", "", new JsonObject { ["total"] = 1, ["list"] = new JsonArray(Form()) })
                : Say("E0000", "", new JsonObject { ["total"] = 0, ["list"] = new JsonArray() }),
            _ => Say("070201", "method")
        };
    }

    JsonObject Form() => new() { ["billStatus"] = Status == "22" ? "16" : "01", ["billMessage"] = Status == "22" ? Cause : "" };

    /// <summary>What of the request is not as published; null where all is.</summary>
    string? Unsigned(HttpRequest request, string body)
    {
        var q = request.Query;
        string One(string name) => q[name].ToString();
        if (request.Path != "/open/v1/services" || request.Method != "POST" || request.ContentType?.StartsWith("application/json") != true)
            return "address";
        if (One("appkey") != Key || One("senid").Length != 32 || !serials.TryAdd(One("senid"), 0) || One("nonce").Length != 8)
            return "public fields";
        if (!long.TryParse(One("timestamp"), CultureInfo.InvariantCulture, out var time) || Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - time) > 300)
            return "timestamp";
        if (!tokens.ContainsKey(request.Headers["accessToken"].ToString()) || request.Headers["userTax"] != TaxNumber)
            return "accessToken";
        var signed = $"a=services&l=v1&p=open&k={Key}&i={One("senid")}&n={One("nonce")}&t={One("timestamp")}&f={body}";
#pragma warning disable CA5350
        var sign = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
        return request.Headers["X-Nuonuo-Sign"] == sign ? null : "sign";
    }

    JsonObject Issue(JsonObject order)
    {
        if (Refusal is { } refusal)
            return Say("E9202", refusal);
        if (Misfilled(order) is { } field)
            return Say("E9101", field);
        return Orders.TryAdd(order["orderNo"]!.GetValue<string>(), order)
            ? Say("E0000", "开票提交成功", new JsonObject { ["invoiceSerialNum"] = RandomNumberGenerator.GetString("0123456789", 20) })
            : Say("E9106", "订单编号不能重复");
    }

    static string Text(JsonObject from, string name) => from[name]?.GetValue<string>() ?? "";

    static decimal Number(JsonObject from, string name) => decimal.Parse(Text(from, name), CultureInfo.InvariantCulture);

    /// <summary>The field that is not as published; null where all are.</summary>
    static string? Misfilled(JsonObject order)
    {
        if (Text(order, "buyerName") is not { Length: > 0 and <= 100 })
            return "buyerName";
        if (Text(order, "salerTaxNum") != TaxNumber || Text(order, "orderNo") is not { Length: > 0 and <= 20 }
            || Text(order, "clerk") is not { Length: > 0 and <= 8 })
            return "seller";
        if (Text(order, "invoiceType") != "1" || Text(order, "invoiceLine") != "pc" || !DateTime.TryParseExact(Text(order, "invoiceDate"),
                "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return "kind";
        var (mail, phone) = (Text(order, "email").Length > 0, Text(order, "buyerPhone").Length > 0);
        if (Text(order, "pushMode") != (mail && phone ? "2" : mail ? "0" : phone ? "1" : "-1"))
            return "pushMode";
        return order["invoiceDetail"] is JsonArray { Count: > 0 } lines
            ? lines.Select(l => MisfilledLine(l!.AsObject())).FirstOrDefault(wrong => wrong is not null) : "invoiceDetail";
    }

    /// <summary>Of a line: what there is with and without the tax, and by the rate, to the fen.</summary>
    static string? MisfilledLine(JsonObject line)
    {
        var (gross, net, tax, rate) = (Number(line, "taxIncludedAmount"), Number(line, "taxExcludedAmount"), Number(line, "tax"), Number(line, "taxRate"));
        return Text(line, "goodsName").Length == 0 || Text(line, "goodsCode").Length != 19 || Text(line, "withTaxFlag") != "1" ? "goods"
            : gross <= 0 || net + tax != gross || Number(line, "price") * Number(line, "num") != gross ? "amounts"
            : Math.Abs(net * rate - tax) > 0.01m ? "tax" : null;
    }

    JsonObject Find(string serial)
    {
        var reversed = Reversals.TryGetValue(serial, out var reversal);
        if (!Orders.TryGetValue(reversed ? Original(reversal!) : serial, out var order))
            return Say("E9500", "未查询到发票");
        var lines = order["invoiceDetail"]!.AsArray().Select(l => l!.AsObject()).ToList();
        var sign = reversed ? -1 : 1;
        return Say("E0000", "", new JsonArray(new JsonObject
        {
            ["orderNo"] = serial,
            ["status"] = Status,
            ["statusMsg"] = Status,
            ["failCause"] = Status == "22" ? Cause : "",
            ["allElectronicInvoiceNumber"] = Status == "2" ? NumberOf(serial) : "",
            ["invoiceTime"] = Status == "2" ? clock.GetUtcNow().ToUnixTimeMilliseconds() : null,
            ["exTaxAmount"] = (sign * (lines.Sum(l => Number(l, "taxExcludedAmount")) + TooMuch)).ToString(CultureInfo.InvariantCulture),
            ["taxAmount"] = (sign * lines.Sum(l => Number(l, "tax"))).ToString(CultureInfo.InvariantCulture),
            ["payerName"] = Text(order, "buyerName"),
            ["pdfUrl"] = Status == "2" ? $"https://fp.example.org/{serial}.pdf" : ""
        }));
    }

    string Original(JsonObject reversal) => Orders.Keys.First(serial => NumberOf(serial) == Text(reversal, "blueElecInvoiceNumber"));

    JsonObject Reverse(JsonObject form)
    {
        if (Refusal is { } refusal)
            return Say("E9701", refusal);
        if (Text(form, "billId") is not { Length: > 0 and <= 32 } id || Text(form, "orderNo") is not { Length: > 0 and <= 20 }
            || Text(form, "blueInvoiceLine") != "pc" || Text(form, "applySource") != "0" || Text(form, "sellerTaxNo") != TaxNumber
            || Text(form, "redReason") is not ("1" or "2" or "3" or "4"))
            return Say("E9101", "form");
        if (!Orders.Keys.Any(serial => NumberOf(serial) == Text(form, "blueElecInvoiceNumber")))
            return Say("E9702", "未找到蓝票");
        return Reversals.TryAdd(id, form) ? Say("E0000", "成功", id) : Say("E9106", "billId");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
