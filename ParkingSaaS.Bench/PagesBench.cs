using System.Diagnostics;
using Microsoft.Playwright;

/// <summary>
/// What a person waits for, in a real browser before the program as it is started: from a click in the menu to the filled page, the first sign-in, a
/// driver's page, the next page of a list, a printed month, and for how long a page does not answer.
/// </summary>
internal static class PagesBench
{
    private const int Rounds = 10;

    /// <summary>The page is the new one, nothing on it says that something is still to come, and its charts are drawn.</summary>
    private const string Filled = """
        !!document.querySelector("main h1:not([data-left])")
          && !document.querySelector("main :is(.loading, .list-bar:not(:has(~ .list)), .chart-canvas:empty, .mud-progress-circular, .mud-progress-linear)")
        """;

    public static async Task<int> RunAsync()
    {
        await using var program = await PagesProgram.StartAsync();
        using var wire = new PagesWire(program.Address);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium-headless-shell",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        });
        var visitor = new Visitor(program, wire, browser);
        // The first one compiles the program.
        await visitor.SignInAsync();

        var (signIns, signInBytes) = await visitor.ColdAsync(visitor.SignInAsync);
        var (drivers, driverBytes) = await visitor.ColdAsync(visitor.PayAsync);
        var clicks = await visitor.ClicksAsync();
        var (next, nextBytes) = await visitor.NextPagesAsync();
        var prints = await visitor.PrintsAsync();

        Console.WriteLine("| what | p50 | p95 | aim | p95 / aim |");
        Console.WriteLine("|---|---|---|---|---|");
        Row("menu click to filled page, warm, ms", [.. clicks.SelectMany(c => c.Milliseconds)], 200);
        Row("click on Sign in to filled home, cold, ms", signIns, 1000);
        Row("the same with the sign-in's page, kB over the wire", signInBytes, 350);
        Row("driver's page with its fee, cold, without script, ms", drivers, null);
        Row("the same, kB over the wire", driverBytes, 60);
        Row("next page of a list, ms", next, null);
        Row("the same, kB over the wire", nextBytes, 30);
        Row("PDF of a month's income, ms", prints, 1500);
        Console.WriteLine();
        Console.WriteLine("| page | click to filled p50 ms | p95 ms | longest without an answer, ms |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (page, milliseconds, longest) in clicks.OrderByDescending(c => Measure.At(c.Milliseconds, 0.95)))
            Console.WriteLine($"| {page} | {Measure.At(milliseconds, 0.5):0} | {Measure.At(milliseconds, 0.95):0} | {longest:0} |");
        return 0;

        static void Row(string what, IReadOnlyCollection<double> values, double? aim)
        {
            var (p50, p95) = (Measure.At(values, 0.5), Measure.At(values, 0.95));
            Console.WriteLine($"| {what} | {p50:0.#} | {p95:0.#} | {aim} | {p95 / aim:0.00} |");
        }
    }

    private sealed class Visitor(PagesProgram program, PagesWire wire, IBrowser browser)
    {
        private string Url(string path) => new Uri(wire.Address, $"/{program.Code}/{path}").AbsoluteUri;

        private Task<IBrowserContext> NewAsync(bool script = true) => browser.NewContextAsync(new()
        {
            Locale = "en",
            ViewportSize = new() { Width = 1360, Height = 844 },
            JavaScriptEnabled = script
        });

        /// <summary>Milliseconds and kilobytes of each of several visitors whom nothing is known of.</summary>
        public async Task<(List<double> Milliseconds, List<double> Kilobytes)> ColdAsync(Func<Task<double>> visit)
        {
            List<double> milliseconds = [], kilobytes = [];
            for (var round = 0; round < Rounds; round++)
            {
                var before = wire.Bytes;
                milliseconds.Add(await visit());
                kilobytes.Add((wire.Bytes - before) / 1e3);
            }
            return (milliseconds, kilobytes);
        }

        /// <summary>From the click on the button to the home page that shows its figures.</summary>
        public async Task<double> SignInAsync()
        {
            await using var context = await NewAsync();
            return (await SignInAsync(context)).Milliseconds;
        }

        private async Task<(IPage Page, double Milliseconds)> SignInAsync(IBrowserContext context)
        {
            var page = await context.NewPageAsync();
            await page.GotoAsync(Url("account/sign-in"));
            await page.FillAsync("input[name='Input.Name']", program.Administrator.Name);
            await page.FillAsync("input[name='Input.Password']", program.Administrator.Password);
            var clock = Stopwatch.StartNew();
            await page.ClickAsync("button[type=submit]");
            await page.WaitForFunctionAsync($"() => document.querySelector('.tiles') && {Filled}");
            var milliseconds = clock.Elapsed.TotalMilliseconds;
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            return (page, milliseconds);
        }

        /// <summary>A driver follows the sign of a lot, types the plate and sees what there is to pay, with scripts switched off.</summary>
        public async Task<double> PayAsync()
        {
            var lot = program.Manual;
            var plate = $"粤B{Random.Shared.Next(100_000):D5}";
            await PagesCar.PassAsync(program, plate, TimeSpan.FromMinutes(90));
            await using var context = await NewAsync(script: false);
            var page = await context.NewPageAsync();
            var clock = Stopwatch.StartNew();
            await page.GotoAsync(Url($"pay/lot/{lot.GetProperty("id").GetString()}"));
            await page.Locator("input[name='Input.Rest']").FillAsync(plate);
            await page.Locator("main button.primary").ClickAsync();
            await page.Locator(".driver-owed strong").WaitForAsync();
            return clock.Elapsed.TotalMilliseconds;
        }

        /// <summary>Each entry of the menu, round after round, with the longest that it did not answer.</summary>
        public async Task<List<(string Page, List<double> Milliseconds, double Longest)>> ClicksAsync()
        {
            await using var context = await NewAsync();
            var (page, _) = await SignInAsync(context);
            await page.EvaluateAsync("""
                () => new PerformanceObserver(list => { for (const e of list.getEntries()) window.longest = Math.max(window.longest, e.duration); })
                  .observe({ type: "longtask" })
                """);
            string[] links = await page.EvalOnSelectorAllAsync<string[]>("nav.menu a", "links => links.map(a => a.getAttribute('href'))");
            // Home comes last, for that is where one is.
            links = [.. links[1..], links[0]];
            var clicks = links.Select(l => (Page: l == "" ? "home" : l, Milliseconds: new List<double>(), Longest: 0.0)).ToList();
            for (var round = -1; round < Rounds; round++)
                for (var i = 0; i < links.Length; i++)
                {
                    var found = await page.EvaluateAsync<double[]>("""
                        href => new Promise((done, failed) => {
                          const link = [...document.querySelectorAll("nav.menu a")].find(a => a.getAttribute("href") === href);
                          document.querySelector("main h1").dataset.left = "";
                          window.longest = 0;
                          const start = performance.now();
                          const look = () => (FILLED) ? done([performance.now() - start]) : requestAnimationFrame(look);
                          link.click();
                          look();
                          setTimeout(() => failed(`${href} is not filled`), 30_000);
                        })
                        """.Replace("FILLED", Filled), links[i]);
                    // What the page does after it is filled counts to it, too.
                    await Task.Delay(100);
                    var longest = await page.EvaluateAsync<double>("() => window.longest");
                    // The first round warms up.
                    if (round < 0)
                        continue;
                    clicks[i].Milliseconds.Add(found[0]);
                    clicks[i] = clicks[i] with { Longest = Math.Max(clicks[i].Longest, longest) };
                }
            return clicks;
        }

        /// <summary>The stays, page by page.</summary>
        public async Task<(List<double> Milliseconds, List<double> Kilobytes)> NextPagesAsync()
        {
            await using var context = await NewAsync();
            var (page, _) = await SignInAsync(context);
            await page.GotoAsync(Url("orders"));
            await page.WaitForFunctionAsync($"() => {Filled}");
            await Task.Delay(1000);
            List<double> milliseconds = [], kilobytes = [];
            for (var round = -1; round < Rounds; round++)
            {
                var first = await page.Locator("main tbody a").First.GetAttributeAsync("href");
                var before = wire.Bytes;
                var clock = Stopwatch.StartNew();
                await page.GetByRole(AriaRole.Button, new() { Name = "Next page" }).ClickAsync();
                await page.WaitForFunctionAsync($"first => {Filled} && document.querySelector('main tbody a')?.getAttribute('href') !== first", first);
                if (round >= 0)
                    milliseconds.Add(clock.Elapsed.TotalMilliseconds);
                await Task.Delay(300);
                if (round >= 0)
                    kilobytes.Add((wire.Bytes - before) / 1e3);
            }
            return (milliseconds, kilobytes);
        }

        /// <summary>The month before this one, of the whole city.</summary>
        public async Task<List<double>> PrintsAsync()
        {
            await using var context = await NewAsync();
            await SignInAsync(context);
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            var from = new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
            List<double> milliseconds = [];
            for (var round = -1; round < Rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                var pdf = await context.APIRequest.GetAsync(Url($"reports/income.pdf?from={from:yyyy-MM-dd}&to={from.AddMonths(1).AddDays(-1):yyyy-MM-dd}"));
                if (!pdf.Ok)
                    throw new InvalidOperationException($"The report was not printed: {pdf.Status}");
                if (round >= 0)
                    milliseconds.Add(clock.Elapsed.TotalMilliseconds);
            }
            return milliseconds;
        }
    }
}
