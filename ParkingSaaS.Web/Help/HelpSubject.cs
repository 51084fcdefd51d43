using System.Globalization;
using Markdig;

namespace ParkingSaaS.Web.Help;

/// <summary>A subject of the help, in one language. Its text is <c>Help/{Code}.{Language}.md</c>, whose first line is the title.</summary>
/// <param name="Code">The same in all languages; part of its address.</param>
/// <param name="Title">What lists and the search call it.</param>
/// <param name="Html">The text without its title.</param>
/// <param name="Text">The same without marks, for the search.</param>
public sealed record HelpSubject(string Code, string Title, string Html, string Text)
{
    /// <summary>In the order in which lists show them.</summary>
    public static readonly IReadOnlyList<string> Codes =
    [
        "home", "booth", "desk", "orders", "search", "alarms", "messages", "payments", "books", "phones", "passes", "lists", "owners", "lots", "devices",
        "tariffs", "calendars", "reports", "names", "accounts", "cities"
    ];

    /// <summary>What each page is about, by the beginning of its address; * is any one part. The first that fits counts.</summary>
    static readonly (string Address, string Code)[] Pages =
    [
        ("booth", "booth"), ("orders/desk", "desk"), ("orders", "orders"), ("cars", "orders"), ("alarms", "alarms"), ("alarm-rules", "alarms"),
        ("pay", "phones"), ("demo-channel", "phones"), ("passes", "passes"), ("pass-products", "passes"), ("lot-groups", "passes"), ("lists", "lists"),
        ("groups", "lists"), ("zombies", "lists"), ("owners", "owners"), ("lots", "lots"), ("areas", "lots"), ("roads", "lots"), ("occupancy", "lots"),
        ("devices", "devices"), ("messages/sent", "messages"), ("messages/scenes", "messages"), ("messages", "devices"),
        ("tariffs/*/what-if", "reports"), ("tariffs", "tariffs"), ("calendars", "calendars"), ("reports", "reports"),
        ("books", "books"), ("clearing", "books"), ("payments", "payments"), ("shifts", "payments"), ("arrears", "orders"), ("reviews", "orders"),
        ("review-chains", "orders"), ("invoices", "payments"), ("appeals", "orders"), ("names", "names"), ("users", "accounts"),
        ("companies", "accounts"), ("sessions", "accounts"), ("api-clients", "accounts"), ("account", "accounts"),
        ("platform/cities", "cities"), ("cities", "cities"), ("city", "cities"), ("help", "home"), ("error", "home"), ("not-found", "home"), ("", "home")
    ];

    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();
    static readonly string[] Languages = ["en", "zh"];
    static readonly Dictionary<(string Language, string Code), HelpSubject> Known =
        Languages.SelectMany(language => Codes.Select(code => (language, code))).ToDictionary(x => x, x => Read(x.code, x.language));

    /// <summary>All, in the language of the page.</summary>
    public static IEnumerable<HelpSubject> All => Codes.Select(code => Find(code)!);

    /// <summary>In the language of the page; null for a code that is none.</summary>
    public static HelpSubject? Find(string code) =>
        Known.GetValueOrDefault((CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? "zh" : "en", code));

    /// <summary>How often its text has the words, whatever the case.</summary>
    public int Says(string words)
    {
        var times = 0;
        for (var at = 0; (at = Text.IndexOf(words, at, StringComparison.CurrentCultureIgnoreCase)) >= 0; at += words.Length)
            times++;
        return times;
    }

    /// <summary>The subject that a page is about; null where none was said.</summary>
    /// <param name="address">Relative to the city's, with or without a query.</param>
    public static string? CodeOf(string address)
    {
        var parts = address.Split('?', '#')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return Pages.Where(p => Begins(parts, p.Address.Split('/', StringSplitOptions.RemoveEmptyEntries))).Select(p => p.Code).FirstOrDefault();
    }

    /// <summary>The empty address is that of one page, and not the beginning of all.</summary>
    static bool Begins(string[] parts, string[] with) => with.Length == 0
        ? parts.Length == 0
        : parts.Length >= with.Length && with.Index().All(w => w.Item == "*" || w.Item == parts[w.Index]);

    static HelpSubject Read(string code, string language)
    {
        var name = $"Help/{code}.{language}.md";
        using var file = typeof(HelpSubject).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"There is no {name}");
        using var reader = new StreamReader(file);
        var title = reader.ReadLine()!.TrimStart('#', ' ');
        var text = reader.ReadToEnd();
        return new HelpSubject(code, title, Markdig.Markdown.ToHtml(text, Pipeline), Markdig.Markdown.ToPlainText(text, Pipeline));
    }
}
