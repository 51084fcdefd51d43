using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Orders;

/// <summary>The exceptions desk as somebody meets it who works off what waits for a decision.</summary>
public sealed class DeskPageTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    const string Alike = "粤B12346";

    async Task<PageContext> ClerkAsync(string address = "orders/desk")
    {
        var context = new PageContext(day.Platform, await day.City.SignInAsync(Roles.City));
        context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return context;
    }

    static async Task<IRenderedComponent<DeskPage>> OpenAsync(PageContext context)
    {
        var page = context.Render<DeskPage>();
        await page.WaitForElementAsync(".desk-case .card");
        return page;
    }

    static string[] Queue(IRenderedComponent<DeskPage> page) =>
        [.. page.FindAll(".booth-queue button").Select(b => $"{b.QuerySelector("strong")!.TextContent} {b.QuerySelector(".plate")!.TextContent}")];

    static string Shown(IRenderedComponent<DeskPage> page) => page.Find(".lane-car").TextContent;

    static Task PressAsync(IRenderedComponent<DeskPage> page, string key) =>
        page.InvokeAsync(() => page.Find($"[aria-keyshortcuts={key}]").ClickAsync());

    /// <summary>Presses a key whose dialog asks for a reason, which stands there already or is typed.</summary>
    static async Task AnswerAsync(IRenderedComponent<DeskPage> page, IRenderedComponent<MudDialogProvider> dialog, string key, string? reason = null)
    {
        await page.WaitForElementAsync($"[aria-keyshortcuts={key}]");
        var pressed = PressAsync(page, key);
        await dialog.WaitForElementAsync("#Reason");
        if (reason is not null)
            await dialog.InvokeAsync(() => dialog.Find("#Reason").ChangeAsync(reason));
        await dialog.InvokeAsync(() => dialog.Find("form").SubmitAsync());
        await pressed.InTimeAsync();
    }

    /// <summary>A car that came twice without leaving, an exit without an entry beside an entry that looks alike.</summary>
    async Task TroubleAsync()
    {
        await day.EnterAsync("粤B77777", 0);
        await day.EnterAsync("粤B77777", 100);
        await day.EnterAsync(Alike, 110);
        await day.LeaveAsync(Car, 200);
    }

    [Fact]
    public async Task Whoever_may_stand_at_the_exit_comes_first_and_what_is_decided_makes_room_for_the_next()
    {
        await TroubleAsync();
        await using var context = await ClerkAsync();
        var dialog = context.Render<MudDialogProvider>();
        var page = await OpenAsync(context);
        Assert.Equal([$"No entry {Car}", "No exit 粤B77777"], Queue(page));
        page.WaitForAssertion(() => Assert.Contains(Car, Shown(page)));
        page.WaitForAssertion(() => Assert.Contains($"Proposal: it is the car of {Alike}. Join them.", page.Find(".booth-case").TextContent));

        await AnswerAsync(page, dialog, "J");
        page.WaitForAssertion(() => Assert.Equal(["No exit 粤B77777"], Queue(page)));
        page.WaitForAssertion(() => Assert.Contains("粤B77777", Shown(page)));
        var joined = (await day.OrdersAsync()).Single(o => o.Plate == Alike);
        Assert.Equal((OrderState.AwaitingPayment, Day.Minute(200)), (joined.State, joined.ExitedAt));
    }

    [Fact]
    public async Task A_missed_exit_is_proposed_by_when_the_car_came_again()
    {
        await TroubleAsync();
        await using var context = await ClerkAsync("orders/desk?kind=NoExit");
        var dialog = context.Render<MudDialogProvider>();
        var page = await OpenAsync(context);
        Assert.Equal(["No exit 粤B77777"], Queue(page));
        await AnswerAsync(page, dialog, "X", "pictures");
        page.WaitForAssertion(() => Assert.Empty(Queue(page)));
        page.WaitForAssertion(() => Assert.Contains("Nothing of this kind waits for a decision.", page.Markup));
        Assert.Equal((OrderState.Arrears, Day.Minute(100)), ((await day.OrdersAsync())[0].State, (await day.OrdersAsync())[0].ExitedAt));
    }

    [Fact]
    public async Task Who_looks_at_a_case_that_another_decides_is_told_and_goes_on_when_they_want()
    {
        await TroubleAsync();
        await using var context = await ClerkAsync();
        var page = await OpenAsync(context);
        var waits = (await day.OrdersAsync()).Single(o => o.Plate == Car);
        Assert.True((await day.Platform.Get<VoidOrder>().RunAsync(day.City.User(OrderPermissions.Void), waits.Id, "no car", Ct)).Ok);
        await PageContext.HearAsync(day.Platform, page, () =>
            Assert.Contains("has decided this case: Voided", page.Find(".desk-case .message-warning").TextContent));
        page.WaitForAssertion(() => Assert.Contains(Car, Shown(page)));
        Assert.Empty(page.FindAll("[aria-keyshortcuts=V]"));
        await PressAsync(page, "N");
        page.WaitForAssertion(() => Assert.Contains("粤B77777", Shown(page)));
    }

    [Fact]
    public async Task Two_plates_that_look_alike_are_two_cars_or_one()
    {
        await day.EnterAsync(Alike, 0);
        await day.EnterAsync(Car, 0.05);
        await using var context = await ClerkAsync();
        var dialog = context.Render<MudDialogProvider>();
        var page = await OpenAsync(context);
        Assert.Equal([$"Possibly misread {Alike}", $"Possibly misread {Car}"], Queue(page));
        await AnswerAsync(page, dialog, "K");
        page.WaitForAssertion(() => Assert.Contains("Nothing waits for a decision.", page.Markup));
        Assert.All(await day.OrdersAsync(), o => Assert.Equal(OrderState.Parked, o.State));
    }

    [Fact]
    public async Task What_was_paid_too_much_waits_until_its_refund_is_asked_for()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        Assert.True((await day.CashAsync(order, 700)).Ok);
        Assert.True((await day.Platform.Get<ChangeAmount>().RunAsync(
            day.City.User(OrderPermissions.ChangeAmount), order.Id, new(500), "kind", Ct)).Ok);
        await using (var s = await day.City.OpenAsync())
            Assert.Equal(CaseKind.Overpaid, OrderCases.KindOf((await OrderCases.Waiting(s).SingleAsync(Ct)).State, OrderAnomaly.Overpaid, true, true));
        await using var context = await ClerkAsync();
        var page = await OpenAsync(context);
        page.WaitForAssertion(() => Assert.Contains("¥7.00 was paid, ¥5.00 is to be paid: ¥2.00 too much.", page.Find(".booth-case").TextContent));
        await AskRefundAsync(order);
        await using (var s = await day.City.OpenAsync())
            Assert.Empty(await OrderCases.Waiting(s).ToListAsync(Ct));
        await PageContext.HearAsync(day.Platform, page, () => Assert.Empty(Queue(page)));
    }

    async Task AskRefundAsync(Order order) => Assert.True((await day.Platform.Get<Core.Finance.AskReview>().RunAsync(
        day.City.User(Core.Finance.FinancePermissions.Ask),
        new(Guid.CreateVersion7(), Core.Finance.ReviewKind.Refund, order.Id, new(200), Core.Passes.ReviewCancel.Methods[0], "too much"), Ct)).Ok);

    /// <summary>Each kind finds its own, and all kinds together find all once.</summary>
    [Fact]
    public async Task An_order_is_of_one_kind()
    {
        await TroubleAsync();
        await day.EnterAsync("粤B55555", 210);
        await day.EnterAsync("粤B55556", 210.05);
        await using var s = await day.City.OpenAsync();
        var waiting = await OrderCases.Waiting(s).ToListAsync(Ct);
        Assert.Equal(4, waiting.Count);
        List<Guid> found = [];
        foreach (var kind in Enum.GetValues<CaseKind>())
        {
            var these = await OrderCases.OfKind(OrderCases.Waiting(s), kind).ToListAsync(Ct);
            Assert.All(these, o => Assert.Equal(kind, OrderCases.KindOf(o.State, o.Anomalies, o.EnteredAt is not null, o.ExitedAt is not null)));
            found.AddRange(these.Select(o => o.Id));
        }
        Assert.Equal(waiting.Select(o => o.Id).Order(), found.Order());
    }
}
