using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Accounts;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Passes;
using ParkingSaaS.Web.Vehicles;

namespace ParkingSaaS.Tests.Shell;

/// <summary>What all lists share, on the page of lists: saved views, what is done to many rows, what can be undone.</summary>
public sealed class ListPageTests(Cluster cluster) : PageTest(cluster)
{
    static async Task<IRenderedComponent<ListsPage>> ListsAsync(PageContext context, int rows)
    {
        var page = context.Render<ListsPage>();
        await page.WaitForElementsAsync("tbody .choose-row input", rows);
        return page;
    }

    async Task AddAsync(int count, Guid[]? lots = null, int first = 10000) => Assert.True((await platform.Get<SavePlateRules>().RunAsync(
        City.User(VehiclePermissions.ManageLists),
        new(null, PlateListKind.White, [.. Enumerable.Range(first, count).Select(n => $"浙A{n}")], lots, null, null), Ct)).Ok);

    async Task<List<string?>> PlatesAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<PlateRule>().OrderBy(r => r.Pattern).Select(r => r.Pattern).ToListAsync(Ct);
    }

    [Fact]
    public async Task What_a_list_shows_is_saved_opened_again_and_forgotten()
    {
        await AddAsync(2);
        var who = await City.SignInAsync(Roles.City);
        await using var context = await ContextAsync(who);
        var address = context.Services.GetRequiredService<NavigationManager>();
        var page = await ListsAsync(context, 2);
        await page.Find("input[type=search]").ChangeAsync("10001");
        await page.WaitForElementsAsync("tbody tr [aria-label=History]", 1);
        await page.Find("[aria-label='Saved views']").ClickAsync();
        await menus.WaitForElementAsync(".mud-menu-item");
        await OpenAsync(menus, ".mud-menu-item", "Save this view");
        await dialogs.WaitForElementAsync("form");
        await dialogs.Find("#Name").ChangeAsync("one car");
        await dialogs.Find("form").SubmitAsync();

        await page.InvokeAsync(() => address.NavigateTo("lists"));
        await page.WaitForElementsAsync("tbody tr [aria-label=History]", 2);
        await page.Find("[aria-label='Saved views']").ClickAsync();
        await menus.WaitForAssertionAsync(() => Assert.Contains(menus.FindAll(".mud-menu-item"), i => i.TextContent.Trim() == "one car"));
        await OpenAsync(menus, ".mud-menu-item", "one car");
        await page.WaitForElementsAsync("tbody tr [aria-label=History]", 1);
        Assert.EndsWith("lists?text=10001", address.Uri);
    }

    [Theory]
    [InlineData("en", "This part of the page's address is not understood; what you see is as if it were not there: ", ", ")]
    [InlineData("zh-CN", "网址中的这一部分无法识别，已忽略：", "、")]
    public async Task What_a_list_does_not_understand_of_its_address_is_said_and_can_be_left_out(string language, string words, string comma)
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        await AddAsync(2);
        await using var context = await ContextAsync();
        var address = context.Services.GetRequiredService<NavigationManager>();
        var unknown = Guid.NewGuid();
        await dialogs.InvokeAsync(() => address.NavigateTo($"lists?list=nonsense&valid=now&lot={unknown}&colour=red"));
        var page = await ListsAsync(context, 2);
        var said = await page.WaitForElementAsync(".not-understood p");
        Assert.Equal(words + string.Join(comma, "list=nonsense", $"lot={unknown}", "colour=red"), said.TextContent);
        await page.Find(".not-understood button").ClickAsync();
        await page.WaitForAssertionAsync(() => Assert.Empty(page.FindAll(".not-understood")));
        Assert.EndsWith("/lists?valid=now", address.Uri);
        Assert.Equal(2, page.FindAll("tbody .choose-row input").Count);
    }

    [Theory, InlineData("?list=Black&valid=Over&text=9&sort=-Pattern&page=1"), InlineData("?lot=north"), InlineData("")]
    public async Task Nothing_is_said_of_what_is_understood(string query)
    {
        await AddAsync(1);
        await using var context = await ContextAsync();
        var address = context.Services.GetRequiredService<NavigationManager>();
        await dialogs.InvokeAsync(() => address.NavigateTo("lists" + query.Replace("north", City.North.Id.ToString())));
        var page = context.Render<ListsPage>();
        await page.WaitForElementAsync(query.Contains("Black") ? "p.empty" : "tbody .choose-row input");
        Assert.Empty(page.FindAll(".not-understood"));
    }

    /// <summary>The rows follow when nothing is typed for a moment, and Back leads to before all of it.</summary>
    [Fact]
    public async Task A_list_is_narrowed_while_somebody_types()
    {
        await AddAsync(12);
        await using var context = await ContextAsync();
        var address = context.Services.GetRequiredService<NavigationManager>();
        await dialogs.InvokeAsync(() => address.NavigateTo("lists"));
        var page = await ListsAsync(context, 12);
        var before = ((PageContext.CityAddress)address).Entries;

        await TypeAsync("1001");
        Assert.EndsWith("/lists", address.Uri);
        platform.Clock.Advance(TimeSpan.FromMilliseconds(200));
        await TypeAsync("10011");
        platform.Clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.EndsWith("/lists", address.Uri);
        platform.Clock.Advance(TimeSpan.FromMilliseconds(100));
        await page.WaitForElementsAsync("tbody .choose-row input", 1);
        Assert.EndsWith("/lists?text=10011", address.Uri);

        await TypeAsync("1001");
        await page.Find("input[type=search]").ChangeAsync("1001"); // Enter
        await page.WaitForElementsAsync("tbody .choose-row input", 2);
        Assert.EndsWith("/lists?text=1001", address.Uri);
        await TypeAsync("100 ");
        platform.Clock.Advance(TimeSpan.FromMilliseconds(300));
        await page.WaitForElementsAsync("tbody .choose-row input", 12);
        Assert.EndsWith("/lists?text=100", address.Uri);
        Assert.Equal("100 ", page.Find("input[type=search]").GetAttribute("value")); // a word may go on after its space
        Assert.Equal(before + 1, ((PageContext.CityAddress)address).Entries);

        Task TypeAsync(string text) => page.InvokeAsync(() => { _ = page.Find("input[type=search]").InputAsync(text); });
    }

    [Fact]
    public async Task Many_rows_are_chosen_over_pages_and_what_is_narrowed_away_is_not()
    {
        await AddAsync(25);
        await using var context = await ContextAsync();
        var page = await ListsAsync(context, 20);
        Assert.Null(Chosen(page));
        await TickAsync(page, "Choose 浙A10003");
        Assert.Equal("1 chosen", Chosen(page));
        await TickAsync(page, "Choose all on this page");
        Assert.Equal("20 chosen", Chosen(page));
        await TickAsync(page, "Choose 浙A10003", false);
        Assert.Equal("19 chosen", Chosen(page));
        Assert.False(page.Find("[aria-label='Choose all on this page']").HasAttribute("checked"));
        await page.Find("[aria-label='Next page']").ClickAsync();
        await page.WaitForElementsAsync("tbody tr [aria-label=History]", 5);
        Assert.Equal("19 chosen", Chosen(page));
        await ClickAsync(page, ".chosen-bar button", "Choose all 25");
        Assert.Equal("25 chosen", Chosen(page));
        Assert.Equal(5, page.FindAll("tbody .choose-row input[checked]").Count);
        await ClickAsync(page, ".chosen-bar button", "Choose none");
        Assert.Null(Chosen(page));

        await TickAsync(page, "Choose all on this page");
        await page.InvokeAsync(() => context.Services.GetRequiredService<NavigationManager>().NavigateTo("lists?text=10001"));
        await page.WaitForElementsAsync("tbody tr [aria-label=History]", 1);
        Assert.Null(Chosen(page));
    }

    [Fact]
    public async Task All_that_are_counted_and_chosen_can_be()
    {
        await AddAsync(2);
        await AddAsync(3, [City.North.Id], 20000);
        await AddAsync(2, [City.North.Id, City.South.Id], 30000);
        await using var context = await ContextAsync(await City.SignInAsync(Roles.Company, u => u.CompanyId = City.NorthCompany.Id));
        var page = await ListsAsync(context, 3);
        await TickAsync(page, "Choose 浙A20001");
        await page.WaitForAssertionAsync(() => Assert.Contains(page.FindAll(".chosen-bar button"), b => b.TextContent.Trim() == "Choose all 3"));
        await ClickAsync(page, ".chosen-bar button", "Choose all 3");
        await page.WaitForAssertionAsync(() => Assert.Equal("3 chosen", Chosen(page)));
        Assert.DoesNotContain(page.FindAll(".chosen-bar button"), b => b.TextContent.Contains("Choose all", StringComparison.Ordinal));
        Assert.Equal(3, page.FindAll("tbody .choose-row input[checked]").Count);
    }

    [Fact]
    public async Task At_most_a_thousand_are_chosen()
    {
        await AddAsync(1000);
        await AddAsync(1, first: 20000);
        await using var context = await ContextAsync();
        var page = await ListsAsync(context, 20);
        await TickAsync(page, "Choose all on this page");
        await ClickAsync(page, ".chosen-bar button", "Choose the first 1000");
        Assert.Equal("1000 chosen", Chosen(page));
        Assert.DoesNotContain(page.FindAll(".chosen-bar button"), b => b.TextContent.Contains("Choose the first", StringComparison.Ordinal));
    }

    /// <summary>Somebody was quicker with one of them: it is said which, and why; it stays chosen, the others are gone.</summary>
    [Fact]
    public async Task What_is_done_to_many_says_what_was_refused_and_why()
    {
        await AddAsync(4);
        await using var context = await ContextAsync();
        var page = await ListsAsync(context, 4);
        foreach (var n in (int[])[10000, 10001, 10002])
            await TickAsync(page, $"Choose 浙A{n}");
        await OpenAsync(page, ".chosen-bar button", "Remove");
        await dialogs.WaitForElementAsync("form");
        Assert.Contains("3 entries are taken off their lists.", dialogs.Find("form").TextContent);
        Assert.Equal(4, (await PlatesAsync()).Count);
        await using (var s = await City.OpenAsync())
            await s.Db.Set<PlateRule>().Where(r => r.Pattern == "浙A10001").ExecuteDeleteAsync(Ct);
        await dialogs.Find("form").SubmitAsync();
        await dialogs.WaitForElementAsync("[role=status]");
        Assert.Equal("2 of 3 done.", dialogs.Find("[role=status]").TextContent.Trim());
        Assert.Equal("浙A10001 There is no such entry, or you have no access to it.", Assert.Single(dialogs.FindAll(".refused li")).TextContent.Trim());
        await ClickAsync(dialogs, ".dialog-buttons button", "Close");
        await page.WaitForElementsAsync("tbody tr [aria-label=History]", 1);
        Assert.Equal(["浙A10003"], await PlatesAsync());
        Assert.Equal("1 chosen", Chosen(page));
    }

    [Fact]
    public async Task One_day_is_given_to_many_and_a_form_without_it_does_nothing()
    {
        await AddAsync(2);
        await using var context = await ContextAsync();
        var page = await ListsAsync(context, 2);
        await TickAsync(page, "Choose all on this page");
        await OpenAsync(page, ".chosen-bar button", "Set the last day");
        await dialogs.WaitForElementAsync("form");
        await dialogs.Find("form").SubmitAsync();
        Assert.Equal("“Last day” must be filled in.", dialogs.Find("[role=alert]").TextContent);
        await dialogs.Find("#Until").ChangeAsync("2027-01-31");
        await dialogs.Find("form").SubmitAsync();
        await dialogs.WaitForStateAsync(() => dialogs.FindAll(".mud-dialog").Count == 0);
        await notices.WaitForAssertionAsync(() => Assert.Contains("2 of 2 done.", Said(context)));
        await page.WaitForAssertionAsync(() => Assert.Null(Chosen(page)));
        await using var s = await City.OpenAsync();
        Assert.All(await s.Db.Set<PlateRule>().ToListAsync(Ct), r => Assert.Equal(new DateOnly(2027, 1, 31), r.Until));
    }

    [Fact]
    public async Task What_is_removed_is_gone_at_once_and_comes_back_by_undo()
    {
        await AddAsync(2);
        await using var context = await ContextAsync();
        var page = await ListsAsync(context, 2);
        await page.Find("tbody tr [aria-label=Remove]").ClickAsync();
        Assert.Empty(dialogs.FindAll(".mud-dialog"));
        Assert.Equal(["浙A10001"], await PlatesAsync());
        var undo = await notices.WaitForElementAsync(".mud-snackbar-action-button");
        Assert.Equal("Undo", undo.TextContent.Trim());
        await undo.ClickAsync();
        await page.WaitForElementsAsync("tbody tr [aria-label=History]", 2);
        Assert.Equal(["浙A10000", "浙A10001"], await PlatesAsync());
    }

    [Fact]
    public async Task Many_that_were_removed_come_back_by_one_undo()
    {
        await AddAsync(4);
        await using var context = await ContextAsync();
        var page = await ListsAsync(context, 4);
        foreach (var n in (int[])[10000, 10001, 10002])
            await TickAsync(page, $"Choose 浙A{n}");
        await OpenAsync(page, ".chosen-bar button", "Remove");
        await dialogs.WaitForElementAsync("form");
        await SubmitAsync();
        var undo = await notices.WaitForElementAsync(".mud-snackbar-action-button");
        Assert.Equal(["浙A10003"], await PlatesAsync());
        await notices.InvokeAsync(() => { _ = undo.ClickAsync(); });
        await page.WaitForElementsAsync("tbody tr [aria-label=History]", 4);
        await notices.WaitForAssertionAsync(() => Assert.Contains("Undone.", Said(context)));
        Assert.Equal(["浙A10000", "浙A10001", "浙A10002", "浙A10003"], await PlatesAsync());
        Assert.Empty(dialogs.FindAll(".mud-dialog"));
    }

    [Fact]
    public async Task A_lot_that_was_taken_out_of_use_is_in_use_again_by_undo()
    {
        await using var context = await ContextAsync();
        var page = context.Render<LotsPage>();
        await (await page.WaitForElementsAsync("tbody tr [aria-label=Retire]", 2))[0].ClickAsync();
        await page.WaitForElementsAsync("tbody a", 1);
        await (await notices.WaitForElementAsync(".mud-snackbar-action-button")).ClickAsync();
        await page.WaitForElementsAsync("tbody a", 2);
    }

    /// <summary>What the use cases would refuse is not offered: what holds in the whole city, or in lots of others.</summary>
    [Fact]
    public async Task A_company_is_offered_to_change_only_what_is_its_own()
    {
        await AddAsync(1);
        await AddAsync(1, [City.North.Id], 20000);
        await AddAsync(1, [City.North.Id, City.South.Id], 30000);
        foreach (var (name, scope) in new[] { ("everywhere", PassScope.City), ("north", PassScope.Lots) })
            Assert.True((await platform.Get<SavePassProduct>().RunAsync(City.User(PassPermissions.Products), new(null, name)
            {
                Scope = scope,
                LotIds = scope is PassScope.Lots ? [City.North.Id] : [],
                Price = new Money(100),
                OffLine = true
            }, Ct)).Ok);
        await using var context = await ContextAsync(await City.SignInAsync(Roles.Company, u => u.CompanyId = City.NorthCompany.Id));
        var lists = context.Render<ListsPage>();
        await lists.WaitForElementsAsync("tbody tr [aria-label=History]", 3);
        await lists.WaitForElementAsync("tbody .choose-row input");
        Assert.Equal(["Choose 浙A20000"], lists.FindAll("tbody .choose-row input").Select(i => i.GetAttribute("aria-label")));
        foreach (var command in (string[])["Edit", "Remove"])
            Assert.Contains("浙A20000", Assert.Single(lists.FindAll($"tbody tr:has([aria-label={command}])")).TextContent);

        var products = context.Render<ProductsPage>();
        await products.WaitForElementsAsync("tbody tr", 2);
        await products.WaitForElementAsync("tbody [aria-label=Edit]");
        foreach (var command in (string[])["Edit", "Withdraw"])
            Assert.Contains("north", Assert.Single(products.FindAll($"tbody tr:has([aria-label={command}])")).TextContent);
    }

    [Fact]
    public async Task Nobody_is_offered_to_switch_off_their_own_account()
    {
        var me = await City.SignInAsync(Roles.City);
        var other = await City.SignInAsync(Roles.City);
        await using var context = await ContextAsync(me);
        var page = context.Render<UsersPage>();
        await page.WaitForElementsAsync("tbody [aria-label=Edit]", 2);
        Assert.Contains(other.User.UserName, Assert.Single(page.FindAll("tbody tr:has([aria-label='Switch off'])")).TextContent);
    }
}
