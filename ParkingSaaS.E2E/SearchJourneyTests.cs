using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>Somebody asks for a car, and finds it from wherever they are without touching the mouse.</summary>
public sealed class SearchJourneyTests(RunningDemo demo)
{
    [Theory]
    [InlineData("en", 1360)]
    [InlineData("zh-CN", 390)]
    public async Task A_part_of_a_plate_leads_from_any_page_to_the_car_by_keyboard(string language, int width)
    {
        var city = demo.City("hangzhou");
        var plate = width > 800 ? "浙AQ0S81" : "浙AQ0S82";
        await city.PassAsync(city.Manual, "entryCamera", plate);
        await using var browser = await demo.BrowserAsync(language, width);
        var page = await city.SignInAsync(browser, "city");
        await page.GotoAsync(city.Url("tariffs"));
        await page.Locator("main h1").WaitForAsync();
        await page.Locator(".search-open").WaitForAsync();
        await page.Keyboard.PressAsync("Control+k");
        var input = page.Locator(".search input");
        await Assertions.Expect(input).ToBeFocusedAsync();
        // O for 0, as people read it off a car.
        await page.Keyboard.TypeAsync("qos8" + plate[^1]);
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToContainTextAsync(plate);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/cars/"));
        await Assertions.Expect(page.Locator("main h1")).ToContainTextAsync(plate);
        await page.Locator("main tbody a").First.WaitForAsync();
    }

    [Fact]
    public async Task What_an_attendant_may_not_see_is_not_found()
    {
        await using var browser = await demo.BrowserAsync();
        var page = await demo.City("hangzhou").SignInAsync(browser, "attendant");
        // Home sends an attendant on to the booth, and a dialog that was open goes with it.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/booth"));
        await page.Locator(".search-open").ClickAsync();
        await Assertions.Expect(page.Locator(".search input")).ToBeFocusedAsync();
        // The help has that word, and is found with all that the person may see; the account of that name is not.
        await page.Keyboard.TypeAsync("company");
        await page.Locator(".search [role=option][href^='help/']").First.WaitForAsync();
        await Assertions.Expect(page.Locator(".search [role=option][href^='users']")).ToHaveCountAsync(0);
    }
}
