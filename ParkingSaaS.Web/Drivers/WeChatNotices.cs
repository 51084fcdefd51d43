using Microsoft.AspNetCore.Mvc;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Drivers;

/// <summary>Where WeChat Pay tells that a payment is paid. It is open, and believes nothing but WeChat's signature.</summary>
static class WeChatNotices
{
    public static void MapWeChatNotices(this IEndpointRouteBuilder app) =>
        app.MapPost("/pay/wechat/{accountId:guid}", async (HttpContext http, Guid accountId, CityContext context, TakeWeChatNotice take,
            ILogger<TakeWeChatNotice> log, CancellationToken ct) =>
        {
            if (context.City is not { } city)
                return Results.NotFound();
            using var body = new MemoryStream();
            try
            {
                await http.Request.Body.CopyToAsync(body, ct);
            }
            catch (BadHttpRequestException e)
            {
                return Fail(e.StatusCode, "body");
            }
            var result = await take.RunAsync(city.Code, accountId, WeChatSignature.Read(name => http.Request.Headers[name]), body.ToArray(), ct);
            if (result.Ok)
                return Results.NoContent();
            var why = result.Error is NoticeRefused refused ? refused.Part : result.Error!.Code;
            log.LogWarning("A notification of WeChat Pay for account {Account} is refused: {Why}", accountId, why);
            return Fail(result.Error is NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest, why);
        }).AllowAnonymous().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(TakeWeChatNotice.MaxBytes));

    /// <summary>As WeChat wants to be refused; it tells again later.</summary>
    static IResult Fail(int status, string why) => Results.Json(new Refusal("FAIL", why), statusCode: status);

    sealed record Refusal(string Code, string Message);
}
