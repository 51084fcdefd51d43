using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Gateways;

/// <summary>How the fake behaves from now on.</summary>
public enum SmsMood
{
    Well,

    /// <summary>Connections end without an answer, and nothing is taken.</summary>
    Down,

    /// <summary>Answers 500, and nothing is taken.</summary>
    Broken,

    /// <summary>Takes messages, and answers nothing for as long as anybody waits; its lists neither.</summary>
    Slow,

    /// <summary>Takes messages, and ends the connection instead of an answer; its lists tell of them.</summary>
    TakesWithoutAWord,

    /// <summary>Refuses for <see cref="FakeAliyunSms.Refusal"/>.</summary>
    Refuses
}

/// <summary>Aliyun's short messages on a port of their own. It works out from what really came whether the request is signed as published (signature V3), and
/// refuses what is not.</summary>
public sealed class FakeAliyunSms : IAsyncDisposable
{
    public const string KeyId = "LTAI5tFakeKeyOfTests", Secret = "fakeSecretOfTests0123456789abc", Sign = "停车服务";

    readonly WebApplication app;
    readonly TimeProvider clock;
    readonly ConcurrentDictionary<string, byte> nonces = new();

    FakeAliyunSms(WebApplication app, TimeProvider clock) => (this.app, this.clock) = (app, clock);

    public Uri Address => new(app.Urls.Single());

    public SmsMood Mood { get; set; }

    /// <summary>Its code where it refuses.</summary>
    public string Refusal { get; set; } = "isv.BUSINESS_LIMIT_CONTROL";

    /// <summary>What it took, in order.</summary>
    public ConcurrentQueue<Taken> Messages { get; } = new();

    /// <summary>What was asked, whatever came of it.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What it refused for its form or signature, and why.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    /// <param name="Number">The telephone as it was given.</param>
    public sealed record Taken(string OutId, string BizId, string Number, string Template, JsonObject Parameters, DateTimeOffset At)
    {
        /// <summary>1 on its way, 2 failed, 3 delivered.</summary>
        public int Status { get; set; } = 1;
        public string Code { get; set; } = "";

        /// <summary>So often its receipt stands in the list.</summary>
        public int Receipts { get; set; } = 1;
    }

    public static async Task<FakeAliyunSms> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeAliyunSms(app, clock);
        app.Run(server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    async Task AnswerAsync(HttpContext http)
    {
        var action = http.Request.Headers["x-acs-action"].ToString();
        Asked.Enqueue(action);
        if (Mood is SmsMood.Down)
        {
            http.Abort();
            return;
        }
        var (status, answer) = Mood is SmsMood.Broken ? (HttpStatusCode.InternalServerError, Said("InternalError")) : Work(http.Request, action);
        if (answer["Code"]!.GetValue<string>() is not "OK" and var code && Mood is not (SmsMood.Broken or SmsMood.Refuses))
            Refused.Enqueue(code);
        if (Mood is SmsMood.TakesWithoutAWord && action == "SendSms")
        {
            http.Abort();
            return;
        }
        if (Mood is SmsMood.Slow)
        {
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = http.RequestAborted.Register(gone.SetResult);
            await gone.Task.InTimeAsync();
            return;
        }
        http.Response.StatusCode = (int)status;
        await http.Response.WriteAsJsonAsync(answer);
    }

    (HttpStatusCode, JsonObject) Work(HttpRequest request, string action)
    {
        if (Unsigned(request) is { } wrong)
            return (HttpStatusCode.BadRequest, Said(wrong));
        if (request.Method != "POST" || request.Path != "/" || request.Headers["x-acs-version"] != "2017-05-25")
            return (HttpStatusCode.NotFound, Said("InvalidAction.NotFound"));
        return action switch
        {
            "SendSms" => (HttpStatusCode.OK, Send(request.Query)),
            "QuerySendDetails" => (HttpStatusCode.OK, List(request.Query)),
            _ => (HttpStatusCode.NotFound, Said("InvalidAction.NotFound"))
        };
    }

    JsonObject Send(IQueryCollection query)
    {
        if (query.Keys.Order(StringComparer.Ordinal).SequenceEqual(["OutId", "PhoneNumbers", "SignName", "TemplateCode", "TemplateParam"]) is false)
            return Said("MissingParameter");
        var number = query["PhoneNumbers"].ToString();
        if (!number.All(char.IsAsciiDigit) || number.Length < 7)
            return Said("isv.MOBILE_NUMBER_ILLEGAL");
        if (query["SignName"] != Sign)
            return Said("isv.SMS_SIGNATURE_ILLEGAL");
        if (Mood is SmsMood.Refuses)
            return Said(Refusal);
        var taken = new Taken(query["OutId"].ToString(), RandomNumberGenerator.GetString("0123456789", 12) + "^0", number, query["TemplateCode"].ToString(),
            JsonNode.Parse(query["TemplateParam"].ToString())!.AsObject(), clock.GetUtcNow());
        Messages.Enqueue(taken);
        var answer = Said("OK");
        answer["BizId"] = taken.BizId;
        return answer;
    }

    JsonObject List(IQueryCollection query)
    {
        var biz = query["BizId"].ToString();
        var of = Messages.Where(m => m.Number == query["PhoneNumber"] && (biz == "" || biz == m.BizId)
            && m.At.ToOffset(TimeSpan.FromHours(8)).ToString("yyyyMMdd", CultureInfo.InvariantCulture) == query["SendDate"]).ToList();
        var (size, page) = (int.Parse(query["PageSize"].ToString(), CultureInfo.InvariantCulture),
            int.Parse(query["CurrentPage"].ToString(), CultureInfo.InvariantCulture));
        var answer = Said("OK");
        answer["TotalCount"] = of.Count;
        answer["SmsSendDetailDTOs"] = new JsonObject
        {
            ["SmsSendDetailDTO"] = new JsonArray([.. of.SelectMany(m => Enumerable.Repeat(m, m.Receipts)).Skip(size * (page - 1)).Take(size)
                .Select(m => new JsonObject
                {
                    ["PhoneNum"] = m.Number,
                    ["SendStatus"] = m.Status,
                    ["ErrCode"] = m.Code,
                    ["TemplateCode"] = m.Template,
                    ["OutId"] = m.OutId
                })])
        };
        return answer;
    }

    static JsonObject Said(string code) => new() { ["Code"] = code, ["Message"] = code, ["RequestId"] = Guid.NewGuid().ToString() };

    /// <summary>What is wrong with the signature; null where it is right.</summary>
    string? Unsigned(HttpRequest request)
    {
        var parts = request.Headers.Authorization.ToString().Split(' ', 2);
        if (parts is not ["ACS3-HMAC-SHA256", var rest])
            return "MissingAuthorization";
        var fields = rest.Split(',').Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => f[1]);
        if (fields["Credential"] != KeyId)
            return "InvalidAccessKeyId.NotFound";
        var signed = fields["SignedHeaders"].Split(';');
        var needed = request.Headers.Keys.Select(k => k.ToLowerInvariant()).Where(k => k == "host" || k.StartsWith("x-acs-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        if (!signed.SequenceEqual(needed) || !signed.Contains("x-acs-action") || !signed.Contains("x-acs-signature-nonce"))
            return "IncompleteSignature";
        if (!DateTimeOffset.TryParseExact(request.Headers["x-acs-date"], "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var at) || (clock.GetUtcNow() - at).Duration() > TimeSpan.FromMinutes(15))
            return "InvalidTimeStamp.Expired";
        if (!nonces.TryAdd(request.Headers["x-acs-signature-nonce"].ToString(), 0))
            return "SignatureNonceUsed";
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var query = target.Contains('?') ? target[(target.IndexOf('?') + 1)..] : "";
        var canonical = string.Join('\n',
        [
            request.Method, target.Split('?')[0], string.Join('&', query.Split('&').Order(StringComparer.Ordinal)),
            string.Concat(signed.Select(h => $"{h}:{request.Headers[h].ToString().Trim()}\n")), fields["SignedHeaders"],
            request.Headers["x-acs-content-sha256"].ToString()
        ]);
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret),
            Encoding.UTF8.GetBytes("ACS3-HMAC-SHA256\n" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))));
        return Convert.ToHexStringLower(mac) == fields["Signature"] && request.Headers["x-acs-content-sha256"] == Convert.ToHexStringLower(SHA256.HashData([]))
            ? null : "SignatureDoesNotMatch";
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
