using Microsoft.Extensions.Localization;

namespace ParkingSaaS.Web.Payments;

/// <summary>How pages word what was paid.</summary>
static class PaymentWords
{
    /// <summary>The name of a payment channel.</summary>
    public static string Method(this IStringLocalizer<Texts> texts, string code) =>
        texts["method." + code] is { ResourceNotFound: false } known ? known.Value : code;
}
