using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Help;

namespace ParkingSaaS.Tests.Help;

/// <summary>Every page has its help, in both languages, and what the help links to is there.</summary>
public sealed partial class HelpTests
{
    static readonly string[] Routes = [.. typeof(HelpSubject).Assembly.GetTypes()
        .SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template.TrimStart('/'))];

    static string File(string code, string language) => System.IO.File.ReadAllText(SourceTree.At($"ParkingSaaS.Web/Help/{code}.{language}.md"));

    [Fact]
    public void Every_page_has_a_subject()
    {
        Assert.True(Routes.Length > 40);
        Assert.Equal([], Routes.Where(r => !HelpSubject.Codes.Contains(HelpSubject.CodeOf(r))));
    }

    [Theory]
    [InlineData("", "home")]
    [InlineData("?x=1", "home")]
    [InlineData("orders/4711?tab=2#log", "orders")]
    [InlineData("tariffs/4711", "tariffs")]
    [InlineData("tariffs/4711/what-if", "reports")]
    [InlineData("ordersomething", null)]
    public void A_page_is_known_by_the_beginning_of_its_address(string address, string? code) => Assert.Equal(code, HelpSubject.CodeOf(address));

    [Fact]
    public void Every_subject_is_there_in_both_languages_and_no_other() =>
        Assert.Equal(
            HelpSubject.Codes.SelectMany(c => new[] { $"{c}.en.md", $"{c}.zh.md" }).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(SourceTree.At("ParkingSaaS.Web/Help"), "*.md").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

    [Theory, InlineData("en", "Booth"), InlineData("zh-CN", "岗亭")]
    public void It_is_read_in_the_language_of_the_page(string language, string title)
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        Assert.Equal(title, HelpSubject.Find("booth")!.Title);
        Assert.Null(HelpSubject.Find("nothing"));
        foreach (var subject in HelpSubject.All)
        {
            var text = new HtmlParser().ParseDocument(subject.Html).Body!;
            Assert.NotEmpty(text.QuerySelectorAll("strong"));
            Assert.DoesNotContain("**", text.TextContent);
            Assert.Empty(text.QuerySelectorAll("h1"));
        }
    }

    /// <summary>Both languages say the same, so they lead to the same places.</summary>
    [Fact]
    public void Links_lead_to_pages_that_are_there()
    {
        foreach (var code in HelpSubject.Codes)
        {
            var links = Links(code, "en");
            Assert.Equal(links.Order(StringComparer.Ordinal), Links(code, "zh").Order(StringComparer.Ordinal));
            foreach (var link in links)
                Assert.True(link.StartsWith("help/", StringComparison.Ordinal) ? HelpSubject.Codes.Contains(link["help/".Length..]) : Routes.Contains(link),
                    $"{code} links to {link}");
        }

        static HashSet<string> Links(string code, string language) =>
            [.. Link.Matches(File(code, language)).Select(m => m.Groups["to"].Value.Split('?')[0]).Select(to => to == "." ? "" : to)];
    }

    /// <summary>? is the help everywhere; that of a desk begins with the keys which its buttons have.</summary>
    [Theory]
    [InlineData("booth", "N,E,O,L,T,I,C,G,P,ENTER")]
    [InlineData("desk", "N,P,J,K,E,T,X,M,S,V")]
    public void The_help_of_a_desk_begins_with_its_keys(string desk, string some)
    {
        var pages = Directory.EnumerateFiles(SourceTree.At("ParkingSaaS.Web"), "*.razor", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "MainLayout.razor" && IsOfExceptions(f) == (desk == "desk"))
            .SelectMany(f => Key.Matches(System.IO.File.ReadAllText(f)))
            .Select(m => m.Groups["key"].Value.ToUpperInvariant()).ToHashSet();
        Assert.Superset(some.Split(',').ToHashSet(), pages);
        Assert.DoesNotContain("?", pages);
        foreach (var language in new[] { "en", "zh-CN" })
        {
            CultureInfo.CurrentUICulture = new CultureInfo(language);
            var text = new HtmlParser().ParseDocument(HelpSubject.Find(desk)!.Html).Body!;
            Assert.Equal("TABLE", text.FirstElementChild!.TagName);
            var told = text.FirstElementChild.QuerySelectorAll("td:first-child code").Select(c => c.TextContent.ToUpperInvariant()).ToHashSet();
            Assert.Superset(pages, told);
            Assert.Contains("?", told);
        }
    }

    /// <summary>Of the exceptions desk, whose answers are those of an order's page.</summary>
    static bool IsOfExceptions(string file) =>
        Path.GetFileName(file) is var name && (name.StartsWith("Desk", StringComparison.Ordinal) || name == "OrderActions.razor");

    /// <summary>Of a button, or of what is pressed otherwise; keys with Control are none of a page.</summary>
    [GeneratedRegex(@"(?:\bKey=""|aria-keyshortcuts="")(?:@(?:Key)?\([^""]*"")?(?<key>\w|\?|Enter)""")]
    private static partial Regex Key { get; }

    [GeneratedRegex(@"\]\((?<to>[^)]+)\)")]
    private static partial Regex Link { get; }

    [Fact]
    public async Task The_panel_follows_the_page()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        await using var context = new PageContext();
        var closed = 0;
        var navigation = context.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("booth");
        var panel = context.Render<HelpPanel>(p => p.Add(x => x.Close, () => closed++));
        Assert.Equal("Booth", panel.Find("h2").TextContent);
        Assert.Equal("help/booth", panel.Find(".help-more a").GetAttribute("href"));

        navigation.NavigateTo("tariffs");
        panel.WaitForAssertion(() => Assert.Equal("Tariffs", panel.Find("h2").TextContent));

        await panel.Find("button").ClickAsync(new());
        Assert.Equal(1, closed);
    }
}
