using ParkingSaaS.Core.Tariffs;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>The worked cases of the YunParking white paper, section 计费标准:
/// blue plate, small car, 2022-01-01, 07:30–21:00.</summary>
public sealed class WhitePaperCases
{
    private const string Window = """ "window":{"from":"07:30","to":"21:00"} """;

    private static Tariff Rule(string charge) => Tariff($$"""{"id":"r","charge":{{charge}},{{Window}}}""");

    private static string On(Tariff tariff, string entry, string exit) =>
        Fee(tariff, "2022-01-01 " + entry, "2022-01-01 " + exit);

    [Fact(DisplayName = "定额按次: 3 per entry, although entry is before the window")]
    public void PerEntry() =>
        Assert.Equal("3.00", On(Rule("""{"mode":"perEntry","price":3}"""), "07:00:00", "10:28:29"));

    [Fact(DisplayName = "时长计费: 1 per 30 minutes, rounded up")]
    public void PerDuration() => Assert.Equal("8.00", On(
        Rule("""{"mode":"timed","stages":[{"price":1,"perMinutes":30,"round":"up"}]}"""), "08:10:10", "12:00:00"));

    [Theory(DisplayName = "阶梯计费: a table of totals")]
    [InlineData("08:57:01", "3.00")]
    [InlineData("08:23:00", "0.00")]
    public void Stepped(string exit, string fee) => Assert.Equal(fee, On(Rule("""
        {"mode":"timed","stages":[
          {"untilMinutes":30,"total":0},{"untilMinutes":60,"total":3},{"untilMinutes":120,"total":5}]}
        """), "08:00:00", exit));

    [Theory(DisplayName = "先阶梯后时长计费: the units after the steps are rounded down")]
    [InlineData("13:57:01", "7.00")]
    [InlineData("08:23:00", "0.00")]
    public void SteppedThenPerDuration(string exit, string fee) => Assert.Equal(fee, On(Rule("""
        {"mode":"timed","stages":[
          {"untilMinutes":30,"total":0},{"untilMinutes":60,"total":3},{"price":1,"perMinutes":60,"round":"down"}]}
        """), "08:00:00", exit));

    [Fact(DisplayName = "分钟收费: 60 minutes at 0.01 each, then 1 per 60 minutes")]
    public void PerMinute()
    {
        var tariff = Rule("""
            {"mode":"timed","stages":[{"untilMinutes":60,"price":0.01,"perMinutes":1},{"price":1,"perMinutes":60}]}
            """);
        Assert.Equal("0.23", On(tariff, "08:00:00", "08:23:00"));
        Assert.Equal("1.60", On(tariff, "08:00:00", "09:00:01"));
    }
}
