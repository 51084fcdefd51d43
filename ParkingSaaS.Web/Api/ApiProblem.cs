using Microsoft.AspNetCore.Mvc;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Web.Api;

/// <summary>Refusals as problem details (RFC 9457) with a stable code.</summary>
static class ApiProblem
{
    /// <summary>Fields of the request are not acceptable.</summary>
    public static IResult Invalid(params IEnumerable<TariffProblem> problems) => Results.Problem(
        title: "The request is not valid.", statusCode: StatusCodes.Status400BadRequest, extensions: new Dictionary<string, object?>
        {
            ["code"] = "invalid",
            ["errors"] = Fields(problems)
        });

    /// <summary>Problems as they are told.</summary>
    public static List<ApiFieldError> Fields(IEnumerable<TariffProblem> problems) =>
        [.. problems.Select(p => new ApiFieldError(p.Path, p.Code, p.Message))];

    /// <summary>Any other refusal.</summary>
    public static IResult Of(int status, string code, string title) =>
        Results.Problem(title: title, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>Gives a code to refusals that come from the framework.</summary>
    public static void AddCode(ProblemDetailsContext context)
    {
        context.ProblemDetails.Extensions.TryAdd("code", context.ProblemDetails.Status switch
        {
            400 => "malformed",
            401 => "token-missing-or-invalid",
            403 => "forbidden",
            404 => "not-found",
            405 => "method-not-allowed",
            413 => "too-large",
            415 => "unsupported-media-type",
            429 => "too-many-requests",
            503 => "not-ready",
            < 500 => "refused",
            _ => "internal"
        });
        context.ProblemDetails.Instance = null;
    }
}

/// <summary>What is wrong with a field.</summary>
/// <param name="Path">JSON pointer into the body, or the parameter's name.</param>
/// <param name="Code">Stable.</param>
/// <param name="Message">English, for people.</param>
sealed record ApiFieldError(string Path, string Code, string Message);

/// <summary>The body of every refusal.</summary>
sealed record ApiRefusal(string Type, string Title, int Status, string Code, IReadOnlyList<ApiFieldError>? Errors);
