using System.Globalization;
using System.Resources;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace ParkingSaaS.Web.Shell;

/// <summary>The components' own texts (pager, dialogs, inputs) in the screen's language. English is built in; <c>MudTexts.zh.resx</c> holds the
/// Chinese under the components' keys.</summary>
sealed class MudTexts : MudLocalizer
{
    static readonly ResourceManager Resources = new(typeof(MudTexts));

    public override LocalizedString this[string key]
    {
        get
        {
            var text = Find(key);
            return new LocalizedString(key, text ?? key, resourceNotFound: text is null);
        }
    }

    static string? Find(string key)
    {
        try
        {
            return Resources.GetString(key, CultureInfo.CurrentUICulture);
        }
        catch (MissingManifestResourceException)
        {
            return null; // no Chinese there: the built-in English stands
        }
    }
}
