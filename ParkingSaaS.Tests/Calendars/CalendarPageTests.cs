using System.Threading.Channels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Calendars;
using Radzen;

namespace ParkingSaaS.Tests.Calendars;

/// <summary>The page of a calendar, as a person meets it.</summary>
public sealed class CalendarPageTests(Cluster cluster) : DayTest(cluster)
{
    [Fact]
    public async Task A_workbook_is_taken_and_what_is_none_is_refused_in_words()
    {
        var who = await City.SignInAsync(Roles.City);
        var main = (await day.Platform.Get<SaveCalendar>().RunAsync(City.User(CalendarPermissions.Manage), new(null, "Main", [DayOfWeek.Sunday], true), Ct)).Value;
        await using var page = new TestRenderer(services => services.AddSignedIn(day.Platform, who).AddSingleton<TimeProvider>(day.Platform.Clock)
            .AddSingleton(day.Platform.Get<SaveYear>()).AddSingleton(day.Platform.Get<CountRepainted>()));
        await page.RenderAsync<CalendarPage>((nameof(CalendarPage.Id), main));
        await page.UntilAsync(".brush");
        var book = await SheetFile.OfAsync(["date", "type", "name"], [new DateOnly(2026, 12, 24), "holiday", "Fair"]);
        foreach (var (content, words) in new[] { (book[..^30], "The file is neither text nor an Excel workbook, or it is damaged."),
            (SheetFile.Sample("plates.xls"), "Line 1: “车牌” is no date such as 2026-10-01.") })
        {
            await page.ChooseAsync(new ChosenFile("days.xlsx", content));
            Assert.Contains(words, (await page.UntilAsync("[role=alert]")).QuerySelector("[role=alert]")!.TextContent);
        }
        await page.ChooseAsync(new ChosenFile("days.xlsx", book));
        await page.UntilAsync(dom => dom.QuerySelector("[role=alert]") is null && dom.QuerySelector("[title*='Fair'],[aria-label*='Fair']") is not null, "the day of the file");
    }

    [Fact]
    public async Task Before_days_that_have_been_are_repainted_the_page_says_whom_that_touches()
    {
        var who = await City.SignInAsync(Roles.City);
        var admin = City.User(CalendarPermissions.Manage);
        var main = (await day.Platform.Get<SaveCalendar>().RunAsync(admin, new(null, "Main", [DayOfWeek.Saturday, DayOfWeek.Sunday], true), Ct)).Value;
        await day.EnterAsync("粤B12345", 0);
        await using var page = new TestRenderer(services => services.AddSignedIn(day.Platform, who).AddSingleton<TimeProvider>(day.Platform.Clock)
            .AddSingleton(day.Platform.Get<SaveYear>()).AddSingleton(day.Platform.Get<CountRepainted>()));
        var questions = Channel.CreateUnbounded<RenderFragment>();
        page.Get<DialogService>().OnOpen += (_, _, _, options) => questions.Writer.TryWrite(options!.ChildContent!(page.Get<DialogService>()));
        await page.RenderAsync<CalendarPage>((nameof(CalendarPage.Id), main));
        await page.UntilAsync(".brush");

        // Nothing is painted, so nobody's price changes and nobody is asked.
        await SaveAsync();
        Assert.False(questions.Reader.TryRead(out _));
        Assert.Equal((1, 0), await SavedAsync());

        await page.FireAsync("title", HolidayTemplate.All.Single(t => t.Year == 2026).Source, "onclick", new MouseEventArgs());
        var saving = SaveAsync();
        var asked = await TextOfAsync(await questions.Reader.ReadAsync(Ct).InTimeAsync());
        Assert.Matches(@"\d\d days until today become another type of day: 2026-01-01, 2026-01-02, 2026-01-04, 2026-02-14, 2026-02-16 …\.", asked);
        Assert.Contains("0 cars that are in now were there on them", asked); // it came after the last of them
        Assert.Contains("Stays that are over and fees that were asked for stay as they are.", asked);
        page.Get<DialogService>().Close(false);
        await saving;
        Assert.Equal((1, 0), await SavedAsync());

        saving = SaveAsync();
        await questions.Reader.ReadAsync(Ct).InTimeAsync();
        page.Get<DialogService>().Close(true);
        await saving;
        Assert.NotEqual((1, 0), await SavedAsync());

        Task SaveAsync() => page.FireAsync("id", "SaveYear", "onclick", new MouseEventArgs());

        async Task<(int Changes, int Days)> SavedAsync()
        {
            await using var s = await City.OpenAsync();
            return (await s.Db.CalendarChanges.CountAsync(c => c.Year != null, Ct), await s.Db.CalendarDays.CountAsync(Ct));
        }
    }

    static async Task<string> TextOfAsync(RenderFragment content)
    {
        await using var dialog = new TestRenderer();
        await dialog.RenderAsync<CascadingValue<int>>((nameof(CascadingValue<>.Value), 1), (nameof(CascadingValue<>.ChildContent), content));
        return (await dialog.DomAsync()).Body!.TextContent;
    }
}
