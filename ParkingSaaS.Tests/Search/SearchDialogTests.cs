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
        context.RenderTree.Add<CascadingAuthenticationState>();
        var dialogs = context.Render<MudDialogProvider>();
        var button = context.Render<SearchButton>();
        await button.Find("button").ClickAsync();
        var input = await dialogs.WaitForElementAsync(".search input");
        var typing = input.InputAsync(text);
        await Eventually.HoldsAsync(() => typing.IsCompleted, () => platform.Clock.Advance(TimeSpan.FromMilliseconds(200)));
        await typing;
        return [.. dialogs.FindAll("[role=option]").Select(o => o.GetAttribute("href")!)];
    }

    [Theory, InlineData("en", "price"), InlineData("zh-CN", "价格")]
    public async Task A_word_of_the_help_finds_the_pages_that_it_is_about(string language, string word)
    {
        var found = await FoundAsync(language, word);
        Assert.Contains("tariffs", found);
        Assert.Contains("help/tariffs", found);
        Assert.InRange(found.Count, 2, 5);
    }

    [Theory, InlineData("12345"), InlineData("by"), InlineData("qqqq")]
    public async Task Numbers_and_what_is_everywhere_find_none(string text) => Assert.DoesNotContain(await FoundAsync("en", text), p => p.StartsWith("help/"));
}
