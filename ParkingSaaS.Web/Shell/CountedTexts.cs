using System.Globalization;
using Microsoft.Extensions.Localization;

namespace ParkingSaaS.Web.Shell;

/// <summary>The texts, with the words that go with a count: <c>{0} {0:day|days}</c> is <c>1 day</c> and <c>2 days</c>. English has two forms; a text
/// that needs them has them in <c>Texts.resx</c>.</summary>
public sealed class CountedTexts(IStringLocalizerFactory texts) : IStringLocalizer<Texts>
{
    static readonly Counts counts = new();

    readonly StringLocalizer<Texts> plain = new(texts);

    public LocalizedString this[string name] => plain[name];

    public LocalizedString this[string name, params object[] arguments]
    {
        get
        {
            var text = plain[name];
            return new(name, string.Format(counts, text.Value, arguments), text.ResourceNotFound, text.SearchedLocation);
        }
    }

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => plain.GetAllStrings(includeParentCultures);

    sealed class Counts : IFormatProvider, ICustomFormatter
    {
        public object? GetFormat(Type? formatType) =>
            formatType == typeof(ICustomFormatter) ? this : CultureInfo.CurrentCulture.GetFormat(formatType!);

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
            format?.Split('|') is [var one, var more] ? Convert.ToString(arg, CultureInfo.InvariantCulture) == "1" ? one : more
            : arg is IFormattable formattable ? formattable.ToString(format, CultureInfo.CurrentCulture)
            : arg?.ToString() ?? "";
    }
}

/// <summary>Brings the texts in.</summary>
public static class TextsSetup
{
    public static IServiceCollection AddTexts(this IServiceCollection services) =>
        services.AddLocalization().AddSingleton<IStringLocalizer<Texts>, CountedTexts>();
}
