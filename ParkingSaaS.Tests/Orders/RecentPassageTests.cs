using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Orders;

/// <summary>The lists of what just happened.</summary>
public sealed class RecentPassageTests(Cluster cluster) : DayTest(cluster)
{
    const string Live = "粤B00001", Late = "粤B00002", Next = "粤B00003";

    async Task<IReadOnlyList<RecentPassage>> ReadAsync(Guid? lot, int count = 5)
    {
        await using var s = await day.City.OpenAsync();
        return await RecentPassage.ReadAsync(s, lot, count, Ct);
    }

    static IEnumerable<string?> Plates(IEnumerable<RecentPassage> passages) => passages.Select(p => p.Plate);

    [Fact]
    public async Task What_is_told_late_stands_where_it_became_known_and_says_when_it_was()
    {
        await day.EnterAsync(Live, 60);
        day.Until(90);
        await day.PassAsync(day.City.EntryCamera, Late, 0, replay: true);
        await day.EnterAsync(Next, 91);
        Assert.Equal([Next, Late, Live], Plates(await ReadAsync(null)));
        Assert.Equal([Next, Late], Plates(await ReadAsync(null, 2)));
        Assert.Equal([Next, Live, Late], Plates(await ReadAsync(day.City.North.Id)));

        await using var context = new PageContext();
        var zone = new CityZone("Asia/Shanghai");
        var (was, known) = (zone.Time(Day.Minute(0)), zone.Time(Day.Minute(90)));
        var (ofAll, ofLot) = (await ReadAsync(null), await ReadAsync(day.City.North.Id));
        var city = context.Render<PassageList>(p => p.Add(x => x.Passages, ofAll).Add(x => x.Zone, zone).Add(x => x.ByArrival, true));
        Assert.Equal([91, 90, 60], Times(city));
        Assert.Equal(["Seen " + was], city.FindAll("small").Select(e => e.TextContent));
        var lot = context.Render<PassageList>(p => p.Add(x => x.Passages, ofLot).Add(x => x.Zone, zone));
        Assert.Equal([91, 60, 0], Times(lot));
        Assert.Equal(["Told " + known], lot.FindAll("small").Select(e => e.TextContent));

        IEnumerable<double> Times(IRenderedComponent<PassageList> list) =>
            list.FindAll("time").Select(e => (TimeOnly.Parse(e.TextContent, null) - TimeOnly.FromDateTime(zone.Local(Day.Minute(0)))).TotalMinutes);
    }

    /// <summary>A stay that late reports made another is not a passage that was told late.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void The_filter_of_orders_is_not_called_as_the_label_of_passages_is(string language)
    {
        using var context = new PageContext();
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        var texts = context.Services.GetRequiredService<IStringLocalizer<Texts>>();
        Assert.NotEqual(texts["Reported late"].Value, texts.Of(OrderAnomaly.Late));
    }
}
