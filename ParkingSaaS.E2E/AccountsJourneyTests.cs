using System.IO.Compression;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>What an account sees is what its administrator chose, and whole telephone numbers are for those who may see them.</summary>
public sealed class AccountsJourneyTests(RunningDemo demo)
{
    const string Given = "seven-wet-otters";
    const string Password = "eight-dry-otters";

    [Fact]
    public async Task An_attendant_is_restricted_by_mouse_and_sees_that_lot_alone()
    {
        var city = demo.City("shenzhen");
        await using var office = await demo.BrowserAsync();
        var page = await city.SignInAsync(office, "city");
        var dialog = await AddAsync(page, city, "mouse");
        // What was ticked outlives what is filled in afterwards.
        await dialog.GetByLabel(city.Lots[0].InEnglish, new() { Exact = true }).CheckAsync();
        await dialog.GetByLabel(city.Lots[1].InEnglish, new() { Exact = true }).CheckAsync();
        await dialog.GetByLabel(city.Lots[0].InEnglish, new() { Exact = true }).UncheckAsync();
        await dialog.GetByLabel("Display name").FillAsync("Mouse");
        await SaveAsync(page, dialog, "mouse");
        await ChooseOwnPasswordAsync(city, "mouse");
        await SeesAloneAsync(city, "mouse", city.Lots[1]);

        // The account is changed: the lot is still ticked, and another one takes its place.
        await page.GetByRole(AriaRole.Row, new() { Name = "mouse" }).GetByLabel("Edit").ClickAsync();
        dialog = page.GetByRole(AriaRole.Dialog);
        var before = dialog.GetByLabel(city.Lots[1].InEnglish, new() { Exact = true });
        await Assertions.Expect(before).ToBeCheckedAsync();
        await before.UncheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Alert).WaitForAsync(); // none is not all
        await dialog.GetByLabel(city.Lots[2].InEnglish, new() { Exact = true }).CheckAsync();
        await SaveAsync(page, dialog, "mouse");
        await SeesAloneAsync(city, "mouse", city.Lots[2]);
    }

    [Fact]
    public async Task An_attendant_is_restricted_by_keyboard_and_sees_that_lot_alone()
    {
        var city = demo.City("hangzhou");
        await using var office = await demo.BrowserAsync();
        var page = await city.SignInAsync(office, "city");
        var dialog = await AddAsync(page, city, "keyboard");
        await dialog.GetByLabel("All lots of the city").PressAsync("Space");
        await Assertions.Expect(dialog.Locator(".choose-list")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("ArrowDown");
        var first = dialog.Locator(".choose-list input").First;
        await first.WaitForAsync();
        for (var i = 0; i < 5 && !await first.EvaluateAsync<bool>("box => box === document.activeElement"); i++)
            await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(first).ToBeCheckedAsync();
        var id = await first.GetAttributeAsync("value");
        await SaveAsync(page, dialog, "keyboard");
        await ChooseOwnPasswordAsync(city, "keyboard");
        await SeesAloneAsync(city, "keyboard", city.Lots.Single(l => l.Id == id));
    }

    /// <summary>Opens the form and fills in all but the lots.</summary>
    static async Task<ILocator> AddAsync(IPage page, DemoCity city, string name)
    {
        await page.GotoAsync(city.Url("users"));
        // A page that has just come gives the focus to its heading; on a busy machine that is after the click, and takes it from the dialog.
        await page.WaitForFunctionAsync("() => document.activeElement.matches('h1')");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add account" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        // A dialog that has just opened takes the focus; keys that are pressed before go elsewhere.
        await page.WaitForFunctionAsync("() => document.activeElement.closest('[role=dialog]')");
        await dialog.GetByLabel("User name").FillAsync(name);
        await dialog.GetByLabel("Display name").FillAsync(name);
        await dialog.GetByLabel("Password").FillAsync(Given);
        return dialog;
    }

    static async Task SaveAsync(IPage page, ILocator dialog, string name)
    {
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GetByRole(AriaRole.Row, new() { Name = name }).GetByText("Lots: 1").WaitForAsync();
    }

    /// <summary>The first password is for one sign-in.</summary>
    async Task ChooseOwnPasswordAsync(DemoCity city, string name)
    {
        await using var duty = await demo.BrowserAsync();
        var page = await duty.NewPageAsync();
        await page.GotoAsync(city.Url("account/sign-in"));
        await page.FillAsync("input[name='Input.Name']", name);
        await page.FillAsync("input[name='Input.Password']", Given);
        await page.ClickAsync("button[type=submit]");
        await page.FillAsync("input[name='Input.Old']", Given);
        await page.FillAsync("input[name='Input.New']", Password);
        await page.ClickAsync("button[type=submit]");
        await page.GetByText("The password is changed.").WaitForAsync();
    }

    async Task SeesAloneAsync(DemoCity city, string name, DemoLot lot)
    {
        await using var duty = await demo.BrowserAsync();
        var page = await city.SignInAsync(duty, name, Password);
        await page.GotoAsync(city.Url("lots"));
        await page.Locator("tbody a").First.WaitForAsync();
        Assert.Equal([lot.InEnglish], await page.Locator("tbody a").AllInnerTextsAsync());
        foreach (var other in city.Lots.Where(l => l.Id != lot.Id))
        {
            await page.GotoAsync(city.Url($"lots/{other.Id}"));
            await page.Locator("main .message-error").WaitForAsync();
        }
    }

    [Theory]
    [InlineData("attendant"), InlineData("staff"), InlineData("company")]
    public async Task No_pass_and_no_file_tells_a_whole_telephone_number(string role)
    {
        var city = demo.City("shenzhen");
        await using var browser = await demo.BrowserAsync();
        var page = await city.SignInAsync(browser, role);
        await page.GotoAsync(city.Url("passes"));
        await page.Locator("tbody a").First.WaitForAsync();
        var list = await page.ContentAsync();
        Assert.Contains("****", list);
        Telephones.AssertNoneIsWhole(list);
        await page.Locator("tbody a").First.ClickAsync();
        await page.Locator("dl.facts").WaitForAsync();
        var pass = await page.ContentAsync();
        Assert.Contains("****", pass);
        Telephones.AssertNoneIsWhole(pass);

        var file = await page.APIRequest.GetAsync(city.Url("passes/export.xlsx"));
        using var book = new ZipArchive(new MemoryStream(await file.BodyAsync()));
        foreach (var part in book.Entries)
            using (var reader = new StreamReader(part.Open()))
                Telephones.AssertNoneIsWhole(await reader.ReadToEndAsync(TestContext.Current.CancellationToken).InTimeAsync());
    }
}
