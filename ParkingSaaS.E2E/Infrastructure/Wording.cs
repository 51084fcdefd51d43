using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.Json;
using System.Text.RegularExpressions;
using ParkingSaaS.Web;

namespace ParkingSaaS.E2E.Infrastructure;

/// <summary>What people read on a page, held against the texts of both languages.</summary>
static partial class Wording
{
    static readonly Dictionary<string, string> Chinese = Read("zh");
    static readonly Dictionary<string, string> English = Read("");

    /// <summary>Texts that are others in the other language, whole or as patterns of what stands around their values.</summary>
    static readonly (HashSet<string> Whole, List<Regex> Patterns) OnlyEnglish = Of(t => t.English), OnlyChinese = Of(t => t.Chinese);

    static (HashSet<string> Whole, List<Regex> Patterns) Of(Func<(string English, string Chinese), string> language)
    {
        var texts = Chinese.Select(t => (English: English.GetValueOrDefault(t.Key, t.Key), Chinese: t.Value)).Where(t => t.English != t.Chinese)
            .Select(language).ToLookup(Placeholder.IsMatch);
        return ([.. texts[false]], [.. texts[true].Where(t => Word.IsMatch(Placeholder.Replace(t, "")))
            .Select(t => new Regex($"^{string.Join(".+", Placeholder.Split(t).Select(Regex.Escape))}$"))]);
    }

    static Dictionary<string, string> Read(string culture) =>
        new ResourceManager(typeof(Texts)).GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    /// <summary>What the demo calls people, lanes and rules, and screens say, too.</summary>
    static readonly HashSet<string> Names =
    [
        "company", "城市管理员", "公司管理员", "公司员工", "收费员", "入口", "出口", "法定节假日", "休息日", "工作日", "示例", "每次", "30 分钟",
        "不足 15 分钟", "两小时又 14 分钟", "整夜 12 小时", "小型车", "大型车", "新能源车", "其他车辆"
    ];

    /// <summary>Whether it is a key instead of its text, or a text in the other language.</summary>
    /// <param name="text">A piece of text, or what is said of a control.</param>
    /// <param name="language">The page's: <c>en</c> or <c>zh-CN</c>.</param>
    public static bool IsForeign(string text, string language)
    {
        var (whole, patterns) = language == "en" ? OnlyChinese : OnlyEnglish;
        return English.TryGetValue(text, out var meant) && meant != text || Code.IsMatch(text)
            || !Names.Contains(text) && (whole.Contains(text) || patterns.Any(p => p.IsMatch(text)));
    }

    static readonly Dictionary<string, string> NamesInEnglish = JsonSerializer.Deserialize<Dictionary<string, string>>(
        typeof(Texts).Assembly.GetManifestResourceStream("Demo/names.en.json")!)!;

    /// <summary>What English pages call a thing of the demo.</summary>
    public static string InEnglish(string name) => NamesInEnglish[name];

    /// <summary>A text of the screens.</summary>
    /// <param name="text">In English.</param>
    /// <param name="language"><c>en</c> or <c>zh-CN</c>.</param>
    public static string In(string text, string language) => language == "en" ? text : Chinese[text];

    /// <summary>As codes of texts are made; one that has no text at all shows so.</summary>
    [GeneratedRegex(@"^(error|permission|role|arg|mode|dialect|menu)\.[a-z][\w.-]+$|^[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+$")]
    private static partial Regex Code { get; }

    [GeneratedRegex(@"\{\d[^}]*\}")]
    private static partial Regex Placeholder { get; }

    [GeneratedRegex(@"[A-Za-z]{2}|\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Word { get; }
}
