using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Api;

/// <summary>Prices stays under a tariff that the caller brings along.</summary>
static class QuotesApi
{
    const int MaxBody = 1 << 20;

    /// <summary>What is received and thrown away, so that whoever sends too much reads why instead of finding the line cut.</summary>
    public const int MaxReceived = 64 << 20;

    public static async Task<IResult> QuoteAsync(HttpContext http, ApiCaller caller, CitySessions sessions, CalendarsInForce calendars,
        CancellationToken ct)
    {
        if (!http.Request.HasJsonContentType())
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        QuoteAnswer answer;
        try
        {
            if (await ReadAsync(http.Request, ct) is not { } json)
                return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            await using var s = await sessions.OpenAsync(caller.Actor, TariffPermissions.View, ct);
            var calendar = await calendars.GetAsync(s, null, ct);
            answer = QuoteRequest.Answer(json, s.City.Zone, calendar.Days, calendar.Notes);
        }
        catch (BadHttpRequestException e)
        {
            return Results.StatusCode(e.StatusCode);
        }
        return answer.Quotes is { } quotes
            ? Results.Json(new ApiQuotes(quotes, ApiProblem.Fields(answer.Problems)), TariffJson.Options)
            : ApiProblem.Invalid(answer.Problems);
    }

    static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MaxBody)
            return null;
        var buffer = new byte[request.ContentLength ?? MaxBody + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (length > MaxBody)
            return null;
        return buffer.AsMemory(0, length);
    }
}

/// <summary>The fees, in the order of the stays.</summary>
/// <param name="Quotes">The fees.</param>
/// <param name="Warnings">Why the tariff could not be published as it is.</param>
sealed record ApiQuotes(IReadOnlyList<FeeQuote> Quotes, IReadOnlyList<ApiFieldError> Warnings);
