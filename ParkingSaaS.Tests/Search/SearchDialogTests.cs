using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Search;

namespace ParkingSaaS.Tests.Search;

/// <summary>Pages and help are found by what they are about, not by their titles alone.</summary>
public sealed class SearchDialogTests(Cluster cluster) : PlatformTest(cluster)
{
    async Task<List<string>> FoundAsync(string language, string text)
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        return [.. (await SearchAsync(context, text)).FindAll("[role=option]").Select(o => o.GetAttribute("href")!)];
    }

    async Task<IRenderedComponent<MudDialogProvider>> SearchAsync(PageContext context, string text)
    {
        context.RenderTree.Add<CascadingAuthenticationState>();
        var dialogs = context.Render<MudDialogProvider>();
        var button = context.Render<SearchButton>();
        await button.Find("button").ClickAsync();
        var input = await dialogs.WaitForElementAsync(".search input");
        var typing = input.InputAsync(text);
        await Eventually.HoldsAsync(() => typing.IsCompleted, () => platform.Clock.Advance(TimeSpan.FromMilliseconds(200)));
        await typing;
        return dialogs;
    }

    /// <summary>Of a short text only beginnings were looked for: that nothing was found would be said of what was never asked.</summary>
    [Theory]
    [InlineData("§§", "Nothing begins with “§§”. Type 1 more character: parts of plates and names are found by three.")]
    [InlineData("§", "Nothing begins with “§”. Type 2 more characters: parts of plates and names are found by three.")]
    [InlineData("欧阳锋", "Nothing begins with “欧阳锋”. Parts of plates and names are found by at least two Latin letters or digits of them.")]
    [InlineData("§912", "Nothing found for “§912”.")]
    public async Task A_text_that_is_too_short_for_parts_is_said_to_be(string text, string words)
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        Assert.Equal(words, string.Join(' ', (await SearchAsync(context, text)).FindAll("[role=status]").Select(e => e.TextContent.Trim())));
    }

    [Theory, InlineData("en", "price"), InlineData("zh-CN", "价格")]
    public async Task A_word_of_the_help_finds_the_pages_that_it_is_about(string language, string word)
    {
        var found = await FoundAsync(language, word);
        Assert.Contains("tariffs", found);
        Assert.Contains("help/tariffs", found);
        Assert.InRange(found.Count, 2, 5);
    }

    [Fact]
    public async Task A_lane_leads_to_its_lot_and_an_area_and_a_company_to_theirs()
    {
        Assert.Contains($"lots/{City.North.Id}", await FoundAsync("en", City.Exit.Name));
        Assert.Contains($"lots?area={City.NorthArea.Id}", await FoundAsync("en", City.NorthArea.Name));
        Assert.Contains($"lots?company={City.NorthCompany.Id}", await FoundAsync("en", City.NorthCompany.Name));
    }

    [Theory, InlineData("12345"), InlineData("by"), InlineData("qqqq")]
    public async Task Numbers_and_what_is_everywhere_find_none(string text) => Assert.DoesNotContain(await FoundAsync("en", text), p => p.StartsWith("help/"));
}
