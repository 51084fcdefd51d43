using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Passes;

/// <summary>How pages of passes word things.</summary>
static class PassWords
{
    /// <summary>What a product costs and for how long: <c>¥300.00 / Month, of the calendar</c>.</summary>
    public static string Price(this IStringLocalizer<Texts> texts, PassProduct product, PageCurrency currency) =>
        $"{product.Price.In(currency)} / {texts.Of(product.Term)}"
        + (product.Term is PassTerm.Day ? "" : product.Natural ? " · " + texts["calendar-based"] : " · " + texts["rolling"])
        + (product.OfferTerms is { } from ? " · " + texts["from {0}: {1}% off, {2} extra days", from, product.OfferPercent, product.OfferDays] : "");

    /// <summary>Plates as people type or paste them.</summary>
    public static string[] Plates(string? text) =>
        (text ?? "").Split(['\n', ',', ';', '，', '、', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
