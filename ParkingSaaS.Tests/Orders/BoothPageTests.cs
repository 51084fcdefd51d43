using AngleSharp.Dom;
using Bunit;
using Bunit.Extensions.WaitForHelpers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Payments;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Orders;

/// <summary>The booth as an attendant meets it: the queue of lanes, the case, the gate, what was done.</summary>
public sealed class BoothPageTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    async Task<PageContext> AttendantAsync() =>
        new(day.Platform, await day.City.SignInAsync(Roles.Attendant, u => u.LotIds = [day.City.North.Id]));

    static async Task<IRenderedComponent<BoothPage>> OpenAsync(PageContext context)
    {
        var page = context.Render<BoothPage>();
        await page.WaitForElementAsync(".booth-case");
        return page;
    }

    async Task StandAtExitAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
    }

    async Task OnlineAsync(bool online)
    {
        await using var s = await day.City.OpenAsync();
        await s.Db.Set<Device>().ExecuteUpdateAsync(set => set.SetProperty(d => d.Online, online).SetProperty(d => d.OfflineSince, online ? null : s.Now), Ct);
    }

    static IElement Lane(IRenderedComponent<BoothPage> page, string name) =>
        page.FindAll(".booth-queue button").Single(b => b.QuerySelector("strong")!.TextContent == name);

    /// <summary>Finds and presses at once: what is live may be drawn anew in between.</summary>
    static Task ClickAsync(IRenderedComponent<BoothPage> page, Func<IElement> button) => page.InvokeAsync(() => button().ClickAsync());

    /// <summary>What people read, whatever space lies between the words.</summary>
    static void Says(string words, IElement element) => Assert.Contains(Bare(words), Bare(element.TextContent));

    static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    [Fact]
    public async Task The_queue_says_what_stands_where_and_the_next_case_comes_by_itself()
    {
        await using var context = await AttendantAsync();
        await OnlineAsync(true);
        var page = await OpenAsync(context);
        Says("No car", Lane(page, "Out"));
        Assert.Empty(page.FindAll(".booth-queue .waits"));
        // An empty lane that the attendant chose stays.
        await ClickAsync(page, () => Lane(page, "In"));
        await StandAtExitAsync();
        await PageContext.HearAsync(day.Platform, page, () => Assert.NotEmpty(page.FindAll(".booth-queue .waits")));
        Says($"{Car} ¥7.00 just now", Lane(page, "Out"));
        Assert.Equal("true", Lane(page, "In").GetAttribute("aria-current"));

        // Once something is done there the case comes.
        await page.InvokeAsync(() => page.Find(".by-hand input").InputAsync("粤B00001"));
        await page.InvokeAsync(() => page.Find("form.by-hand").SubmitAsync());
        await page.WaitForElementAsync(".cash");
        Assert.Equal("true", Lane(page, "Out").GetAttribute("aria-current"));
        day.Platform.Clock.Advance(TimeSpan.FromMinutes(3));
        page.WaitForAssertion(() => Says("for 3 min", Lane(page, "Out")));
    }

    [Fact]
    public async Task Cash_is_taken_with_its_change_and_what_the_gate_made_of_it_stays_in_sight()
    {
        await OnlineAsync(true);
        await StandAtExitAsync();
        day.Platform.Link.Take();
        await using var context = await AttendantAsync();
        var page = await OpenAsync(context);
        Assert.Equal("¥7.00", page.Find(".cash-amount").TextContent);
        Assert.True(Take().HasAttribute("disabled"));
        Assert.Equal("Choose what the driver hands over.", page.Find(".cash-change").TextContent.Trim());
        await ClickAsync(page, () => page.FindAll(".cash-notes button").Single(b => b.TextContent.Trim() == "¥20.00"));
        Assert.Equal("Change: ¥13.00", page.Find(".cash-change").TextContent.Trim());

        // What is no amount takes the one before away.
        foreach (var typed in (string[])["abc", "5.123"])
        {
            await page.InvokeAsync(() => page.Find(".cash-notes input").InputAsync("20"));
            Assert.False(Take().HasAttribute("disabled"));
            await page.InvokeAsync(() => page.Find(".cash-notes input").InputAsync(typed));
            Assert.True(Take().HasAttribute("disabled"));
            Assert.Equal("Choose what the driver hands over.", page.Find(".cash-change").TextContent.Trim());
            Assert.Empty(page.FindAll(".cash-notes [aria-pressed=true]"));
            await page.InvokeAsync(() => page.Find("form.cash").SubmitAsync());
            Assert.Empty(await day.PaymentsAsync());
            Assert.Equal(typed, page.Find(".cash-notes input").GetAttribute("value"));
        }
        await ClickAsync(page, () => page.FindAll(".cash-notes button").Single(b => b.TextContent.Trim() == "¥20.00"));
        await page.InvokeAsync(() => page.Find("form.cash").SubmitAsync());
        await page.WaitForElementAsync(".booth-done");
        page.WaitForAssertion(() => Says($"{Car}: ¥7.00 taken in cash. Change: ¥13.00 Open the gate Queued", page.Find(".booth-done")));
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
        Assert.Contains("No car is waiting here.", page.Find(".booth-case").TextContent);

        // The gate answers.
        var command = Assert.Single(day.Platform.Link.Take());
        await day.RecordAsync(new DeviceEvent(day.City.ExitGate.Id, day.City.North.Id, "r1", "t", "{}", new ReplyReport(command.Id, true, null)));
        await PageContext.HearAsync(day.Platform, page, () => Says("Open the gate Done", page.Find(".booth-done")));

        IElement Take() => page.Find(".cash > button");
    }

    [Fact]
    public async Task A_gate_that_is_offline_is_told_before_and_what_came_of_the_command_afterwards()
    {
        await OnlineAsync(false);
        await StandAtExitAsync();
        await using var context = await AttendantAsync();
        var dialog = context.Render<MudDialogProvider>();
        var page = await OpenAsync(context);
        Says("Gate offline", Lane(page, "Out"));
        Assert.Contains("Open it by hand.", page.Find(".booth-gate .message-warning").TextContent);
        Says("Offline since ", page.Find(".booth-gate header"));

        var letOut = ClickAsync(page, () => page.FindAll("button").Single(b => b.GetAttribute("aria-keyshortcuts") == "L"));
        var form = await dialog.WaitForElementAsync("form");
        Assert.Contains("¥7.00 is owed. It becomes arrears. The gate is offline", form.TextContent);
        await form.SubmitAsync();
        await letOut.InTimeAsync();
        await page.WaitForElementAsync(".booth-done");
        Says("Open the gate Queued", page.Find(".booth-commands"));
        Assert.Equal(OrderState.Arrears, (await day.OrderAsync()).State);

        day.Platform.Clock.Advance(DeviceCommand.Validity + TimeSpan.FromSeconds(10));
        page.WaitForAssertion(() => Says("Open the gate Expired", page.Find(".booth-done")));
        Says("Gate did not open", Lane(page, "Out"));
    }

    [Fact]
    public async Task What_is_typed_survives_what_happens_meanwhile()
    {
        await using var context = await AttendantAsync();
        var page = await OpenAsync(context);
        await page.InvokeAsync(() => page.Find(".by-hand input").InputAsync("粤B7"));
        await day.EnterAsync(Car, 0);
        await PageContext.HearAsync(day.Platform, page, () => Assert.Contains(Car, page.Find(".desk-feed").TextContent));
        Assert.Equal("粤B7", page.Find(".by-hand input").GetAttribute("value"));
    }

    [Fact]
    public async Task A_plate_is_corrected_where_it_stands_and_the_fee_follows()
    {
        await StandAtExitAsync();
        await using var context = await AttendantAsync();
        var page = await OpenAsync(context);
        await ClickAsync(page, Edit);
        await page.InvokeAsync(() => page.Find(".plate-in-place input").InputAsync("粤B54321"));
        await page.InvokeAsync(() => page.Find(".plate-in-place").KeyDownAsync("Escape"));
        Assert.Empty(page.FindAll(".plate-in-place"));
        await ClickAsync(page, Edit);
        Assert.Equal(Car, page.Find(".plate-in-place input").GetAttribute("value"));
        await page.InvokeAsync(() => page.Find(".plate-in-place input").InputAsync("粤B54321"));
        await page.InvokeAsync(() => page.Find(".plate-in-place").SubmitAsync());
        page.WaitForAssertion(() => Assert.Equal("粤B54321", page.Find(".lane-car > .plate").TextContent));
        Assert.Equal("粤B54321", (await day.OrderAsync()).Plate);

        IElement Edit() => page.FindAll("button").Single(b => b.GetAttribute("aria-keyshortcuts") == "E");
    }

    /// <summary>Who says no knows that nothing was done.</summary>
    [Theory]
    [InlineData("form.by-hand")]
    [InlineData(".plate-in-place")]
    public async Task A_foreign_plate_that_the_attendant_does_not_mean_stays_typed_and_nothing_is_said(string form)
    {
        await StandAtExitAsync();
        await using var context = await AttendantAsync();
        var dialog = context.Render<MudDialogProvider>();
        var page = await OpenAsync(context);
        await ClickAsync(page, () => page.FindAll("button").Single(b => b.GetAttribute("aria-keyshortcuts") == "E"));
        await page.InvokeAsync(() => page.Find(form + " input").InputAsync("B-MW 4711"));
        var saving = page.InvokeAsync(() => page.Find(form).SubmitAsync());
        await dialog.WaitForElementAsync(".mud-dialog");
        await dialog.InvokeAsync(() => dialog.FindAll("button").Single(b => b.TextContent == "Cancel").ClickAsync());
        await saving.InTimeAsync();
        Assert.Equal("B-MW 4711", page.Find(form + " input").GetAttribute("value"));
        Assert.Empty(context.Services.GetRequiredService<ISnackbar>().ShownSnackbars);
        Assert.Equal(Car, (await day.OrderAsync()).Plate);
    }

    [Theory]
    [InlineData("Cancel", 1)]
    [InlineData("Let it in all the same", 2)]
    public async Task A_car_that_is_in_already_is_let_in_when_the_attendant_says_so(string answer, int orders)
    {
        await day.EnterAsync(Car, 0);
        day.Until(60);
        await using var context = await AttendantAsync();
        var dialog = context.Render<MudDialogProvider>();
        var page = await OpenAsync(context);
        await ClickAsync(page, () => Lane(page, "In"));
        await page.InvokeAsync(() => page.Find(".by-hand input").InputAsync(Car));
        var passing = page.InvokeAsync(() => page.Find("form.by-hand").SubmitAsync());
        await dialog.WaitForElementAsync(".mud-dialog");
        Says($"{Car} is already in since {new CityZone("Asia/Shanghai").Local(Day.Minute(0)):HH:mm}", dialog.Find(".mud-dialog"));
        await dialog.InvokeAsync(() => dialog.FindAll(".mud-dialog button").Single(b => b.TextContent.Trim() == answer).ClickAsync());
        await passing.InTimeAsync();
        Assert.Equal(orders, (await day.OrdersAsync()).Count);
        Assert.Equal(orders == 1 ? Car : "", page.Find(".by-hand input").GetAttribute("value") ?? "");
        Assert.Empty(context.Services.GetRequiredService<ISnackbar>().ShownSnackbars);
    }

    [Fact]
    public async Task An_exit_without_an_entry_asks_for_it_and_a_late_reading_is_marked()
    {
        day.Until(60);
        await day.PassAsync(day.City.EntryCamera, "粤B11111", 0, replay: true);
        await day.LeaveAsync("粤B11112", 60);
        await using var context = await AttendantAsync();
        var page = await OpenAsync(context);
        Says("No entry", Lane(page, "Out"));
        await page.WaitForElementAsync(".candidates");
        Assert.Contains("粤B11111", page.Find(".candidates").TextContent);
        Assert.Empty(page.FindAll(".cash"));
        Says("Reported late", page.FindAll(".passages li").Single(li => li.TextContent.Contains("粤B11111")));
        Assert.DoesNotContain("Reported late", page.FindAll(".passages li").Single(li => li.TextContent.Contains("粤B11112")).TextContent);
    }

    [Fact]
    public async Task What_is_far_from_the_plate_at_the_exit_is_offered_only_when_it_is_asked_for()
    {
        foreach (var (plate, minute) in new[] { ("粤B11113", 0), ("粤B99999", 1), ("浙C00001", 2) })
            await day.EnterAsync(plate, minute);
        await day.EnterAsync(null, 3);
        await day.LeaveAsync("粤B11112", 60);
        await using var context = await AttendantAsync();
        var page = await OpenAsync(context);
        await page.WaitForElementAsync(".candidates button");
        Assert.Equal(["粤B11113", "No plate"], Plates());
        Assert.All(page.FindAll(".candidates button"), b => Assert.Contains("mud-button-filled", b.ClassName));
        await ClickAsync(page, () => page.FindAll(".booth-case button").Single(b => b.TextContent.Contains("Show others")));
        Assert.Equal(["粤B11113", "No plate", "粤B99999", "浙C00001"], Plates());
        Assert.Equal([true, true, false, false], page.FindAll(".candidates button").Select(b => b.ClassName!.Contains("mud-button-filled")));
        Assert.DoesNotContain("Show others", page.Markup);

        string[] Plates() => [.. page.FindAll(".candidates .plate").Select(p => p.TextContent)];
    }

    [Theory]
    [InlineData(0, true, 10, "Out: 粤B12345 – Nothing to pay: Free minutes", "tone-success")]
    [InlineData(0, true, 61, "粤B12345: At the exit, to pay, ¥7.00", "tone-warning")]
    [InlineData(0, false, 10, "Out: 粤B12345 – No entry found", "tone-warning")]
    public async Task What_was_done_says_what_came_of_it(double entered, bool known, double left, string words, string tone)
    {
        if (known)
            await day.EnterAsync(Car, entered);
        day.Until(left);
        await using var context = await AttendantAsync();
        var page = await OpenAsync(context);
        await ClickAsync(page, () => Lane(page, "Out"));
        await page.InvokeAsync(() => page.Find(".by-hand input").InputAsync(Car));
        await page.InvokeAsync(() => page.Find("form.by-hand").SubmitAsync());
        var done = await page.WaitForElementAsync(".booth-done");
        Says(words, done);
        Assert.Contains(tone, done.ClassName);
    }

    [Fact]
    public async Task Who_waits_at_the_closed_exit_has_not_left_until_it_is_paid()
    {
        await StandAtExitAsync();
        await using var context = new PageContext(day.Platform, await day.City.SignInAsync(Roles.City));
        var order = await day.OrderAsync();
        var page = await OpenAsync(context);
        var stay = context.Render<OrderPage>(p => p.Add(x => x.Id, order.Id));
        var facts = await stay.WaitForElementAsync(".facts");
        var list = context.Render<OrdersPage>();
        await list.WaitForElementAsync("tbody a");
        Assert.Contains("At the exit, to pay", Exit(page));
        Assert.DoesNotContain("Out61", Exit(page));
        Assert.Equal("At the exit", facts.QuerySelectorAll("dt")[2].TextContent);
        Assert.DoesNotContain("Ended an order", stay.Markup);
        var left = list.Find("tbody td[data-label=Left]");
        Assert.StartsWith("At the exit", left.TextContent.Trim());
        Assert.EndsWith("11-21 10:01", left.TextContent.Trim());
        Assert.StartsWith("2026-11-21 10:01:", left.QuerySelector("time")!.GetAttribute("title"));

        Assert.True((await day.CashAsync(order, 700)).Ok);
        await PageContext.HearAsync(day.Platform, page, () => Assert.Contains("Out", Exit(page)));
        await stay.WaitForAssertionAsync(() => Assert.Equal("Left", stay.FindAll(".facts dt")[2].TextContent));
        Assert.Contains("Ended an order", stay.Markup);

        static string Exit(IRenderedComponent<BoothPage> page) => page.FindAll(".passages li")[0].TextContent;
    }

    [Fact]
    public async Task A_receipt_says_what_was_paid_for_and_what_came_back()
    {
        await StandAtExitAsync();
        var payment = Guid.CreateVersion7();
        await day.CashAsync(await day.OrderAsync(), 700, payment);
        await using var context = await AttendantAsync();
        await using var s = await day.City.OpenAsync();
        var data = (await ReceiptData.ReadAsync(s, payment, Ct))!;
        var receipt = context.Render<Receipt>(p => p.Add(r => r.Data, data).Add(r => r.Given, new Money(1000)));
        foreach (var words in new[] { "North", Car, "1 h 01 min", "¥7.00", "¥10.00", "¥3.00", "user", payment.ToString("N") })
            Assert.Contains(words, receipt.Markup);
        Assert.Equal(2, receipt.FindAll(".fee tbody tr").Count);
        Assert.Null(await ReceiptData.ReadAsync(s, Guid.CreateVersion7(), Ct));
    }
}
