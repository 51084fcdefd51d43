using System.Globalization;
using Bunit;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Orders;

/// <summary>How pages show the pictures of a passage.</summary>
public sealed class PictureLinksTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly Guid Id = Guid.CreateVersion7();

    static Passage Seen(string? plate, params List<string> images) => new()
    {
        Id = Id,
        LotId = Id,
        Entering = true,
        At = TestPlatform.Start,
        Plate = plate,
        ImageNames = images,
        Outcome = PassageOutcome.Opened
    };

    async Task<(PageContext, IRenderedComponent<PictureLinks>)> ShowAsync(Passage passage, string language = "en")
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        var context = Own(new PageContext(platform, await City.SignInAsync(Roles.City)));
        return (context, context.Render<PictureLinks>(p => p.Add(l => l.Addresses, passage.Images)));
    }

    [Theory]
    [InlineData("en", "粤B12345", "Picture of 粤B12345, 2026-11-21 09:00:00")]
    [InlineData("en", null, "Picture of No plate, 2026-11-21 09:00:00")]
    [InlineData("zh-CN", "粤B12345", "粤B12345 的图片，2026-11-21 09:00:00")]
    [InlineData("zh-CN", null, "无牌车 的图片，2026-11-21 09:00:00")]
    public async Task What_was_uploaded_is_shown_small_and_leads_to_the_whole(string language, string? plate, string words)
    {
        var (_, links) = await ShowAsync(Seen(plate, "a.jpg", "b.jpg"), language);
        Assert.Equal([$"orders/pictures/{Id}/0", $"orders/pictures/{Id}/1"], links.FindAll("a").Select(a => a.GetAttribute("href")));
        Assert.All(links.FindAll("a img"), i => Assert.Equal(words, i.GetAttribute("alt")));
        Assert.Equal([$"orders/pictures/{Id}/0", $"orders/pictures/{Id}/1"], links.FindAll("a img").Select(i => i.GetAttribute("src")));
    }

    [Fact]
    public async Task One_that_is_not_there_says_so_until_it_is_asked_for_anew()
    {
        var passage = Seen("粤B12345", "a.jpg", "b.jpg");
        var (_, links) = await ShowAsync(passage);
        links.FindAll("img")[1].TriggerEvent("onerror", new Microsoft.AspNetCore.Components.Web.ErrorEventArgs());
        Assert.Equal($"orders/pictures/{Id}/0", Assert.Single(links.FindAll("img")).GetAttribute("src"));
        Assert.Contains("has not come, or is no longer kept", links.Markup);
        links.Render(p => p.Add(l => l.Addresses, passage.Images));
        Assert.Equal(2, links.FindAll("img").Count);
    }

    [Fact]
    public async Task What_lies_elsewhere_is_a_link_and_anything_else_nothing()
    {
        var (_, links) = await ShowAsync(Seen("粤B12345", "https://example.org/1.jpg", "javascript:alert(1)", "../a.jpg", "//example.org/a.jpg"));
        Assert.Equal("https://example.org/1.jpg", Assert.Single(links.FindAll("a")).GetAttribute("href"));
        Assert.Empty(links.FindAll("img"));
    }
}
