using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>Whose session ends is out, whatever is open.</summary>
public sealed class SessionJourneyTests(RunningDemo demo)
{
    [Fact]
    public async Task An_administrator_who_is_switched_off_with_a_dialog_open_adds_nobody_any_more()
    {
        var city = demo.City("hangzhou");
        await using var office = await demo.BrowserAsync();
        var chief = await city.SignInAsync(office, "city");
        await chief.GotoAsync(city.Url("users"));
        var form = await AddAccountAsync(chief, "helper", "City administrator");
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await form.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        // The first password is for one sign-in: every page leads to the change.
        await using var home = await demo.BrowserAsync();
        var helper = await home.NewPageAsync();
        await helper.GotoAsync(city.Url("users"));
        await helper.FillAsync("input[name='Input.Name']", "helper");
        await helper.FillAsync("input[name='Input.Password']", "seven-wet-otters");
        await helper.ClickAsync("button[type=submit]");
        await helper.FillAsync("input[name='Input.Old']", "seven-wet-otters");
        await helper.FillAsync("input[name='Input.New']", "eight-dry-otters");
        await helper.ClickAsync("button[type=submit]");
        await helper.GetByText("The password is changed.").WaitForAsync();
        await helper.GotoAsync(city.Url("users"));
        var open = await AddAccountAsync(helper, "intruder", "City administrator");

        await chief.Locator("tr", new() { HasText = "helper" }).GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await chief.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Assertions.Expect(helper).ToHaveURLAsync(new Regex("/account/sign-in"));
        await helper.GetByText("the account is switched off").WaitForAsync();
        Assert.Equal(0, await open.CountAsync());
        await chief.ReloadAsync();
        await chief.Locator("tr", new() { HasText = "helper" }).First.WaitForAsync();
        Assert.Equal(0, await chief.Locator("tr", new() { HasText = "intruder" }).CountAsync());
    }

    [Fact]
    public async Task Signing_out_ends_a_copied_cookie_and_its_open_page()
    {
        var city = demo.City("hangzhou");
        await using var mine = await demo.BrowserAsync();
        var page = await city.SignInAsync(mine, "district");
        await using var copied = await demo.BrowserAsync();
        await copied.Context.AddCookiesAsync((await mine.Context.CookiesAsync()).Where(c => c.Name == "parking")
            .Select(c => new Cookie { Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path }));
        var other = await copied.NewPageAsync();
        await other.GotoAsync(city.Url("orders"));
        await other.WaitForSelectorAsync("main h1");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(other).ToHaveURLAsync(new Regex("/account/sign-in"));
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/account/sign-in"));
        await other.GotoAsync(city.Url("orders"));
        Assert.Contains("/account/sign-in", other.Url);
        var export = await copied.Context.APIRequest.GetAsync(city.Url("orders/export.xlsx"), new() { MaxRedirects = 0 });
        Assert.Equal(302, export.Status);
    }

    /// <summary>Fills the form, and leaves it open.</summary>
    static async Task<ILocator> AddAccountAsync(IPage page, string name, string role)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add account" }).ClickAsync();
        var form = page.Locator("form.dialog-form");
        await form.Locator("#UserName").FillAsync(name);
        await form.Locator("#DisplayName").FillAsync(name);
        await form.Locator("#Password").FillAsync("seven-wet-otters");
        await form.Locator("select").First.SelectOptionAsync(role);
        await form.GetByText("Area", new() { Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        return form;
    }
}
