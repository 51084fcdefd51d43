using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Calendars;

namespace ParkingSaaS.Tests.Calendars;

/// <summary>The page of a calendar, as a person meets it.</summary>
public sealed class CalendarPageTests(Cluster cluster) : DayTest(cluster)
{
    [Fact]
    public async Task A_workbook_is_taken_and_what_is_none_is_refused_in_words()
    {
        var who = await City.SignInAsync(Roles.City);
        var main = (await day.Platform.Get<SaveCalendar>().RunAsync(City.User(CalendarPermissions.Manage),
            new(null, "Main", [DayOfWeek.Sunday], true), Ct)).Value;
        await using var context = new PageContext(day.Platform, who);
        var page = context.Render<CalendarPage>(p => p.Add(c => c.Id, main));
        await page.WaitForElementAsync("[type=file]");
        var file = page.FindComponent<InputFile>();
        var book = await SheetFile.OfAsync(["date", "type", "name"], [new DateOnly(2026, 12, 24), "holiday", "Fair"]);
        foreach (var (content, words) in new[] { (book[..^30], "The file is neither text nor an Excel workbook, or it is damaged."),
            (SheetFile.Sample("plates.xls"), "Line 1: “车牌” is not a date. Write it as 2026-10-01.") })
        {
            file.UploadFiles(InputFileContent.CreateFromBinary(content, "days.xlsx"));
            Assert.Contains(words, page.Find("[role=alert]").TextContent);
        }
        file.UploadFiles(InputFileContent.CreateFromBinary(book, "days.xlsx"));
        Assert.Empty(page.FindAll("[role=alert]"));
        Assert.Contains("Fair", page.Find("[data-date='2026-12-24']").GetAttribute("title"));
    }

    [Fact]
    public async Task Days_over_which_the_brush_went_change_and_undo_takes_them_back()
    {
        var who = await City.SignInAsync(Roles.City);
        var save = day.Platform.Get<SaveCalendar>();
        var main = (await save.RunAsync(City.User(CalendarPermissions.Manage), new(null, "Main", [DayOfWeek.Sunday], true), Ct)).Value;
        await using var context = new PageContext(day.Platform, who);
        var page = context.Render<CalendarPage>(p => p.Add(c => c.Id, main));
        await page.WaitForElementAsync(".brush");
        var year = page.FindComponent<YearGrid>();
        await year.InvokeAsync(() => year.Instance.Paint(["2026-12-24", "2027-01-01", "no date"]));
        Assert.Contains("day-holiday", Thursday());
        await page.FindAll("button").Single(b => b.TextContent.Contains("Undo")).ClickAsync();
        Assert.Contains("day-workday", Thursday());

        IEnumerable<string> Thursday() => page.Find("[data-date='2026-12-24']").ClassList;
    }

    [Fact]
    public async Task Painted_days_that_are_not_saved_are_not_lost_without_a_question()
    {
        var who = await City.SignInAsync(Roles.City);
        var main = (await day.Platform.Get<SaveCalendar>().RunAsync(City.User(CalendarPermissions.Manage),
            new(null, "Main", [DayOfWeek.Sunday], true), Ct)).Value;
        await using var context = new PageContext(day.Platform, who);
        var dialog = context.Render<MudDialogProvider>();
        var page = context.Render<CalendarPage>(p => p.Add(c => c.Id, main));
        await page.WaitForElementAsync(".brush");
        var address = (PageContext.CityAddress)context.Services.GetRequiredService<NavigationManager>();
        var leaving = page.FindComponent<NavigationLock>();
        Assert.True(await page.InvokeAsync(address.MayLeaveAsync).InTimeAsync());
        var year = page.FindComponent<YearGrid>();
        await year.InvokeAsync(() => year.Instance.Paint(["2026-12-24"]));
        Assert.True(leaving.Instance.ConfirmExternalNavigation);
        Assert.False(await AnswerAsync("Cancel"));
        Assert.Contains("day-holiday", page.Find("[data-date='2026-12-24']").ClassList);
        Assert.True(await AnswerAsync("Leave"));
        await page.Find("#SaveYear").ClickAsync();
        Assert.False(leaving.Instance.ConfirmExternalNavigation);
        Assert.True(await page.InvokeAsync(address.MayLeaveAsync).InTimeAsync());

        async Task<bool> AnswerAsync(string button)
        {
            var may = page.InvokeAsync(address.MayLeaveAsync);
            await dialog.WaitForElementAsync(".mud-dialog");
            await dialog.InvokeAsync(() => dialog.FindAll(".mud-dialog button").Single(b => b.TextContent.Trim() == button).ClickAsync());
            return await may.InTimeAsync();
        }
    }

    [Fact]
    public async Task What_somebody_else_saved_meanwhile_comes_to_what_is_painted()
    {
        var who = await City.SignInAsync(Roles.City);
        var admin = City.User(CalendarPermissions.Manage);
        var main = (await day.Platform.Get<SaveCalendar>().RunAsync(admin, new(null, "Main", [DayOfWeek.Sunday], true), Ct)).Value;
        var (both, mine, theirs) = (new DateOnly(2026, 12, 22), new DateOnly(2026, 12, 23), new DateOnly(2026, 12, 24));
        await using var context = new PageContext(day.Platform, who);
        var page = context.Render<CalendarPage>(p => p.Add(c => c.Id, main));
        await page.WaitForElementAsync(".brush");
        var year = page.FindComponent<YearGrid>();
        await year.InvokeAsync(() => year.Instance.Paint(["2026-12-22", "2026-12-23"]));
        day.Platform.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await day.Platform.Get<SaveYear>().RunAsync(admin, new(main, 2026, await VersionAsync(),
            [new(both, DayKind.Special, "Fair"), new(theirs, DayKind.RestDay)]), Ct)).Ok);

        await page.Find("#SaveYear").ClickAsync();
        var said = (await page.WaitForElementAsync("#meanwhile")).TextContent;
        Assert.Contains("Fair", said);
        Assert.Contains("2026-12-24", said);
        Assert.DoesNotContain("2026-12-23", said);
        Assert.Equal([DayKind.Special, DayKind.RestDay], (await DaysAsync()).Select(d => d.Kind));

        await page.Find("#take-theirs").ClickAsync();
        await page.Find("#SaveYear").ClickAsync();
        await Eventually.HoldsAsync(async () => (await DaysAsync()).Count == 3);
        Assert.Equal([(both, DayKind.Special), (mine, DayKind.Holiday), (theirs, DayKind.RestDay)], (await DaysAsync()).Select(d => (d.Date, d.Kind)));

        async Task<uint> VersionAsync()
        {
            await using var s = await City.OpenAsync();
            return (await s.Db.Set<DayCalendar>().SingleAsync(c => c.Id == main, Ct)).RowVersion;
        }

        async Task<List<CalendarDay>> DaysAsync()
        {
            await using var s = await City.OpenAsync();
            return await s.Db.Set<CalendarDay>().Where(d => d.CalendarId == main).OrderBy(d => d.Date).ToListAsync(Ct);
        }
    }

    [Fact]
    public async Task Before_days_that_have_been_are_repainted_the_page_says_whom_that_touches()
    {
        var who = await City.SignInAsync(Roles.City);
        var admin = City.User(CalendarPermissions.Manage);
        var main = (await day.Platform.Get<SaveCalendar>().RunAsync(admin, new(null, "Main", [DayOfWeek.Saturday, DayOfWeek.Sunday], true), Ct)).Value;
        await day.EnterAsync("粤B12345", 0);
        await using var context = new PageContext(day.Platform, who);
        var dialog = context.Render<MudDialogProvider>();
        var page = context.Render<CalendarPage>(p => p.Add(c => c.Id, main));
        await page.WaitForElementAsync(".brush");

        // Nothing is painted, so nobody's price changes and nobody is asked.
        await SaveAsync();
        Assert.Empty(dialog.FindAll(".mud-dialog"));
        Assert.Equal((1, 0), await SavedAsync());

        await page.Find($"[title='{HolidayTemplate.All.Single(t => t.Year == 2026).Source}']").ClickAsync();
        var saving = SaveAsync();
        var asked = (await dialog.WaitForElementAsync(".mud-dialog-content")).TextContent;
        Assert.Matches(@"\d\d days up to today change their type: 2026-01-01, 2026-01-02, 2026-01-04, 2026-02-14, 2026-02-16 …\.", asked);
        Assert.Contains("0 cars that are in now were there on them", asked); // it came after the last of them
        Assert.Contains("Finished stays, and fees that were already asked for, do not change.", asked);
        await AnswerAsync("Cancel");
        await saving;
        Assert.Equal((1, 0), await SavedAsync());

        saving = SaveAsync();
        await AnswerAsync("Save");
        await saving;
        Assert.NotEqual((1, 0), await SavedAsync());

        Task SaveAsync() => page.Find("#SaveYear").ClickAsync().InTimeAsync();

        async Task AnswerAsync(string button)
        {
            await (await dialog.WaitForElementsAsync(".mud-dialog button")).Single(b => b.TextContent.Trim() == button).ClickAsync();
            await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll(".mud-dialog")));
        }

        async Task<(int Changes, int Days)> SavedAsync()
        {
            await using var s = await City.OpenAsync();
            return (await s.Db.Set<CalendarChange>().CountAsync(c => c.Year != null, Ct), await s.Db.Set<CalendarDay>().CountAsync(Ct));
        }
    }
}
