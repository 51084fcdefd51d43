using System.Text;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>What a partner's question brings along, and what the city adds.</summary>
public sealed class QuoteRequestTests
{
    static IReadOnlyList<FeeNote>? Notes(string more)
    {
        var json = $$"""
            { "tariff": { "schema": "parkingsaas-tariff/1", "name": "t", "rules": [{ "id": "r", "charge": { "mode": "free" } }] },
              "stays": [{ "entry": "2035-12-31T20:00", "exit": "2036-01-01T10:00" }]{{more}} }
            """;
        var calendar = new CalendarInForce(DayTypes.Weekends, "China", new HashSet<int> { 2035 });
        var answer = QuoteRequest.Answer(Encoding.UTF8.GetBytes(json), new CityZone("Asia/Shanghai"), calendar.Days, calendar.Notes);
        return Assert.Single(answer.Quotes!).Notes;
    }

    [Fact]
    public void A_year_that_the_citys_calendar_lacks_is_noted() =>
        Assert.Equal([new FeeNote(FeeNoteCode.CalendarYearMissing, "2036")], Notes(""));

    [Fact]
    public void Who_brings_the_days_along_hears_nothing_of_the_citys() => Assert.Null(Notes(""", "calendar": {}"""));
}
