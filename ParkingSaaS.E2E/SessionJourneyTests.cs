using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>Whose session ends is out within five seconds, whatever is open.</summary>
public sealed class SessionJourneyTests(RunningDemo demo)
{
    const float FiveSeconds = 5_000;

    [Fact]
    public async Task Signing_out_ends_a_copied_cookie_and_its_open_page()
    {
        var city = demo.City("hangzhou");
        await using var mine = await demo.BrowserAsync();
        var page = await city.SignInAsync(mine, "district");
        await using var copied = await demo.BrowserAsync();
        await copied.AddCookiesAsync((await mine.CookiesAsync()).Where(c => c.Name == "parking")
            .Select(c => new Cookie { Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path }));
        var other = await copied.NewPageAsync();
        await other.GotoAsync(city.Url("orders"));
        await other.WaitForSelectorAsync("main h1");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await other.WaitForURLAsync("**/account/sign-in**", new() { Timeout = FiveSeconds });
        await page.WaitForURLAsync("**/account/sign-in**");
        await other.GotoAsync(city.Url("orders"));
        Assert.Contains("/account/sign-in", other.Url);
        var export = await copied.APIRequest.GetAsync(city.Url("orders/export.xlsx"), new() { MaxRedirects = 0 });
        Assert.Equal(302, export.Status);
    }
}
