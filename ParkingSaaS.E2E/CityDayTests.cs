using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.E2E;

/// <summary>A city's day as its people see it: cars come and go over real connections, people pay, gates open, the income is on
/// a report.</summary>
public sealed class CityDayTests(RunningDemo demo)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static string Money(string text) => text.Replace("¥", "").Replace(",", "").Trim();

    [Fact]
    public async Task A_stay_from_the_entry_to_the_report()
    {
        const string plate = "粤B10001";
        var city = demo.City("shenzhen");
        var lot = city.Manual;
        var opened = new TaskCompletionSource();
        await using var gate = await city.ConnectAsync(lot, "gate", message =>
        {
            using var command = JsonDocument.Parse(message.Payload);
            if (command.RootElement.TryGetProperty("type", out var type) && type.GetString() == "gate.open")
                opened.TrySetResult();
            return default;
        });
        await gate.SubscribeAsync($"v1/{lot.Device("gate").GetProperty("device").GetString()}/down/command", ct: Ct);

        // The administrator watches the home page: events arrive by themselves.
        await using var office = await demo.BrowserAsync();
        var home = await city.SignInAsync(office, "city");
        await home.WaitForSelectorAsync(".tiles");
        await city.PassAsync(lot, "entryCamera", plate, minutesAgo: 80);
        await home.GetByText(plate).First.WaitForAsync();

        // At the exit the gate is held, and the booth sees the car.
        await using var boothBrowser = await demo.BrowserAsync();
        var booth = await city.SignInAsync(boothBrowser, "city");
        await booth.GotoAsync(city.Url("booth"));
        await booth.Locator("main h1").WaitForAsync();
        await city.PassAsync(lot, "exitCamera", plate);
        Assert.False(opened.Task.IsCompleted);

        // The driver looks it up on the phone, reads why, and pays.
        await using var phone = await demo.BrowserAsync("zh-CN", 390);
        var driver = await phone.NewPageAsync();
        await driver.GotoAsync(city.Url($"pay/lot/{lot.Id}"));
        await driver.Locator("main input[type=text], main input:not([type])").First.FillAsync(plate);
        await driver.GetByRole(AriaRole.Button, new() { Name = "查询" }).ClickAsync();
        await Assertions.Expect(driver).ToHaveURLAsync(new Regex("/pay/order/"));
        var owed = Money(await driver.Locator(".driver-owed strong").InnerTextAsync());
        Assert.True(decimal.Parse(owed, CultureInfo.InvariantCulture) > 0);
        Assert.Contains("小时", await driver.Locator("main").InnerTextAsync());
        await driver.Locator("main button.primary").ClickAsync();
        await Assertions.Expect(driver).ToHaveURLAsync(new Regex("/demo-channel/"));
        await driver.Locator("main button.primary").ClickAsync();
        await driver.Locator(".message-good").WaitForAsync();
        await opened.Task.InTimeAsync();

        // The order shows every line of the fee, the payment and the operations.
        await home.GotoAsync(city.Url("orders"));
        await home.Locator("input[name=plate]").FillAsync(plate);
        await home.Keyboard.PressAsync("Enter");
        await home.GetByRole(AriaRole.Link, new() { Name = plate }).First.ClickAsync();
        await home.GetByText("How the fee is made up").WaitForAsync();
        var order = await home.Locator("main").InnerTextAsync();
        Assert.Contains("Completed", order);
        Assert.Contains("¥" + owed, order);

        // The income is on the report, and leaves as Excel and PDF.
        await home.GotoAsync(city.Url("reports/income"));
        await home.Locator(".report").WaitForAsync();
        Assert.Contains(lot.InEnglish, await home.Locator(".report").InnerTextAsync());
        Assert.Equal("PK", await DownloadAsync(home, "Excel", 2));
        Assert.Equal("%PDF", await DownloadAsync(home, "PDF", 4));
    }

    static async Task<string> DownloadAsync(IPage page, string button, int length)
    {
        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = button }).Or(page.GetByRole(AriaRole.Link, new() { Name = button })).First.ClickAsync(),
            new() { Timeout = RunningDemo.Patience });
        await using var file = await download.CreateReadStreamAsync();
        var head = new byte[length];
        await file.ReadExactlyAsync(head, Ct);
        return System.Text.Encoding.ASCII.GetString(head);
    }

    [Fact]
    public async Task The_attendant_takes_cash_and_the_car_leaves()
    {
        const string plate = "粤B10002";
        var city = demo.City("hangzhou");
        await city.PassAsync(city.Manual, "entryCamera", plate, minutesAgo: 80);
        await city.PassAsync(city.Manual, "exitCamera", plate);
        await using var browser = await demo.BrowserAsync(width: 390);
        var page = await city.SignInAsync(browser, "city");
        await page.GotoAsync(city.Url("orders"));
        await page.Locator("input[name=plate]").FillAsync(plate);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new() { Name = plate }).First.ClickAsync();
        await page.Locator(".cash-notes button").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "in cash" }).ClickAsync();
        await page.GetByText("Completed").First.WaitForAsync();
    }

    /// <summary>A driver has the channel's page open twice when the attendant takes cash; what was paid too much goes back the way it came.</summary>
    [Fact]
    public async Task Who_paid_twice_has_the_money_back()
    {
        const string plate = "粤B10004";
        var city = demo.City("hangzhou");
        await city.PassAsync(city.Manual, "entryCamera", plate, minutesAgo: 80);
        await city.PassAsync(city.Manual, "exitCamera", plate);
        await using var phone = await demo.BrowserAsync("zh-CN", 390);
        var (first, second) = (await phone.NewPageAsync(), await phone.NewPageAsync());
        foreach (var tab in new[] { first, second })
        {
            await tab.GotoAsync(city.Url($"pay/lot/{city.Manual.Id}"));
            await tab.Locator("input[name='Input.Rest']").FillAsync(plate);
            await tab.Locator("main button.primary").ClickAsync();
            await Assertions.Expect(tab).ToHaveURLAsync(new Regex("/pay/order/"));
            await tab.Locator("main button.primary").ClickAsync();
            await Assertions.Expect(tab).ToHaveURLAsync(new Regex("/demo-channel/"));
        }
        Assert.Equal(new Uri(first.Url).AbsolutePath, new Uri(second.Url).AbsolutePath);

        await using var booth = await demo.BrowserAsync();
        var office = await city.SignInAsync(booth, "staff");
        await office.GotoAsync(city.Url($"cars/{Uri.EscapeDataString(plate)}"));
        await office.Locator("main a[href^='orders/']").First.ClickAsync();
        await using var gate = await demo.BrowserAsync();
        var attendant = await city.SignInAsync(gate, "attendant");
        await attendant.GotoAsync(office.Url);
        await attendant.Locator(".cash-notes button").First.ClickAsync();
        await attendant.GetByRole(AriaRole.Button, new() { Name = "in cash" }).ClickAsync();
        await attendant.GetByText("Completed").First.WaitForAsync();
        foreach (var tab in new[] { first, second })
        {
            await tab.Locator("main button.primary").ClickAsync();
            await Assertions.Expect(tab.GetByText("多付")).ToBeVisibleAsync();
        }

        // Somebody asks, somebody else approves, and the channel gives it back.
        await office.GetByRole(AriaRole.Button, new() { Name = "Refund…" }).ClickAsync();
        var dialog = office.GetByRole(AriaRole.Dialog);
        Assert.Contains("Demo", await dialog.Locator("#Method option:checked").InnerTextAsync());
        await dialog.Locator("#Reason").FillAsync("paid twice");
        await dialog.Locator("button[type=submit]").ClickAsync();
        await office.GetByText("Waits for").First.WaitForAsync();
        await using var finance = await demo.BrowserAsync();
        var company = await city.SignInAsync(finance, "company");
        await company.GotoAsync(office.Url);
        await company.GetByRole(AriaRole.Button, new() { Name = "Decide…" }).ClickAsync();
        await company.GetByRole(AriaRole.Dialog).Locator("button[type=submit]").ClickAsync();
        await company.GetByText("Approved").First.WaitForAsync();
        await company.Locator("tr", new() { HasText = "Demo" }).GetByText(new Regex("^[-−]¥")).First.WaitForAsync();
        await first.ReloadAsync();
        Assert.DoesNotContain("多付", await first.Locator("main").InnerTextAsync());
    }

    /// <summary>An attendant counts the drawer, a yuan is missing, and somebody else takes the money over.</summary>
    [Fact]
    public async Task A_shift_is_handed_in_and_taken_over()
    {
        var city = demo.City("shenzhen");
        await using var gate = await demo.BrowserAsync(width: 390);
        var booth = await city.SignInAsync(gate, "attendant");
        await booth.GotoAsync(city.Url("booth"));
        var shift = booth.Locator(".shift-part");
        await shift.Locator("summary strong, summary .badge").First.WaitForAsync();
        await shift.Locator("summary").ClickAsync();
        if (await shift.Locator("summary strong").CountAsync() == 0) // by night it is somebody else's
        {
            await shift.GetByRole(AriaRole.Button, new() { Name = "Open a shift…" }).ClickAsync();
            await booth.GetByRole(AriaRole.Dialog).Locator("#Float").FillAsync("200");
            await booth.GetByRole(AriaRole.Dialog).Locator("button[type=submit]").ClickAsync();
            await shift.Locator("summary strong").WaitForAsync();
        }
        await shift.GetByRole(AriaRole.Button, new() { Name = "Hand in…" }).ClickAsync();
        var form = booth.GetByRole(AriaRole.Dialog);
        var expected = decimal.Parse(Money(await shift.Locator("summary strong").InnerTextAsync()), CultureInfo.InvariantCulture);
        await form.Locator("#Counted").FillAsync((expected - 1).ToString(CultureInfo.InvariantCulture));
        await form.GetByText("¥1.00 too little").WaitForAsync();
        await form.Locator("button[type=submit]").ClickAsync();
        await form.Locator(".field-error, [role=alert]").First.WaitForAsync(); // the difference wants a word
        await form.Locator("#Explanation").FillAsync("a coin rolled away");
        await form.Locator("button[type=submit]").ClickAsync();
        await booth.GetByText("The shift is handed in.").WaitForAsync();
        await booth.GotoAsync(city.Url("shifts?state=handedIn"));
        await booth.Locator("main a[href^='shifts/']").First.ClickAsync();
        await booth.GetByText("a coin rolled away").First.WaitForAsync();
        Assert.Equal(0, await booth.GetByRole(AriaRole.Button, new() { Name = "Take over" }).CountAsync());

        await using var office = await demo.BrowserAsync();
        var company = await city.SignInAsync(office, "company");
        await company.GotoAsync(booth.Url);
        await company.GetByRole(AriaRole.Button, new() { Name = "Take over" }).ClickAsync();
        await company.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Take over" }).ClickAsync();
        await company.Locator("h1").GetByText("Taken over").WaitForAsync();
    }

    /// <summary>An attendant's hour without a mouse. The usual case, the exact amount in cash, takes two keys; typed letters press nothing.</summary>
    [Fact]
    public async Task The_attendant_works_by_keyboard_alone()
    {
        const string payer = "浙A20001", misread = "浙A20002", right = "浙A20003", byHand = "浙A20004";
        var city = demo.City("hangzhou");
        var lot = city.Manual;
        var name = lot.Device("gate").GetProperty("device").GetString();
        DeviceClient? gate = null;
        await using var connected = gate = await city.ConnectAsync(lot, "gate", async message =>
        {
            using var command = JsonDocument.Parse(message.Payload);
            await gate!.PublishAsync($"v1/{name}/up/reply", JsonSerializer.SerializeToUtf8Bytes(new
            {
                id = Guid.NewGuid().ToString("N"),
                at = TimeProvider.System.GetUtcNow(),
                command = command.RootElement.GetProperty("id").GetString(),
                ok = true
            }), ct: Ct);
        });
        await gate.SubscribeAsync($"v1/{name}/down/command", ct: Ct);
        await using var browser = await demo.BrowserAsync();
        await browser.Context.AddInitScriptAsync("window.print = () => window.printed = document.querySelector('body > .receipt').textContent");
        var page = await city.SignInAsync(browser, "attendant");
        await page.GotoAsync(city.Url("booth"));
        await page.Locator(".booth-case").WaitForAsync();
        var keys = 0;

        // The usual case: the exact amount.
        await city.PassAsync(lot, "entryCamera", payer, minutesAgo: 80);
        await city.PassAsync(lot, "exitCamera", payer);
        await page.Locator(".lane-car", new() { HasText = payer }).WaitForAsync();
        await PressAsync("c");
        await page.Locator("form.cash button[type=submit]:not([disabled])").WaitForAsync();
        await PressAsync("Enter");
        await page.Locator(".booth-done", new() { HasText = payer }).Locator(".tone-success").WaitForAsync();
        Assert.Equal(2, keys);
        await PressAsync("p");
        await page.WaitForFunctionAsync("() => window.printed");
        Assert.Contains(payer, await page.EvaluateAsync<string>("() => window.printed"));

        // A misread plate is put right where it stands, and the car let out unpaid.
        await city.PassAsync(lot, "entryCamera", misread, minutesAgo: 80);
        await city.PassAsync(lot, "exitCamera", misread);
        await page.Locator(".lane-car", new() { HasText = misread }).WaitForAsync();
        keys = 0;
        await PressAsync("e");
        await Assertions.Expect(page.Locator(".plate-in-place input")).ToBeFocusedAsync();
        await PressAsync("Control+a");
        await page.Keyboard.TypeAsync(right);
        await PressAsync("Enter");
        await page.Locator(".lane-car > .plate", new() { HasText = right }).WaitForAsync();
        await PressAsync("l");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).Locator("#Reason")).ToBeFocusedAsync();
        await PressAsync("Enter");
        await page.Locator(".booth-done", new() { HasText = right }).WaitForAsync();
        Assert.Equal(5, keys);

        // A car is let in by hand; letters in a field press nothing.
        await PressAsync("1");
        await PressAsync("i");
        await page.Keyboard.TypeAsync("ope?");
        Assert.Equal(0, await page.GetByRole(AriaRole.Dialog).CountAsync());
        await PressAsync("Control+a");
        await page.Keyboard.TypeAsync(byHand);
        await PressAsync("Enter");
        await page.Locator(".booth-done", new() { HasText = byHand }).WaitForAsync();
        await PressAsync("Escape");
        await PressAsync("?");
        await page.Locator(".help-drawer td", new() { HasText = "cash: the exact amount" }).WaitForAsync();
        await PressAsync("?");
        await Assertions.Expect(page.Locator(".help-drawer")).ToHaveCountAsync(0);

        async Task PressAsync(string key)
        {
            keys++;
            await page.Keyboard.PressAsync(key);
        }
    }

    [Fact]
    public async Task Two_cities_side_by_side_and_a_person_restricted_to_a_lot()
    {
        const string plate = "粤B10003";
        var shenzhen = demo.City("shenzhen");
        var hangzhou = demo.City("hangzhou");
        // Told late, so that it moves no gate of other journeys.
        await shenzhen.PassAsync(shenzhen.Manual, "entryCamera", plate, minutesAgo: 5);
        await using var here = await demo.BrowserAsync();
        await using var there = await demo.BrowserAsync();
        Assert.Equal(1, await FoundAsync(await shenzhen.SignInAsync(here, "city"), shenzhen, plate));
        Assert.Equal(0, await FoundAsync(await hangzhou.SignInAsync(there, "city"), hangzhou, plate));

        // The attendant is restricted to lots: what another lot holds is not to be found, not even by its address.
        await using var duty = await demo.BrowserAsync();
        var page = await shenzhen.SignInAsync(duty, "attendant");
        await page.GotoAsync(shenzhen.Url("orders"));
        await page.Locator("main h1").WaitForAsync();
        var seen = new List<string>();
        foreach (var lot in shenzhen.Lots)
        {
            await page.GotoAsync(shenzhen.Url($"lots/{lot.Id}"));
            await page.Locator("main dl.facts, main .message-error").First.WaitForAsync();
            if (await page.Locator("main .message-error").CountAsync() == 0)
                seen.Add(lot.Name);
        }
        Assert.Equal([shenzhen.Sees("attendant")], seen);
    }

    static async Task<int> FoundAsync(IPage page, DemoCity city, string plate)
    {
        await page.GotoAsync(city.Url($"orders?plate={Uri.EscapeDataString(plate)}"));
        await page.Locator("main a", new() { HasText = plate }).Or(page.GetByText("Nothing matches the filters.")).First.WaitForAsync();
        return await page.Locator("main a", new() { HasText = plate }).CountAsync();
    }
}
