using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>The page of a tariff, as a person meets it.</summary>
public sealed class TariffPageTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task What_was_typed_is_still_there_after_a_fault_while_saving()
    {
        var tariff = (await platform.Get<AddTariff>().RunAsync(City.User(TariffPermissions.Manage), new NewTariff("Square", "per-entry"), Ct)).Value;
        var who = await City.SignInAsync(Roles.City);
        await using var context = new PageContext(platform, who);
        context.Services.AddSingleton(new SaveDraft(null!)); // it cannot even ask
        var page = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        await (await page.WaitForElementAsync("#f-day")).ChangeAsync("calendar");
        await page.Find("#SaveDraft").ClickAsync();
        Assert.Contains("Something went wrong here", Assert.Single(context.Services.GetRequiredService<ISnackbar>().ShownSnackbars).Message);
        Assert.Equal("calendar", page.Find("#f-day option[selected]").GetAttribute("value"));
        Assert.False(page.Find("#SaveDraft").HasAttribute("disabled"));
        await using var s = await City.OpenAsync();
        Assert.Contains("rolling24h", (await s.Db.Set<TariffVersion>().SingleAsync(v => v.TariffId == tariff, Ct)).Definition);
    }

    [Fact]
    public async Task What_is_in_force_is_read_and_edited_only_as_a_draft()
    {
        var (who, tariff) = (await City.SignInAsync(Roles.City), await UsedAsync());
        await using var context = new PageContext(platform, who);
        var page = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        Assert.Contains("first hour ¥5.00, then ¥2.00 for each started half hour", (await page.WaitForElementAsync(".prose")).TextContent);
        Assert.Contains("¥2.00/30 min", page.Find(".week-bar").TextContent);
        Assert.Empty(page.FindAll("#f-name"));
        Assert.StartsWith("In force since ", page.Find(".version-state .badge").TextContent.Trim());
        await Button(page, "Make a new draft").ClickAsync();
        await page.WaitForElementAsync("#f-name");
        Assert.Equal("Draft", page.Find(".version-state .badge").TextContent.Trim());
        Assert.Matches(@"A new draft made from version 1, not saved yet: no car pays by it\.\s+Cars pay by version 1, in force since \d",
            page.Find(".version-state").TextContent);
        Assert.Equal("2 · Draft, not saved", page.Find("#version option[value='']").TextContent);
        Assert.Equal("", page.Find("#version").GetAttribute("value"));

        await page.Find("#SaveDraft").ClickAsync();
        await page.WaitForAssertionAsync(() => Assert.Contains("Version 2 is a draft: no car pays by it yet.", page.Find(".version-state").TextContent));
        Assert.Empty(page.FindAll("#version option[value='']"));
    }

    /// <summary>What a newcomer reads first is sentences; what is wrong stands open, and stays so while it is put right.</summary>
    [Fact]
    public async Task Rules_and_examples_are_folded_to_what_they_say_until_one_is_wrong_or_new()
    {
        var tariff = (await platform.Get<AddTariff>().RunAsync(City.User(TariffPermissions.Manage), new NewTariff("Square", "off-street"), Ct)).Value;
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        await page.WaitForElementAsync("#f-name");
        Assert.Equal([false, false], Rules());
        Assert.Contains("for each started half hour", page.FindAll("details.entry > summary")[1].TextContent);
        Assert.False(Examples().HasAttribute("open"));
        Assert.Contains("all match", Examples().TextContent);

        var price = page.Find("input[id^=f-rules-1-charge-stages-1-price]").Id!;
        var before = page.Find("#" + price).GetAttribute("value");
        await page.Find("#" + price).ChangeAsync("-1");
        Assert.Equal([false, true], Rules());
        await page.Find("#" + price).ChangeAsync(before);
        Assert.Equal([false, true], Rules());
        await Button(page, "Add rule").ClickAsync();
        Assert.Equal([false, true, true], Rules());

        var fee = page.Find("#f-examples-0-fee").GetAttribute("value");
        await page.Find("#f-examples-0-fee").ChangeAsync("99");
        Assert.Contains("not matching: 1", Examples().TextContent);
        await page.Find("#f-examples-0-fee").ChangeAsync(fee);
        Assert.True(Examples().HasAttribute("open"));

        bool[] Rules() => [.. page.FindAll("details.entry").Select(d => d.HasAttribute("open"))];

        AngleSharp.Dom.IElement Examples() => page.Find("table.examples").Closest("details")!;
    }

    /// <summary>The version before it would answer another question.</summary>
    [Fact]
    public async Task What_if_asks_to_save_a_draft_first()
    {
        var (who, tariff) = (await City.SignInAsync(Roles.City), await UsedAsync());
        await using var context = new PageContext(platform, who);
        var dialog = context.Render<MudDialogProvider>();
        var page = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        await page.WaitForElementAsync("a[href*=what-if]");
        await Button(page, "Make a new draft").ClickAsync();
        Assert.Empty(page.FindAll("a[href*=what-if]"));

        var asking = Button(page, "What if…").ClickAsync().InTimeAsync();
        await AnswerAsync("Cancel");
        await asking;
        Assert.Equal(1, await VersionsAsync());

        asking = Button(page, "What if…").ClickAsync().InTimeAsync();
        await AnswerAsync("Save and continue");
        await asking;
        Assert.Equal(2, await VersionsAsync());
        await using var s = await City.OpenAsync();
        var draft = await s.Db.Set<TariffVersion>().SingleAsync(v => v.PublishedAt == null, Ct);
        Assert.EndsWith($"tariffs/{tariff}/what-if?version={draft.Id}", context.Services.GetRequiredService<NavigationManager>().Uri);

        async Task AnswerAsync(string button)
        {
            await (await dialog.WaitForElementsAsync(".mud-dialog button")).Single(b => b.TextContent.Trim() == button).ClickAsync();
            await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll(".mud-dialog")));
        }
    }

    /// <summary>A button that does nothing says why, and what does not match says what to do.</summary>
    [Fact]
    public async Task What_keeps_a_draft_from_being_published_stands_beside_the_button()
    {
        var tariff = (await platform.Get<AddTariff>().RunAsync(City.User(TariffPermissions.Manage), new NewTariff("Square", "per-entry"), Ct)).Value;
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        await page.WaitForElementAsync("#f-name");
        Assert.Empty(page.FindAll("#publish-obstacle"));
        Assert.False(Button(page, "Publish…").HasAttribute("disabled"));

        await page.Find("#f-examples-0-fee").ChangeAsync("99");
        Assert.Equal("To publish, save the draft first.", page.Find("#publish-obstacle").TextContent);
        Assert.True(Button(page, "Publish…").HasAttribute("disabled"));
        Assert.Contains("1 example does not match: correct its expected fee or the rules.", page.Find(".toolbar").TextContent);
        Assert.Equal($"tariffs/{tariff}#examples", page.Find(".toolbar .problem a").GetAttribute("href"));
        Assert.Single(page.FindAll("#examples"));

        await page.Find("#SaveDraft").ClickAsync();
        await page.WaitForAssertionAsync(() => Assert.Equal("To publish, the examples must match.", page.Find("#publish-obstacle").TextContent));
        Assert.True(Button(page, "Publish…").HasAttribute("disabled"));

        await page.Find("#f-name").ChangeAsync("");
        Assert.Equal("To publish, fix the problems first.", page.Find("#publish-obstacle").TextContent);
    }

    /// <summary>Nobody need copy what they wrote: theirs is loaded, or one's own saved over it.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task Who_saves_after_somebody_else_hears_who_it_was_and_chooses(bool mine)
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        var tariff = (await platform.Get<AddTariff>().RunAsync(City.User(TariffPermissions.Manage), new NewTariff("Square", "per-entry"), Ct)).Value;
        Assert.True((await platform.Get<TranslateName>().RunAsync(City.User(NamePermissions.Translate), new("王经理", "Manager Wang", null), Ct)).Ok);
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var dialog = context.Render<MudDialogProvider>();
        var page = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        await (await page.WaitForElementAsync("#f-description")).ChangeAsync("mine");
        await DescribeAsync(tariff, "theirs", "王经理");

        await page.Find("#SaveDraft").ClickAsync();
        Assert.Equal("Manager Wang has saved or published this tariff meanwhile. Nothing of yours is saved or published yet.",
            page.Find(".message-error p").TextContent);
        var choice = page.Find(mine ? "#save-mine" : "#take-theirs").ClickAsync().InTimeAsync();
        if (!mine)
            await (await dialog.WaitForElementsAsync(".mud-dialog button")).Single(b => b.TextContent.Trim() == "Leave").ClickAsync();
        await choice;
        await page.WaitForAssertionAsync(() => Assert.Empty(page.FindAll(".message-error")));
        await using var s = await City.OpenAsync();
        Assert.Equal(mine ? "mine" : "theirs", (await s.Db.Set<TariffVersion>().SingleAsync(v => v.TariffId == tariff, Ct)).Read().Tariff!.Description);
        Assert.Contains(mine ? "mine" : "theirs", page.Find(".prose").TextContent);
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_said_and_one_that_is_there_is_shown()
    {
        var tariff = await UsedAsync();
        await DescribeAsync(tariff, "next", "somebody");
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var navigation = context.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo($"tariffs/{tariff}?version={Guid.NewGuid()}");
        var page = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        Assert.Contains("version=", (await page.WaitForElementAsync(".not-understood")).TextContent);
        Assert.StartsWith("In force since ", page.Find(".version-state .badge").TextContent.Trim());

        await using var s = await City.OpenAsync();
        var draft = await s.Db.Set<TariffVersion>().SingleAsync(v => v.TariffId == tariff && v.PublishedAt == null, Ct);
        navigation.NavigateTo($"tariffs/{tariff}?version={draft.Id}");
        var other = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        Assert.Equal("Draft", (await other.WaitForElementAsync(".version-state .badge")).TextContent.Trim());
        Assert.Empty(other.FindAll(".not-understood"));
    }

    [Fact]
    public async Task A_description_that_stayed_while_the_rules_changed_is_to_be_looked_at()
    {
        var tariff = await UsedAsync();
        await DescribeAsync(tariff, "Two an hour", "somebody", publish: true);
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        await (await page.WaitForElementAsync(".version-state + .toolbar button")).ParentElement!.QuerySelectorAll("button")
            .Single(b => b.TextContent.Trim() == "Make a new draft").ClickAsync();
        await page.WaitForElementAsync("#f-name");
        Assert.Empty(page.FindAll(".prose .message-warning"));
        var day = page.Find("#f-day option[selected]").GetAttribute("value") is "calendar" ? "rolling24h" : "calendar";
        await page.Find("#f-day").ChangeAsync(day);
        Assert.Contains("author's own text", page.Find(".prose .message-warning").TextContent);
        await page.Find("#f-description").ChangeAsync("Two an hour, by calendar days");
        Assert.Empty(page.FindAll(".prose .message-warning"));
    }

    /// <summary>Somebody else describes the tariff, in its draft.</summary>
    async Task DescribeAsync(Guid tariff, string description, string name, bool publish = false)
    {
        var who = Actor.User(City.Code, Guid.CreateVersion7(), name, new HashSet<string> { TariffPermissions.Manage }, Scope.WholeCity);
        await using var s = await City.OpenAsync();
        var newest = await s.Db.Set<TariffVersion>().AsNoTracking().Where(v => v.TariffId == tariff).OrderByDescending(v => v.Number).FirstAsync(Ct);
        var written = TariffJson.Write(newest.Read().Tariff! with { Description = description });
        Assert.True((await platform.Get<SaveDraft>().RunAsync(who, new(tariff, written, newest), Ct)).Ok);
        if (!publish)
            return;
        var draft = await s.Db.Set<TariffVersion>().AsNoTracking().SingleAsync(v => v.TariffId == tariff && v.PublishedAt == null, Ct);
        Assert.Null((await platform.Get<PublishVersion>().RunAsync(who, draft, null, Ct)).Error);
    }

    /// <summary>The tariff of the city's lots, with its one version in force.</summary>
    async Task<Guid> UsedAsync()
    {
        await using var s = await City.OpenAsync();
        return (await s.Db.Set<TariffPlan>().SingleAsync(Ct)).Id;
    }

    async Task<int> VersionsAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<TariffVersion>().CountAsync(Ct);
    }

    static AngleSharp.Dom.IElement Button(IRenderedComponent<TariffPage> page, string text) =>
        page.FindAll("button").Single(b => b.TextContent.Trim() == text);
}
