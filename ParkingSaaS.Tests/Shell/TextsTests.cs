using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web;
using ParkingSaaS.Web.Shell;
using MudBlazor;

namespace ParkingSaaS.Tests.Shell;

/// <summary>Every text of the screens is there in Chinese, and none is left over.</summary>
public sealed partial class TextsTests
{
    static readonly string Web = SourceTree.At("ParkingSaaS.Web");
    static readonly List<string> Chinese = Keys("Texts.zh.resx");
    static readonly List<string> English = Keys("Texts.resx");
    static readonly string Source = string.Concat(Files(".").Select(File.ReadAllText));

    static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Web, folder), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".razor" or ".cs" && !f.Contains("/obj/") && !f.Contains("/bin/"));

    static List<string> Keys(string file) =>
        [.. XDocument.Load(Path.Combine(Web, file)).Root!.Elements("data").Select(d => d.Attribute("name")!.Value)];

    static Dictionary<string, string> Values(string file) => XDocument.Load(Path.Combine(Web, file)).Root!.Elements("data")
        .ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    [Fact]
    public void Every_text_of_the_screens_has_its_Chinese()
    {
        var used = Uses().Matches(Source).Select(m => Regex.Unescape(m.Groups["key"].Value)).Where(key =>
            !key.EndsWith('.')).ToList();
        Assert.True(used.Count > 100, "The pattern no longer finds the texts");
        Assert.Empty(used.Distinct().Except(Chinese));
    }

    /// <summary>Rules that say no, and permissions, have their codes in Core; screens show them by these keys.</summary>
    [Fact]
    public void Every_error_and_every_permission_has_its_English()
    {
        var core = Files("../ParkingSaaS.Core").Select(File.ReadAllText).ToList();
        var errors = core.SelectMany(text => Errors().Matches(text)).Select(m => "error." + m.Groups[1].Value);
        var permissions = core.Where(text => text.Contains("Permissions\n")).SelectMany(text => Codes().Matches(text))
            .Select(m => "permission." + m.Groups[1].Value);
        string[] needed = [.. errors, .. permissions];
        Assert.True(needed.Length > 20, "The patterns no longer find the codes");
        Assert.Equal([], needed.Distinct().Except(English));
    }

    [Fact]
    public void Every_code_with_an_English_text_has_a_Chinese_one() => Assert.Equal([], English.Except(Chinese));

    /// <summary>Codes are put together at run time and have their English in Texts.resx; all others stand in the source as they are.</summary>
    [Fact]
    public void No_text_is_left_over() =>
        Assert.Equal([], Chinese.Where(key => !English.Contains(key) || key.Contains(' ')).Where(key => !Source.Contains($"\"{key.Replace("\"", "\\\"")}\"")));

    /// <summary>Resource names are compared without case, and the second of two is dropped without a word.</summary>
    [Theory, InlineData("Texts.zh.resx"), InlineData("Texts.resx"), InlineData("Shell/MudTexts.zh.resx")]
    public void No_key_stands_twice(string file) =>
        Assert.Equal([],
            Keys(file).GroupBy(k => k, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void Placeholders_are_the_same_in_both_languages()
    {
        var english = Values("Texts.resx");
        Assert.Equal([], Values("Texts.zh.resx").Where(t =>
            Placeholders(t.Value) != Placeholders(english.GetValueOrDefault(t.Key) ?? t.Key)).Select(t => t.Key));

        static string Placeholders(string text) =>
            string.Join(',', Regex.Matches(text, @"\{\d").Select(m => m.Value).Distinct().Order());
    }

    /// <summary>English has one form for one and another for more: <c>{0} {0:day|days}</c>.</summary>
    [Fact]
    public void Every_count_has_its_singular()
    {
        var english = Values("Texts.resx");
        var texts = Values("Texts.zh.resx").Keys.Select(key => english.GetValueOrDefault(key, key)).ToList();
        Assert.True(texts.Count(text => text.Contains('|')) > 50, "The forms are no longer there");
        Assert.Equal([], texts.Where(text => Counted().IsMatch(text) && !text.StartsWith("the first {0}", StringComparison.Ordinal)));
    }

    [Theory, InlineData("en", 1, "1 day"), InlineData("en", 2, "2 days"), InlineData("en", 0, "0 days"), InlineData("en", "1,000", "1,000 days"),
        InlineData("en", "1", "1 day"), InlineData("zh-CN", 1, "1 天")]
    public void A_count_brings_its_word_along(string language, object count, string words)
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        var texts = new ServiceCollection().AddLogging().AddTexts().BuildServiceProvider().GetRequiredService<IStringLocalizer<Texts>>();
        Assert.Equal(words, texts["{0} days", count]);
    }

    [Fact]
    public void Chinese_has_its_own_punctuation() =>
        Assert.Equal([], XDocument.Load(Path.Combine(Web, "Texts.zh.resx")).Root!.Elements("data").Select(d => d.Element("value")!.Value)
            .Where(text => HalfWidth().IsMatch(text)));

    /// <summary>Lists and pairs have other punctuation in Chinese: <c>T.List</c> and <c>T.Pair</c> know it. Logs, files of settings and what the
    /// browser's names are made of are not read as Chinese; a field of names is read by its commas.</summary>
    [Fact]
    public void No_text_is_joined_by_hand()
    {
        string[] others = ["/Hosting/", "/Node/", "/Demo/", "/Api/", "BrowserName.cs", "SheetField.razor", "PdfPrinter.cs", "PriceBoardPaper.razor"];
        Assert.Equal([], Files(".").Where(f => !others.Any(f.Contains))
            .SelectMany(f => File.ReadLines(f).Where(line => Joined().IsMatch(line)).Select(line => $"{Path.GetFileName(f)} {line.Trim()}")));
    }

    [Fact]
    public void The_components_texts_are_under_keys_that_the_components_know()
    {
        var known = new System.Resources.ResourceManager("MudBlazor.Resources.LanguageResource", typeof(MudButton).Assembly);
        Assert.Equal([], Keys("Shell/MudTexts.zh.resx").Where(key =>
            known.GetString(key, System.Globalization.CultureInfo.InvariantCulture) is null));
    }

    [GeneratedRegex("""[\u4e00-\u9fff”）][:,;!?]|\}[:,;] ?[\u4e00-\u9fff{]""")]
    private static partial Regex HalfWidth();

    [GeneratedRegex("""Join\(", "|\$"[^"]*\}: \{|[\])]\)?: @""")]
    private static partial Regex Joined();

    /// <summary>A number, and what is there as often; the forms themselves are no part of it.</summary>
    [GeneratedRegex("""
        \{\d\}[ ](?:are|were|do)\b|\{\d\}(?:[ ][a-z]+){0,2}[ ](?:alarms|berths|cars|cells|certificates|characters|dates|days|decimals|devices|entries|examples
        |files|lines|lots|minutes|months|orders|passes|people|photos|plates|problems|rows|sales|seconds|spaces|stays|times|views|years)\b
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Counted();

    /// <summary><c>T["…"]</c> in pages, <c>texts["…"]</c> in classes, and the texts of menu entries.</summary>
    [GeneratedRegex("""(?:\bT|\btexts)\["(?<key>(?:[^"\\]|\\.)*)"|new\(MenuGroup\.\w+, \d+, "[^"]*", "(?<key>[^"]*)", """)]
    private static partial Regex Uses();

    [GeneratedRegex("""Error\("([a-z0-9.-]+)["]""")]
    private static partial Regex Errors();

    [GeneratedRegex("""const string \w+ = "([a-z.-]+)["]""")]
    private static partial Regex Codes();
}
