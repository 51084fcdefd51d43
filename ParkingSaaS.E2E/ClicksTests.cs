using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>How many clicks the main jobs take, from the menu on. Typing is not counted, and a choice from a list is two clicks. docs/testing.md
/// has the numbers: a job that takes more of them is a change to think about.</summary>
public sealed class ClicksTests(RunningDemo demo)
{
    int clicks;

    async Task ClickAsync(ILocator what)
    {
        await what.ClickAsync();
        clicks++;
    }

    async Task ChooseAsync(ILocator list, SelectOptionValue option)
    {
        await list.SelectOptionAsync(option);
        clicks += 2;
    }

    static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static ILocator Menu(IPage page, string name) => page.Locator(".menu").GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    [Fact]
    public async Task A_lot_with_lanes_berths_and_a_tariff()
    {
        await using var browser = await demo.BrowserAsync();
        var page = await demo.City("hangzhou").SignInAsync(browser, "city");
        await ClickAsync(Menu(page, "Lots"));
        await ClickAsync(Button(page, "Add lot"));
        // The last by its name: other journeys take the first lots of a list.
        await page.Locator("#Name").FillAsync("龙步停车场");
        await page.Locator("#Capacity").FillAsync("40");
        await page.Locator("#Numbers").FillAsync("A01–A40");
        await ChooseAsync(page.GetByLabel("Tariff for its cars", new() { Exact = true }), new() { Index = 1 });
        await ClickAsync(Button(page, "Add lot"));
        await Assertions.Expect(page.Locator("main h1")).ToContainTextAsync("龙步停车场");
        await Assertions.Expect(Button(page, "Price board A4")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".berths")).ToContainTextAsync("A40");
        Assert.Equal(5, clicks);
    }

    [Fact]
    public async Task A_plate_corrected_and_its_order_voided()
    {
        var city = demo.City("hangzhou");
        await city.PassAsync(city.Manual, "entryCamera", "浙AC1K01");
        await using var browser = await demo.BrowserAsync();
        var page = await city.SignInAsync(browser, "city");
        await ClickAsync(Menu(page, "Orders"));
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "浙AC1K01" }));
        await ClickAsync(Button(page, "Correct the plate"));
        await page.Locator("#Plate").FillAsync("浙AC1K02");
        await ClickAsync(Button(page, "Save"));
        await Assertions.Expect(page.Locator("main h1")).ToContainTextAsync("浙AC1K02");
        Assert.Equal(4, clicks);

        await ClickAsync(Button(page, "Void"));
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.Locator("#Reason").FillAsync("counted twice");
        await ClickAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "Void", Exact = true }));
        await Assertions.Expect(page.Locator("main h1")).ToContainTextAsync("Void");
        Assert.Equal(6, clicks);
    }

    [Fact]
    public async Task A_car_on_the_blacklist()
    {
        var city = demo.City("hangzhou");
        await city.PassAsync(city.Manual, "entryCamera", "浙AC1K03");
        await using var browser = await demo.BrowserAsync();
        var page = await city.SignInAsync(browser, "city");
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator(".search input").FillAsync("C1K03");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await ClickAsync(page.GetByRole(AriaRole.Option));
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/cars/"));
        await ClickAsync(Button(page, "Put on a list…"));
        await ChooseAsync(page.GetByRole(AriaRole.Dialog).GetByLabel("List", new() { Exact = true }), new() { Label = "Blacklist" });
        await page.Locator("#Reason").FillAsync("broke the gate");
        await ClickAsync(Button(page, "Save"));
        await Assertions.Expect(page.Locator(".rows")).ToContainTextAsync("broke the gate");
        Assert.Equal(5, clicks);
    }
}
