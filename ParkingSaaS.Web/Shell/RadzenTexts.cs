using System.Globalization;
using System.Resources;
using Radzen;

namespace ParkingSaaS.Web.Shell;

/// <summary>The components' own texts (pager, filters, calendars, dialogs) in the screen's language. English is built in;
/// <c>RadzenTexts.zh.resx</c> holds the Chinese under the components' keys.</summary>
sealed class RadzenTexts : ILocalizer
{
    static readonly ResourceManager Resources = new(typeof(RadzenTexts));

    public string? Get(string key, CultureInfo culture)
    {
        try
        {
            return Resources.GetString(key, culture);
        }
        catch (MissingManifestResourceException)
        {
            return null; // no Chinese there: the built-in English stands
        }
    }
}
