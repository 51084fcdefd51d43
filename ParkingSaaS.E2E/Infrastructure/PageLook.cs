using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ParkingSaaS.E2E.Infrastructure;

/// <summary>Looks at one page after the other in a tab, and says what is wrong with them.</summary>
public sealed partial class PageLook
{
    static readonly AxeRunOptions Wcag = new()
    {
        RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
        ResultTypes = [ResultType.Violations]
    };

    readonly IPage page;
    readonly string language;
    readonly List<string> heard = [];

    PageLook(IPage page, string language) => (this.page, this.language) = (page, language);

    /// <summary>Begins to listen: errors of the console, requests that fail, and what keeps the main thread.</summary>
    /// <param name="page">The tab.</param>
    /// <param name="language">What its pages are to be in.</param>
    public static async Task<PageLook> AtAsync(IPage page, string language)
    {
        var look = new PageLook(page, language);
        page.PageError += (_, e) => look.heard.Add(e);
        // What became of a request is said below.
        page.Console += (_, m) =>
        {
            if (m.Type == "error" && !m.Text.StartsWith("Failed to load resource"))
                look.heard.Add(m.Text);
        };
        page.Response += (_, r) =>
        {
            if (r.Status >= 400 && !r.Request.IsNavigationRequest)
                look.heard.Add($"{r.Url}: {r.Status}");
        };
        // A page that is left ends its own requests.
        page.RequestFailed += (_, r) =>
        {
            if (r.Failure != "net::ERR_ABORTED")
                look.heard.Add($"{r.Url}: {r.Failure}");
        };
        await page.AddInitScriptAsync("""
            window.longest = 0;
            new PerformanceObserver(list => { for (const e of list.getEntries()) window.longest = Math.max(window.longest, e.duration); })
              .observe({ type: "longtask", buffered: true });
            """);
        return look;
    }

    /// <summary>Goes to a page and waits until it shows what it has to show.</summary>
    public async Task GoAsync(string address)
    {
        await page.GotoAsync(address);
        await page.WaitForSelectorAsync("main h1");
        await page.WaitForFunctionAsync(
            "() => !document.querySelector('main :is(.loading, .list-bar:not(:has(~ .list)), .mud-progress-circular, .mud-progress-linear)')");
    }

    /// <summary>What is wrong with the page that is open; nothing where all is well.</summary>
    public async Task<List<string>> FindingsAsync()
    {
        List<string> found = [.. heard];
        heard.Clear();
        TestContext.Current.SendDiagnosticMessage("{0} without an answer for at most {1:0} ms", Name, await page.EvaluateAsync<double>("() => window.longest"));
        if (await page.Locator("main .message-error").CountAsync() > 0)
            found.Add("says: " + await page.Locator("main .message-error").First.InnerTextAsync());
        // A list that is wider than its frame hides its last columns.
        var sideways = await page.EvaluateAsync<int>("""
            () => Math.max(document.documentElement.scrollWidth - innerWidth,
              ...[...document.querySelectorAll(".list .mud-table-container")].map(x => x.scrollWidth - x.clientWidth))
            """);
        if (sideways > 0)
            found.Add($"is {sideways} px too wide");
        found.AddRange(Unnamed.Matches(await page.Locator("body").AriaSnapshotAsync()).Select(m => $"has a control without a name: {m.Value.Trim()}"));
        var texts = await page.EvaluateAsync<string[]>("""
            () => {
              const texts = new Set([document.title]);
              const own = e => !e.closest("[lang]:not(html), script, style, code, pre");
              const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walk.nextNode()) if (own(walk.currentNode.parentElement)) texts.add(walk.currentNode.data.trim());
              for (const e of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
                if (own(e)) for (const a of ["aria-label", "title", "placeholder", "alt"]) texts.add((e.getAttribute(a) ?? "").trim());
              return [...texts];
            }
            """);
        found.AddRange(texts.Where(t => Wording.IsForeign(t, language)).Select(t => $"is not translated: {t}"));
        return Named(found);
    }

    /// <summary>What of the page, or of the dialog on it, keeps people out (WCAG 2.2 AA).</summary>
    public async Task<List<string>> BarriersAsync()
    {
        // What a bar at the foot of the screen hides now is scrolled to.
        var size = page.ViewportSize!;
        await page.SetViewportSizeAsync(size.Width, 4000);
        var result = await page.RunAxe(Wcag);
        await page.SetViewportSizeAsync(size.Width, size.Height);
        return Named(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Target} {n.Html} {n.Any.FirstOrDefault()?.Message}")));
    }

    string Name => $"{new Uri(page.Url).PathAndQuery} ({language}, {page.ViewportSize!.Width} px)";

    List<string> Named(IEnumerable<string> found) => [.. found.Select(f => $"{Name} {f}")];

    /// <summary>Addresses that the page leads to, each relative to the city.</summary>
    public async Task<string[]> LinksAsync() =>
        await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll("a[href]")].map(a => a.href).filter(h => h.startsWith(document.baseURI))
              .map(h => decodeURI("/" + h.slice(document.baseURI.length).split("#")[0]))
            """);

    /// <summary>Roles that need a name, in a tree in which the name follows the role.</summary>
    [GeneratedRegex(@"^ *- (button|link|textbox|searchbox|spinbutton|combobox|listbox|checkbox|radio|switch|slider|tab|menuitem)(?![a-z]| "")[^\n]*",
        RegexOptions.Multiline)]
    private static partial Regex Unnamed { get; }
}
