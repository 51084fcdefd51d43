using System.Globalization;
using System.Resources;

namespace ParkingSaaS.Web.Shell;

/// <summary>The languages of the screens.</summary>
public static class Languages
{
    static readonly ResourceManager Texts = new(typeof(Texts));

    /// <summary>The first is for whoever asks for none of them.</summary>
    public static IReadOnlyList<CultureInfo> All { get; } = [new("zh-CN"), new("en")];

    /// <summary>A text in each of them.</summary>
    public static IReadOnlyList<string> Of(string key) => [.. All.Select(l => Texts.GetString(key, l) ?? key)];
}
