using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>A person in the tariff office builds a tariff of six rules by hand, sees it painted, tries it, keeps examples, publishes it
/// and gives it to a lot, and replays the past with it.</summary>
public sealed class TariffJourneyTests(RunningDemo demo)
{
    [Fact]
    public async Task Six_rules_by_hand_from_the_first_field_to_the_lot()
    {
        var city = demo.City("hangzhou");
        await using var browser = await demo.BrowserAsync();
        var page = await city.SignInAsync(browser, "city");
        await page.GotoAsync(city.Url("tariffs"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Add tariff" }).ClickAsync();
        await page.Locator("#Name").FillAsync("Lakeside");
        await page.Locator(".dialog-form button[type=submit]").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/tariffs/"));
        await page.Locator("main h1", new() { HasText = "Lakeside" }).WaitForAsync();

        // 1. A new tariff has one rule that charges nothing: it becomes the festival of one week.
        await NameAsync(page, 0, "Festival");
        await ChargeAsync(page, 0, "perEntry");
        await FillAsync(page, "f-rules-0-charge-price", "20");
        // For a rule of the whole day the author says whether it starts afresh at midnight.
        await Assertions.Expect(Rule(page, 0).GetByRole(AriaRole.Alert)).ToContainTextAsync("each day anew");
        await AfreshAsync(page, 0);
        await Assertions.Expect(Rule(page, 0).GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await ConditionsAsync(page, 0);
        await SeldomAsync(page, 0);
        await Rule(page, 0).GetByRole(AriaRole.Button, new() { Name = "Add dates" }).ClickAsync();
        await FillAsync(page, "f-rules-0-appliesTo-dates-0-from", "2026-10-01");
        await FillAsync(page, "f-rules-0-appliesTo-dates-0-to", "2026-10-07");
        // 2. Large vehicles pay more.
        await AddRuleAsync(page, 1, "Large vehicles");
        await FillAsync(page, "f-rules-1-charge-stages-0-price", "6");
        await FillAsync(page, "f-rules-1-charge-stages-0-perMinutes", "60");
        await AfreshAsync(page, 1);
        await ConditionsAsync(page, 1);
        await Rule(page, 1).GetByLabel("large", new() { Exact = false }).First.CheckAsync();
        // 3. Summer evenings, every year.
        await AddRuleAsync(page, 2, "Summer evenings");
        await FillAsync(page, "f-rules-2-charge-stages-0-price", "4");
        await WindowAsync(page, 2, "18:00", "22:00");
        await ConditionsAsync(page, 2);
        await SeldomAsync(page, 2);
        await Rule(page, 2).GetByRole(AriaRole.Button, new() { Name = "Add season" }).PressAsync("Enter");
        await page.Locator("#f-rules-2-appliesTo-seasons-0-from").SelectOptionAsync("06");
        await page.Locator("#f-rules-2-appliesTo-seasons-0-to").SelectOptionAsync("08");
        await Rule(page, 2).Locator(".month-day select").Nth(3).SelectOptionAsync("31");
        // 4. Workday nights.
        await AddRuleAsync(page, 3, "Workday night");
        await ChargeAsync(page, 3, "free");
        await WindowAsync(page, 3, "22:00", "07:00");
        await ConditionsAsync(page, 3);
        await Rule(page, 3).GetByLabel("Workdays").CheckAsync();
        // 5. Workdays: two yuan for each half hour, three for the first hour.
        await AddRuleAsync(page, 4, "Workday");
        await Rule(page, 4).Locator("select[id$=kind]").SelectOptionAsync("step");
        await FillAsync(page, "f-rules-4-charge-stages-0-untilMinutes", "60");
        await FillAsync(page, "f-rules-4-charge-stages-0-total", "3");
        await Rule(page, 4).GetByRole(AriaRole.Button, new() { Name = "Add stage" }).PressAsync("Enter");
        await FillAsync(page, "f-rules-4-charge-stages-1-price", "2");
        await AfreshAsync(page, 4);
        await ConditionsAsync(page, 4);
        await Rule(page, 4).GetByLabel("Workdays").CheckAsync();
        // 6. All else, which is the weekend.
        await AddRuleAsync(page, 5, "Weekend");
        await FillAsync(page, "f-rules-5-charge-stages-0-price", "5");
        await FillAsync(page, "f-rules-5-charge-stages-0-perMinutes", "60");
        await AfreshAsync(page, 5);
        // The cap of a day, and free minutes.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add free minutes" }).PressAsync("Enter"); // by a key, as conditions
        await FillAsync(page, "f-freeMinutes-0-minutes", "10");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add limit" }).PressAsync("Enter"); // by a key, as conditions
        await FillAsync(page, "f-caps-0-amount", "25");
        Assert.Equal(0, await page.GetByText("problems").CountAsync());

        // The week of the festival: Thursday to Wednesday are its, and the calendar names the holiday.
        await FillAsync(page, "week-date", "2026-09-30");
        await Assertions.Expect(page.Locator(".week-day").Nth(3).Locator(".week-bar span[title*=Festival]")).ToHaveCountAsync(1);
        Assert.Equal(["00:00–07:00 Workday night", "07:00–22:00 Workday", "22:00–24:00 Workday night"],
            await page.Locator(".week-day").Nth(1).Locator(".week-bar span").EvaluateAllAsync<string[]>("spans => spans.map(s => s.title)"));
        await Assertions.Expect(page.Locator(".week-day").Nth(3).Locator(".day-holiday")).ToHaveCountAsync(1);

        // Two hours and ten minutes of a Wednesday: three for the first hour, then three half hours.
        await TryAsync(page, "2026-11-18T09:00", "2026-11-18T11:10", "Small", 9);
        Assert.Contains("3 × 30 min at ¥2.00 each", await page.Locator(".try .fee").InnerTextAsync());
        Assert.Contains("Up to 1 h: ¥3.00 in all", await page.Locator(".try .fee").InnerTextAsync());
        await KeepAsync(page, "Notice, 1", 1);
        await TryAsync(page, "2026-11-18T09:00", "2026-11-18T09:10", "Small", 0);
        await TryAsync(page, "2026-11-18T09:00", "2026-11-18T10:10", "Large", 12);
        await KeepAsync(page, "Notice, 2", 2);
        await TryAsync(page, "2026-11-18T23:00", "2026-11-19T06:00", "Small", 0);
        await TryAsync(page, "2026-07-15T17:30", "2026-07-15T19:00", "Small", 11);
        await TryAsync(page, "2026-10-02T09:00", "2026-10-02T20:00", "Small", 20);
        await KeepAsync(page, "Notice, 3", 3);
        // A Saturday: the cap of the day.
        await TryAsync(page, "2026-11-21T08:00", "2026-11-21T20:00", "Small", 25);
        Assert.Contains("At most ¥25.00 per day", await page.Locator(".try .fee").InnerTextAsync());
        // A Saturday that is worked: what is kept comes out all the same.
        await TryAsync(page, "2026-10-10T09:00", "2026-10-10T11:10", "Small", 9);
        await KeepAsync(page, "Make-up workday", 4);
        await Assertions.Expect(page.Locator(".check-result.passed")).ToHaveCountAsync(4);

        // An example from the notice that does not come out keeps it from being published.
        await page.GetByText("Examples: 4, all match").PressAsync("Enter");
        await FillAsync(page, "f-examples-0-fee", "8");
        await page.Locator(".check-result.problem", new() { HasText = "9.00" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await page.GetByText("The draft is saved.").WaitForAsync();
        await page.GetByText("To publish, the examples must match.").WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Publish…" })).ToBeDisabledAsync();
        await FillAsync(page, "f-examples-0-fee", "9");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await page.GetByText("The draft is saved.").Last.WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Publish…" })).ToBeEnabledAsync();
        await PublishAsync(page);
        await page.GetByText("A published version does not change.").WaitForAsync();
        // What is published is read, not edited.
        await Assertions.Expect(page.Locator(".prose ol > li")).ToHaveCountAsync(6);
        await Assertions.Expect(page.Locator(".prose ol > li").Nth(4)).ToContainTextAsync("first hour ¥3.00, then ¥2.00 for each started half hour");
        await Assertions.Expect(page.Locator("#f-name")).ToHaveCountAsync(0);

        // Into a lot, which then says so.
        await page.GetByRole(AriaRole.Button, new() { Name = "Use it in a lot…" }).ClickAsync();
        var choice = page.Locator(".dialog-form select");
        await choice.Locator("option").Nth(1).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var lot = await choice.Locator("option").Last.InnerTextAsync();
        await choice.SelectOptionAsync(lot);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use it", Exact = true }).ClickAsync();
        await page.Locator(".tariff-side .rows a", new() { HasText = lot }).First.WaitForAsync();

        // What it would have meant for what the demo's cars paid: all is summed, and the biggest differences lead to their orders.
        await page.GetByRole(AriaRole.Link, new() { Name = "What if…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await page.Locator(".tiles").WaitForAsync();
    }

    static ILocator Rule(IPage page, int index) => page.Locator($"section.card:has(#f-rules-{index}-name)");

    static async Task AddRuleAsync(IPage page, int index, string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add rule" }).ClickAsync();
        await NameAsync(page, index, name);
    }

    static Task NameAsync(IPage page, int index, string name) => FillAsync(page, $"f-rules-{index}-name", name);

    static Task AfreshAsync(IPage page, int rule) => page.Locator($"#f-rules-{rule}-per").SelectOptionAsync("day");

    static async Task ChargeAsync(IPage page, int index, string mode)
    {
        await Rule(page, index).Locator("select[id$=mode]").SelectOptionAsync(mode);
        await Assertions.Expect(Rule(page, index).Locator(".stages")).ToHaveCountAsync(0);
    }

    static async Task WindowAsync(IPage page, int index, string from, string to)
    {
        await Rule(page, index).Locator("details.fold > summary").First.PressAsync("Enter");
        await FillAsync(page, $"f-rules-{index}-window-from", from);
        await FillAsync(page, $"f-rules-{index}-window-to", to);
    }

    /// <summary>By a key: what was typed before may just move the page under the mouse.</summary>
    static Task ConditionsAsync(IPage page, int index) =>
        Rule(page, index).Locator("details.applies > summary").PressAsync("Enter");

    /// <summary>What few conditions need.</summary>
    static Task SeldomAsync(IPage page, int index) =>
        Rule(page, index).Locator("details.applies details.fold > summary").PressAsync("Enter");

    /// <summary>Types and leaves the field, as a person does by the tabulator key.</summary>
    static async Task FillAsync(IPage page, string id, string text)
    {
        var field = page.Locator($"input#{id}, #{id} input");
        await field.FillAsync(text);
        await field.BlurAsync();
    }

    static async Task TryAsync(IPage page, string entry, string exit, string vehicle, decimal fee)
    {
        await FillAsync(page, "try-entry", entry);
        await FillAsync(page, "try-exit", exit);
        await page.Locator("#try-vehicle").SelectOptionAsync(vehicle);
        await Assertions.Expect(page.Locator(".try .fee tfoot td")).ToHaveTextAsync("¥" + fee.ToString("0.00", CultureInfo.InvariantCulture));
    }

    static async Task KeepAsync(IPage page, string note, int count)
    {
        await FillAsync(page, "try-note", note);
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep as example" }).ClickAsync();
        await Assertions.Expect(page.Locator(".check-result")).ToHaveCountAsync(count);
    }

    static async Task PublishAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
    }
}
