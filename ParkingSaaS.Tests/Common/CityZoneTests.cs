using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Tests.Common;

/// <summary>Wall-clock times around the changes of clocks.</summary>
public sealed class CityZoneTests
{
    [Theory]
    [InlineData("Asia/Shanghai", "2026-11-29T08:00", "2026-11-29T00:00Z")]
    // In the gap every time is the moment of the change.
    [InlineData("America/New_York", "2026-03-08T02:00", "2026-03-08T07:00Z")]
    [InlineData("America/New_York", "2026-03-08T02:20", "2026-03-08T07:00Z")]
    [InlineData("America/New_York", "2026-03-08T02:59:59", "2026-03-08T07:00Z")]
    [InlineData("America/New_York", "2026-03-08T03:00", "2026-03-08T07:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-03T15:30Z")]
    // What comes twice is the first one.
    [InlineData("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z")]
    public void A_wall_clock_time_is_one_instant(string zone, string local, string instant) => Assert.Equal(
        DateTimeOffset.Parse(instant, null), new CityZone(zone).Instant(DateTime.Parse(local, null)));

    [Fact]
    public void A_time_that_comes_twice_may_be_meant_the_second_time() => Assert.Equal(new DateTimeOffset(2026, 11, 1, 6, 30, 0, TimeSpan.Zero),
        CityZone.InstantOf(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"), new DateTime(2026, 11, 1, 1, 30, 0), first: false));

    [Fact]
    public void The_ends_of_the_calendar_stay_within_it()
    {
        var zone = new CityZone("Asia/Shanghai");
        Assert.Equal(DateTimeOffset.MinValue, zone.Instant(DateTime.MinValue));
        Assert.Equal(DateTimeOffset.MaxValue.UtcTicks, new CityZone("America/New_York").Instant(DateTime.MaxValue).UtcTicks);
    }
}
