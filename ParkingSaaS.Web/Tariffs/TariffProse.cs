using System.Globalization;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tariffs;

/// <summary>A tariff in the words that people read: on its page and on the price board alike, so that sign and bill cannot differ.
/// Everything that changes a fee is said.</summary>
/// <param name="Prices">The rules, in their order.</param>
/// <param name="Order">How the prices go together.</param>
/// <param name="Free">Free minutes.</param>
/// <param name="Limits">Limits over all rules, and the minimum.</param>
/// <param name="More">Midnights, coming back, factors.</param>
/// <param name="Counting">What a day is, and how the fee is rounded.</param>
public sealed record TariffProse(IReadOnlyList<RuleProse> Prices, string Order, IReadOnlyList<string> Free, IReadOnlyList<string> Limits,
    IReadOnlyList<string> More, IReadOnlyList<string> Counting)
{
    /// <summary>The tariff in the language of the screen.</summary>
    /// <param name="names">What the city calls groups, limits and factors in that language.</param>
    public static TariffProse Of(IStringLocalizer<Texts> texts, Tariff tariff, PageNames names) => new ProseWriter(texts, tariff, names).Write();

    /// <summary>The tariff in a language, whatever that of the screen is.</summary>
    public static TariffProse Of(IStringLocalizer<Texts> texts, Tariff tariff, PageNames names, CultureInfo language) =>
        In(language, () => Of(texts, tariff, names));

    /// <summary>Runs something that does not wait in another language than the screen's.</summary>
    public static T In<T>(CultureInfo language, Func<T> run)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = language;
        try
        {
            return run();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    /// <summary>All sentences after the prices.</summary>
    public IEnumerable<string> Rest => [.. Free, .. Limits, .. More, .. Counting];
}

/// <summary>What a rule says.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="When">Days and hours.</param>
/// <param name="Who">Vehicles; empty for all.</param>
/// <param name="Price">What the time costs.</param>
/// <param name="Limit">The rule's own limit; null for none.</param>
/// <param name="Short">The price in the end, for a picture: <c>¥2.00/30 min</c>.</param>
/// <param name="Text">All of it as a sentence.</param>
public sealed record RuleProse(TariffRule Rule, string When, string Who, string Price, string? Limit, string Short, string Text);
