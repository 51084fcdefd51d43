using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>The dialogs of the main jobs keep nobody out, and are translated.</summary>
public sealed class DialogsTests(RunningDemo demo)
{
    [Theory]
    [InlineData("en", 1360, false)]
    [InlineData("zh-CN", 390, true)]
    public async Task A_dialog_is_whole(string language, int width, bool dark)
    {
        var city = demo.City("hangzhou");
        var plate = dark ? "浙A30001" : "浙A30002";
        await city.PassAsync(city.Manual, "entryCamera", plate);
        await using var browser = await demo.BrowserAsync(language, width, dark);
        var page = await city.SignInAsync(browser, "city");
        var look = await PageLook.AtAsync(page, language);
        List<string> findings = [];

        await OpenAsync("lots", "Edit");
        await OpenAsync($"lots/{city.Manual.Id}", "Add lane");
        await OpenAsync("lists", "Add plates");
        await look.GoAsync(city.Url($"orders?plate={Uri.EscapeDataString(plate)}"));
        var order = (await page.GetByRole(AriaRole.Link, new() { Name = plate }).First.GetAttributeAsync("href"))!;
        await OpenAsync(order, "Correct the plate");
        await OpenAsync(order, "Void");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator(".search input").FillAsync(plate);
        await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await LookAtAsync();
        Assert.True(findings.Count == 0, string.Join('\n', findings));

        async Task OpenAsync(string path, string button)
        {
            await look.GoAsync(city.Url(path));
            await page.GetByRole(AriaRole.Button, new() { Name = Wording.In(button, language) }).First.ClickAsync();
            await page.Locator(".dialog-form").WaitForAsync();
            await LookAtAsync();
        }

        async Task LookAtAsync() => findings.AddRange([.. await look.FindingsAsync(), .. await look.BarriersAsync()]);
    }

    [Fact]
    public async Task What_was_typed_is_asked_for_before_it_is_lost()
    {
        await using var browser = await demo.BrowserAsync("en", 1360);
        var page = await demo.City("hangzhou").SignInAsync(browser, "city");
        var dialogs = page.Locator(".dialog-form");
        var question = page.GetByText("What you entered is not saved.");
        await page.GotoAsync(demo.City("hangzhou").Url("areas"));
        // Links are followed within the page a moment after it is drawn: before what somebody does there has had its answer.
        await OpenAsync("Add area");
        await page.Keyboard.PressAsync("Escape");
        await dialogs.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator(".menu").GetByRole(AriaRole.Link, new() { Name = "Roads" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/roads$"));

        // Nothing was typed: Escape closes it.
        await OpenAsync("Add road");
        await page.Keyboard.PressAsync("Escape");
        await dialogs.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await OpenAsync("Add road");
        await page.Keyboard.TypeAsync("Harbour Road");
        await page.Keyboard.PressAsync("Escape");
        await StayAsync();
        await page.Locator(".dialog-title").GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await StayAsync();
        await page.EvaluateAsync("() => { history.back(); }");
        await StayAsync();
        await page.EvaluateAsync("() => { history.back(); }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave without saving" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/areas$"));
        await dialogs.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        async Task OpenAsync(string button)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            await page.Locator("#Name:focus").WaitForAsync();
        }

        async Task StayAsync()
        {
            await question.WaitForAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).Last.ClickAsync();
            await question.WaitForAsync(new() { State = WaitForSelectorState.Detached });
            Assert.Equal("Harbour Road", await page.Locator("#Name").InputValueAsync());
        }
    }
}
