using AngleSharp.Dom;
using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Payments.Shifts;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Payments;

/// <summary>Shifts as an attendant and whoever takes over meet them.</summary>
public sealed class ShiftPagesTests(Cluster cluster) : PageTest(cluster)
{
    static readonly DateOnly Today = new(2026, 11, 21);

    Day day => field ??= new Day(platform);

    Task<SignedIn> AttendantAsync() => City.SignInAsync(Roles.Attendant, u => u.LotIds = [City.North.Id]);

    static Actor ActorOf(SignedIn who) => Actor.User(who.City!, who.User.Id, who.User.DisplayName,
        new HashSet<string> { PaymentPermissions.Cash, PaymentPermissions.Shift, PaymentPermissions.ConfirmShift }, Scope.WholeCity);

    async Task<Order> AtExitAsync(string plate, double minute)
    {
        await day.EnterAsync(plate, minute);
        await day.LeaveAsync(plate, minute + 61);
        return (await day.OrdersAsync()).Last(o => o.Plate == plate);
    }

    async Task TakeCashAsync(Actor who, string plate, double minute)
    {
        var order = await AtExitAsync(plate, minute);
        Assert.True((await platform.Get<TakePayment>().CashAsync(who, new PaymentRequest(Guid.CreateVersion7(), order.Id, order.Owed), Ct)).Ok);
    }

    /// <summary>A shift with one payment of ¥7.00 and a float of ¥10.00, handed in with that count.</summary>
    async Task<Guid> HandedInAsync(Actor who, long counted, double minute)
    {
        var id = Guid.CreateVersion7();
        Assert.True((await platform.Get<OpenShift>().RunAsync(who, id, City.North.Id, new Money(1_000), Ct)).Ok);
        await TakeCashAsync(who, $"粤B3{minute:0000}", minute);
        Assert.True((await platform.Get<HandInShift>().RunAsync(who, new HandIn(id, new Money(1_700), new Money(counted), "a torn note"), Ct)).Ok);
        return id;
    }

    async Task<Shift> ShiftAsync(Guid? id = null)
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Shift>().AsNoTracking().SingleAsync(x => id == null || x.Id == id, Ct);
    }

    [Fact]
    public async Task The_booth_shows_the_own_shift_and_hands_it_in_with_a_count()
    {
        var who = await AttendantAsync();
        await using var context = await ContextAsync(who);
        var page = context.Render<BoothPage>();
        await page.WaitForElementAsync(".shift-part button");
        Assert.Contains("None open", page.Find(".shift-part summary").TextContent);

        // The first cash opens one, and nobody has said what lay in the drawer.
        await AtExitAsync("粤B12345", 0);
        await PageContext.HearAsync(platform, page, () => page.Find(".cash-notes"));
        await page.InvokeAsync(() => page.FindAll(".cash-notes button")[0].ClickAsync());
        await page.InvokeAsync(() => page.Find("form.cash").SubmitAsync());
        await PageContext.HearAsync(platform, page, () => Assert.Contains("Float not said", page.Find(".shift-part summary").TextContent));
        Assert.Contains("¥7.00", page.Find(".shift-part summary").TextContent);

        await OpenAsync(page, ".shift-part button", "Opening float…");
        await dialogs.WaitForElementAsync("#Float");
        await dialogs.Find("#Float").ChangeAsync("200");
        await SubmitAsync();
        await PageContext.HearAsync(platform, page, () => Assert.Contains("¥207.00", page.Find(".shift-part summary").TextContent));
        Assert.DoesNotContain("Float not said", page.Find(".shift-part summary").TextContent);

        await OpenAsync(page, ".shift-part button", "Hand in…");
        await dialogs.WaitForElementAsync("#Counted");
        Assert.Empty(dialogs.FindAll("#Explanation"));
        // Two notes of a hundred, and a fiver: two short.
        await Count("¥100.00", "2");
        await Count("¥5.00", "1");
        Assert.Equal("¥2.00 too little", dialogs.Find(".cash-difference").TextContent.Trim());
        Assert.Equal("205.00", dialogs.Find("#Counted").GetAttribute("value"));
        await dialogs.Find("form").SubmitAsync();
        await dialogs.WaitForElementAsync(".problem, .message-error");
        Assert.Equal(ShiftState.Open, (await ShiftAsync()).State);
        // A sum that is typed takes the pieces away.
        await dialogs.InvokeAsync(() => dialogs.Find("#Counted").InputAsync("207"));
        Assert.Equal("It is exactly what should be there.", dialogs.Find(".cash-difference").TextContent.Trim());
        Assert.All(dialogs.FindAll(".cash-count input"), input => Assert.Equal("", input.GetAttribute("value")));
        await dialogs.InvokeAsync(() => dialogs.Find("#Counted").InputAsync("206"));
        await dialogs.Find("#Explanation").ChangeAsync("a coin rolled away");
        await SubmitAsync();
        var shift = await ShiftAsync();
        Assert.Equal((ShiftState.HandedIn, 20_700, 20_600, "a coin rolled away"), (shift.State, shift.Expected.Minor, shift.Counted.Minor, shift.Explanation));
        page.WaitForAssertion(() => Assert.Contains("None open", page.Find(".shift-part summary").TextContent));
        Assert.Contains("Handed in", page.Find(".shift-part").TextContent);

        Task Count(string note, string pieces) => dialogs.InvokeAsync(() =>
            dialogs.FindAll(".cash-count label").Single(l => l.TextContent.Contains(note + " ×")).QuerySelector("input")!.InputAsync(pieces));
    }

    [Fact]
    public async Task Money_that_comes_while_somebody_counts_is_said_and_counted_against()
    {
        var who = await AttendantAsync();
        Assert.True((await platform.Get<OpenShift>().RunAsync(ActorOf(who), Guid.CreateVersion7(), City.North.Id, Money.Zero, Ct)).Ok);
        await using var context = await ContextAsync(who);
        var page = context.Render<ShiftPart>(p => p.Add(x => x.LotId, City.North.Id));
        await page.WaitForElementAsync(".shift-part button");
        await OpenAsync(page, ".shift-part button", "Hand in…");
        await dialogs.WaitForElementAsync("#Counted");
        await TakeCashAsync(ActorOf(who), "粤B12345", 0);
        await dialogs.InvokeAsync(() => dialogs.Find("#Counted").InputAsync("0"));
        await dialogs.Find("form").SubmitAsync();
        await dialogs.WaitForElementAsync(".message-error");
        Assert.Contains("now ¥7.00 should be there", dialogs.Find(".message-error").TextContent);
        Assert.Equal("¥7.00 too little", dialogs.Find(".cash-difference").TextContent.Trim());
        Assert.Equal(ShiftState.Open, (await ShiftAsync()).State);
    }

    [Fact]
    public async Task An_attendant_sees_the_own_shifts_and_a_supervisor_takes_over_those_of_others()
    {
        var (first, second) = (await AttendantAsync(), await AttendantAsync());
        var (mine, theirs) = (await HandedInAsync(ActorOf(first), 1_700, 0), await HandedInAsync(ActorOf(second), 1_600, 100));
        await using (var context = await ContextAsync(first))
        {
            var list = context.Render<ShiftsPage>();
            await list.WaitForElementAsync(".list tbody tr td a");
            Assert.Equal("shifts/" + mine, Assert.Single(list.FindAll(".list tbody tr td:first-child a")).GetAttribute("href"));
            Assert.Empty(list.FindAll("input[type=checkbox][aria-label^=Choose]"));
            var page = context.Render<ShiftPage>(p => p.Add(x => x.Id, theirs));
            await page.WaitForElementAsync(".message-error");
            page = context.Render<ShiftPage>(p => p.Add(x => x.Id, mine));
            await page.WaitForElementAsync(".facts");
            Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Trim() is "Take over" or "Give back…");
        }

        var supervisor = await City.SignInAsync(Roles.Company, u => u.CompanyId = City.NorthCompany.Id);
        await using (var context = await ContextAsync(supervisor))
        {
            var page = context.Render<ShiftPage>(p => p.Add(x => x.Id, theirs));
            await page.WaitForElementAsync(".facts");
            Assert.Contains("-¥1.00", page.Find(".facts .owed").TextContent);
            Assert.Contains("a torn note", page.Find(".facts").TextContent);
            page.WaitForAssertion(() => Assert.Contains("粤B30100", page.Find(".list tbody").TextContent));
            await OpenAsync(page, "button", "Give back…");
            await dialogs.WaitForElementAsync("#Reason");
            await dialogs.Find("#Reason").ChangeAsync("look under the drawer");
            await SubmitAsync();
            page.WaitForAssertion(() => Assert.Contains("look under the drawer", page.Find(".message-warning").TextContent));
            Assert.Equal(ShiftState.GivenBack, (await ShiftAsync(theirs)).State);

            // Of all that wait, those that are chosen are taken over at once.
            var list = context.Render<ShiftsPage>();
            await list.WaitForElementAsync(".list tbody input[type=checkbox]");
            await TickAsync(list, "Choose all on this page");
            Assert.Contains("1", Chosen(list));
            await OpenAsync(list, ".chosen-bar button", "Take over");
            await dialogs.WaitForElementAsync("form");
            Assert.Contains("¥17.00", dialogs.Find("form").TextContent);
            await SubmitAsync();
            Assert.Equal(ShiftState.Confirmed, (await ShiftAsync(mine)).State);
        }
    }

    [Fact]
    public async Task The_workbooks_say_what_the_lists_say()
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        await web.AddUserAsync(City, "boss", Roles.City, Ct);
        var attendant = await web.AddUserAsync(City, "booth", Roles.Attendant, Ct, u => u.LotIds = [City.North.Id]);
        var booth = Actor.User(City.Code, attendant.Id, "Wang", new HashSet<string> { PaymentPermissions.Cash, PaymentPermissions.Shift }, Scope.WholeCity);
        await HandedInAsync(booth, 1_600, 0);
        await HandedInAsync(City.User(PaymentPermissions.Cash, PaymentPermissions.Shift), 1_700, 100);

        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, "alpha", "boss", WebHost.Password, Ct);
        var shifts = SheetFile.Rows(await browser.GetByteArrayAsync("/alpha/shifts/export.xlsx", Ct));
        Assert.Equal([("user", 17.0, 0.0), ("Wang", 16.0, -1.0)], shifts.Select(r => ($"{r[0]}", (double)r[7].Value!, (double)r[8].Value!)));
        Assert.Single(SheetFile.Rows(await browser.GetByteArrayAsync($"/alpha/shifts/export.xlsx?collector={attendant.Id}", Ct)));
        Assert.Empty(SheetFile.Rows(await browser.GetByteArrayAsync("/alpha/shifts/export.xlsx?state=Open", Ct)));
        var collectors = SheetFile.Rows(await browser.GetByteArrayAsync($"/alpha/reports/collectors.xlsx?from={Today:yyyy-MM-dd}&to={Today:yyyy-MM-dd}", Ct));
        Assert.Equal(["Wang", "user"], collectors.Select(r => $"{r[0]}"));
        Assert.Equal([1.0, 1.0, 1.0, 7.0, 0.0, 0.0, 1.0], collectors[0].Skip(1).Select(c => Convert.ToDouble(c.Value)));

        // An attendant gets the own shifts, and no report of others.
        using var desk = web.Browser();
        await WebHost.SignInAsync(desk, "alpha", "booth", WebHost.Password, Ct);
        Assert.Equal("Wang", $"{Assert.Single(SheetFile.Rows(await desk.GetByteArrayAsync("/alpha/shifts/export.xlsx", Ct)))[0]}");
        Assert.Equal(System.Net.HttpStatusCode.Redirect,
            (await desk.GetAsync($"/alpha/reports/collectors.xlsx?from={Today:yyyy-MM-dd}&to={Today:yyyy-MM-dd}", Ct)).StatusCode);
    }

    [Fact]
    public async Task The_report_adds_up_what_each_collector_took()
    {
        var who = await AttendantAsync();
        await HandedInAsync(ActorOf(who), 1_600, 0);
        await HandedInAsync(ActorOf(who), 1_750, 100);
        await using var context = await ContextAsync();
        var page = context.Render<CollectorsPage>();
        await page.WaitForElementAsync(".report tbody tr");
        Assert.Equal(["2", "2", "¥14.00", "¥0.00", "¥0.50", "¥1.00"], page.FindAll(".report tbody td.number").Select(c => c.TextContent.Trim()));
        Assert.StartsWith($"shifts?collector={who.User.Id}&openedFrom=2026-11-15T00:00&openedTo=2026-11-22T00:00",
            page.Find(".report tbody a").GetAttribute("href")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slip_and_a_receipt_say_what_they_are()
    {
        var id = await HandedInAsync(ActorOf(await AttendantAsync()), 1_600, 0);
        await using var context = await ContextAsync();
        ShiftView view;
        await using (var s = await City.OpenAsync())
            view = (await ShiftView.ReadAsync(s, id, Ct))!;
        var slip = context.Render<ShiftSlip>(p => p.Add(x => x.View, view));
        foreach (var said in (string[])["¥10.00", "¥17.00", "¥16.00", "-¥1.00", "a torn note", "North"])
            Assert.Contains(said, slip.Markup);

        var page = context.Render<ShiftPage>(p => p.Add(x => x.Id, id));
        await page.WaitForElementAsync(".list button[title='Print the receipt']");
        for (var print = 1; print <= 2; print++)
            await page.InvokeAsync(() => page.Find(".list button[title='Print the receipt']").ClickAsync());
        Assert.Equal(2, context.JSInterop.Invocations["parking.printOnly"].Count);
        await using var after = await City.OpenAsync();
        Assert.Equal([1, 2], await after.Db.Set<ReceiptPrint>().OrderBy(p => p.Number).Select(p => p.Number).ToListAsync(Ct));
    }
}
