using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Core.Messages;

/// <summary>Aliyun's short messages, API 2017-05-25. It sends the same request twice where it comes twice, so what was not answered is looked for in its
/// list of the day before it is sent again.</summary>
sealed class AliyunSms(MessagePolicy policy, ChannelSecrets secrets, TimeProvider clock, ILogger<AliyunSms> log) : IMessageWay, IDisposable
{
    /// <summary>No template is named, so Aliyun would not know what to say.</summary>
    const string NoTemplate = "no-template";

    /// <summary>A page of its list has so many, and a telephone gets no more than four pages a day.</summary>
    const int PageSize = 50, MostPages = 4;

    /// <summary>It dates its lists by China's clock.</summary>
    static readonly TimeSpan ChinasOffset = TimeSpan.FromHours(8);

    /// <summary>What it says of a message that it will never send, however often it is asked. Whatever else it refuses is the account's trouble, or its own,
    /// and may be over later.</summary>
    static readonly string[] Never =
    [
        "isv.MOBILE_NUMBER_ILLEGAL", "isv.TEMPLATE_MISSING_PARAMETERS", "isv.TEMPLATE_PARAMS_ILLEGAL", "isv.INVALID_PARAMETERS", "isv.PARAM_LENGTH_LIMIT",
        "isv.PARAM_NOT_SUPPORT_URL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.SMS_CONTENT_ILLEGAL", "isv.INVALID_JSON_PARAM", "isv.DOMESTIC_NUMBER_NOT_SUPPORTED"
    ];

    readonly HttpClient http = Outside.Client(policy.Aliyun, 256 << 10);

    /// <inheritdoc/>
    public MessageProvider Provider => MessageProvider.Aliyun;

    /// <inheritdoc/>
    public bool TellsArrival => true;

    /// <inheritdoc/>
    public async Task<WayResult> SendAsync(MessageAccount account, Message message, CancellationToken ct)
    {
        if (message.Template.Length == 0)
            return new WayResult(WayAnswer.Failed, NoTemplate);
        var (answer, problem) = await CallAsync(account, "SendSms", new Dictionary<string, string>
        {
            ["PhoneNumbers"] = NumberOf(message),
            ["SignName"] = account.Sender,
            ["TemplateCode"] = message.Template,
            ["TemplateParam"] = message.Parameters,
            ["OutId"] = OutId(message)
        }, ct);
        return (problem, Text(answer, "Code")) switch
        {
            ({ } never, _) => never,
            (_, "OK") => new WayResult(WayAnswer.Accepted, Text(answer, "BizId") ?? ""),
            (_, null or "isp.SYSTEM_ERROR") => new WayResult(WayAnswer.Unclear),
            (_, { } code) => new WayResult(Never.Contains(code) ? WayAnswer.Failed : WayAnswer.NotTaken, code)
        };
    }

    /// <inheritdoc/>
    public async Task<WayResult> AskAsync(MessageAccount account, Message message, CancellationToken ct)
    {
        var tried = message.TriedAt!.Value.ToOffset(ChinasOffset);
        // A request of the last minutes of a day may stand in the list of the next.
        foreach (var day in new[] { tried, tried.AddMinutes(10) }.Select(t => t.ToString("yyyyMMdd", CultureInfo.InvariantCulture)).Distinct())
            for (var page = 1; page <= MostPages; page++)
            {
                var parameters = new Dictionary<string, string>
                {
                    ["PhoneNumber"] = NumberOf(message),
                    ["SendDate"] = day,
                    ["PageSize"] = PageSize.ToString(CultureInfo.InvariantCulture),
                    ["CurrentPage"] = page.ToString(CultureInfo.InvariantCulture)
                };
                if (message.Reference.Length > 0)
                    parameters["BizId"] = message.Reference;
                var (answer, problem) = await CallAsync(account, "QuerySendDetails", parameters, ct);
                if (problem is not null || Text(answer, "Code") is not "OK" || answer?["SmsSendDetailDTOs"]?["SmsSendDetailDTO"] is not JsonArray list)
                    return new WayResult(WayAnswer.Unclear);
                if (Find(list, OutId(message)) is { } found)
                    return found;
                if (list.Count < PageSize)
                    break;
            }
        return new WayResult(WayAnswer.NotFound);
    }

    /// <summary>What its list says of the message. A receipt may stand there more than once: that it arrived is its last word.</summary>
    static WayResult? Find(JsonArray list, string outId)
    {
        var ours = list.OfType<JsonObject>().Where(d => Text(d, "OutId") == outId)
            .Select(d => (Status: Text(d, "SendStatus"), Code: Text(d, "ErrCode") ?? "")).ToList();
        return ours.Count == 0 ? null
            : ours.Exists(d => d.Status is "3") ? new WayResult(WayAnswer.Delivered)
            : ours.Find(d => d.Status is "2") is { Status: not null } failed ? new WayResult(WayAnswer.Failed, failed.Code)
            : new WayResult(WayAnswer.Accepted);
    }

    /// <returns>Its answer, whatever it says; or what can be said without one.</returns>
    async Task<(JsonObject? Answer, WayResult? Problem)> CallAsync(MessageAccount account, string action, Dictionary<string, string> parameters,
        CancellationToken ct)
    {
        var query = AliyunSignature.Query(parameters);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/?" + query);
        try
        {
            foreach (var (name, value) in AliyunSignature.Headers(account.User, account.Open(secrets), policy.Aliyun.Authority, action, "2017-05-25", query,
                clock.Now(), RandomNumberGenerator.GetHexString(32, lowercase: true)))
                request.Headers.TryAddWithoutValidation(name, value);
        }
        catch (CryptographicException)
        {
            return (null, new WayResult(WayAnswer.NotTaken, Message.NoSecret)); // it was sealed by another installation, and must be entered anew
        }
        request.Headers.Accept.ParseAdd("application/json");
        using var patience = new CancellationTokenSource(policy.Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using var response = await http.SendAsync(request, both.Token);
            var answer = Json(await response.Content.ReadAsByteArrayAsync(both.Token));
            if (response.StatusCode >= HttpStatusCode.InternalServerError)
                log.LogWarning("Aliyun answers {Status} to {Action} of account {Account}", (int)response.StatusCode, action, account.Id);
            return response.StatusCode >= HttpStatusCode.InternalServerError ? (null, new WayResult(WayAnswer.Unclear)) : (answer, null);
        }
        // Nobody answered the call at all.
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError)
        {
            log.LogWarning("Aliyun is out of reach for account {Account}: {Problem}", account.Id, e.HttpRequestError);
            return (null, new WayResult(WayAnswer.NotTaken, Message.Unreachable));
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            log.LogWarning("Aliyun gives no answer for account {Account}: {Problem}", account.Id, e.GetType().Name);
            return (null, new WayResult(WayAnswer.Unclear));
        }
    }

    static string OutId(Message message) => message.Id.ToString("N");

    /// <summary>Numbers of the mainland without their country, others with it; never with a plus.</summary>
    static string NumberOf(Message message) =>
        message.Address!.StartsWith("+86", StringComparison.Ordinal) ? message.Address[3..] : message.Address[1..];

    static JsonObject? Json(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>A text or a number, as text.</summary>
    static string? Text(JsonObject? of, string name) => of?[name] is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
