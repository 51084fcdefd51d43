using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>The week as it is painted, and what two versions say otherwise.</summary>
public sealed class TariffPictureTests
{
    static readonly Tariff Street = TariffTemplate.All.Single(t => t.Id == "on-street").Tariff;

    [Fact]
    public void A_week_is_painted_without_gap()
    {
        var week = TariffWeek.Of(Street, DayTypes.Weekends, new DateOnly(2026, 11, 16), VehicleKind.Small, PlateColour.Blue, newEnergy: false);
        Assert.Equal(7 * 1440, week.Sum(s => s.To - s.From));
        Assert.Equal(["night 0-450", "rest-day 450-1260", "night 1260-1440"],
            week.Where(s => s.Date.DayOfWeek == DayOfWeek.Saturday).Select(s => $"{s.Rule!.Id} {s.From}-{s.To}"));
        Assert.Equal("workday", week.Single(s => s.Date.DayOfWeek == DayOfWeek.Friday && s.From == 450).Rule!.Id);
    }

    [Fact]
    public void Only_what_differs_is_named()
    {
        Assert.Empty(TariffDifference.Between(Street, Street));
        var other = Street with { Rules = [Street.Rules[1] with { Cap = new() { Amount = 45 } }, Street.Rules[0], Street.Rules[2]], MinimumCharge = 2 };
        Assert.Equal(
            [
                ("/rules", "night, workday, rest-day", "workday, night, rest-day"),
                ("/rules/workday/cap/amount", "40", "45"),
                ("/minimumCharge", null, "2"),
            ],
            TariffDifference.Between(Street, other).Select(d => (d.Path, d.Before, d.After)));
    }
}
