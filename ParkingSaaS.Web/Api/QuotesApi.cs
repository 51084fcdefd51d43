using System.Text.Json;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.Web.Api;

/// <summary>Prices stays under a tariff that the caller brings along.</summary>
static class QuotesApi
{
    public static async Task<IResult> QuoteAsync(HttpContext http, CityContext context, CancellationToken ct)
    {
        if (!http.Request.HasJsonContentType())
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        QuoteAnswer answer;
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false }, ct);
            answer = QuoteRequest.Answer(body.RootElement, context.City!.Zone);
        }
        catch (JsonException)
        {
            return ApiProblem.Invalid(new TariffProblem("", "json.malformed", "Must be JSON without repeated fields, not deeper than 64"));
        }
        catch (BadHttpRequestException e)
        {
            return Results.StatusCode(e.StatusCode);
        }
        return answer.Quotes is { } quotes ? Results.Json(new ApiQuotes(quotes), TariffJson.Options) : ApiProblem.Invalid(answer.Problems);
    }
}

/// <summary>The fees, in the order of the stays.</summary>
sealed record ApiQuotes(IReadOnlyList<FeeQuote> Quotes);
