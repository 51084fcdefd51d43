using AngleSharp.Dom;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Lots;

namespace ParkingSaaS.Tests.Lots;

/// <summary>The lot's page is where all of the lot is found, as far as somebody may see it.</summary>
public sealed class LotPageTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly string[] Parts = ["Today", "Tariff", "Calendar", "Devices", "Passes valid here", "Staff"];

    [Theory]
    [InlineData(Roles.City, 6)]
    [InlineData(Roles.Staff, 5)]
    public async Task Each_room_brings_its_part_for_whom_may_see_it(string role, int seen)
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        var who = await web.AddUserAsync(City, "ann", role, Ct, u => u.CompanyId = role == Roles.Staff ? City.NorthCompany.Id : null);
        List<string> heads = [];
        await web.ShowAsync(City, who, typeof(LotPage), main => (heads = Heads(main)).Count >= seen, "the parts", Ct, (nameof(LotPage.Id), City.North.Id));
        Assert.Equal(Parts.Take(seen), heads);

        static List<string> Heads(IElement main) => [.. main.QuerySelectorAll(".hub h2").Select(h => h.FirstChild!.TextContent.Trim())];
    }
}
