using Microsoft.AspNetCore.Mvc;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Drivers;

/// <summary>Where Alipay tells what became of a payment. It is open, and believes nothing but Alipay's signature.</summary>
static class AlipayNotices
{
    public static void MapAlipayNotices(this IEndpointRouteBuilder app) =>
        app.MapPost("/pay/alipay/{accountId:guid}", async (HttpContext http, Guid accountId, CityContext context, TakeAlipayNotice take,
            ILogger<TakeAlipayNotice> log, CancellationToken ct) =>
        {
            if (context.City is not { } city)
                return Results.NotFound();
            IFormCollection form;
            try
            {
                form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(ct) : FormCollection.Empty;
            }
            catch (Exception e) when (e is BadHttpRequestException or InvalidDataException)
            {
                return Fail(e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest);
            }
            var result = await take.RunAsync(city.Code, accountId, form.ToDictionary(p => p.Key, p => p.Value.ToString()), ct);
            if (result.Ok)
                return Results.Text("success");
            log.LogWarning("A notification of Alipay for account {Account} is refused: {Why}", accountId,
                result.Error is NoticeRefused refused ? refused.Part : result.Error!.Code);
            return Fail(result.Error is NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest);
        }).AllowAnonymous().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(TakeAlipayNotice.MaxBytes));

    /// <summary>Anything but success: it tells again later.</summary>
    static IResult Fail(int status) => Results.Text("failure", statusCode: status);
}
