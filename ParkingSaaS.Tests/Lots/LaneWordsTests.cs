using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Web;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Lots;

/// <summary>A lane says once which way cars pass it.</summary>
public sealed class LaneWordsTests
{
    static readonly IStringLocalizer<Texts> Texts = new ServiceCollection().AddLogging().AddTexts().BuildServiceProvider()
        .GetRequiredService<IStringLocalizer<Texts>>();

    [Theory]
    [InlineData("en", "Exit", LaneDirection.Exit, "")]
    [InlineData("en", "EXIT 2", LaneDirection.Exit, "")]
    [InlineData("en", "East entrance", LaneDirection.Entry, "")]
    [InlineData("en", "Entry A", LaneDirection.Entry, "")]
    [InlineData("en", "Entrance and exit", LaneDirection.Both, "")]
    [InlineData("en", "Main gate", LaneDirection.Both, "Entry and exit")]
    [InlineData("en", "Sentry", LaneDirection.Entry, "Entry")]
    [InlineData("en", "Exit", LaneDirection.Entry, "Entry")]
    [InlineData("en", "Exit", LaneDirection.Both, "Entry and exit")]
    [InlineData("en", "Entrance and exit", LaneDirection.Exit, "Exit")]
    [InlineData("en", "出口", LaneDirection.Exit, "Exit")]
    [InlineData("zh-CN", "出口", LaneDirection.Exit, "")]
    [InlineData("zh-CN", "东入口2", LaneDirection.Entry, "")]
    [InlineData("zh-CN", "南出入口", LaneDirection.Both, "")]
    [InlineData("zh-CN", "南出入口", LaneDirection.Entry, "入口")]
    [InlineData("zh-CN", "大门", LaneDirection.Exit, "出口")]
    public void The_direction_stands_beside_a_name_that_does_not_say_it(string language, string name, LaneDirection direction, string way)
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        var lane = new Lane { Id = Guid.NewGuid(), LotId = Guid.NewGuid(), Name = name, Direction = direction };
        Assert.Equal(way, Texts.Way(lane, new PageNames(() => null, null!)));
    }
}
