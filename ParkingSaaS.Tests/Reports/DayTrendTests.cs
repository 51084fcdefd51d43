using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Reports;

/// <summary>How a day goes, beside the same weekday a week before.</summary>
public sealed class DayTrendTests(Cluster cluster) : DayTest(cluster)
{
    const int Week = 7 * 24 * 60;

    [Fact]
    public async Task A_day_is_shown_by_the_hour_beside_the_same_weekday_until_the_same_time()
    {
        // Saturday: one pays after the time of day that it will be, one before.
        await day.EnterAsync("粤B00001", 0);
        await day.EnterAsync("粤B00002", 1);
        var early = await PayAsync("粤B00001", 70);
        var late = await PayAsync("粤B00002", 400);
        // The next one: two have come from nine, one from ten, and one of them has left and paid.
        await day.EnterAsync("粤B00003", Week);
        await day.EnterAsync("粤B00004", Week + 5);
        await day.EnterAsync("粤B00005", Week + 65);
        var today = await PayAsync("粤B00003", Week + 90);
        day.Until(Week + 100);

        var trend = await TrendAsync();
        Assert.Equal(new DateOnly(2026, 11, 21), trend.Before);
        Assert.Equal((early, 2, 3, Money.Zero, 0), (trend.IncomeBefore, trend.EntriesBefore, trend.Entries, trend.Arrears, trend.ArrearsOrders));
        Assert.Equal(24, trend.Hours.Count);
        Assert.Equal(
            [
                new TrendHour(9, Money.Zero, Money.Zero, 2, 2, 2), new TrendHour(10, today, early, 1, 0, 2), new TrendHour(11, null, Money.Zero, null, 0, null)
            ],
            trend.Hours.Skip(9).Take(3));
        Assert.Equal((new TrendHour(8, Money.Zero, Money.Zero, 0, 0, 0), late), (trend.Hours[8], trend.Hours[15].IncomeBefore));
        Assert.Equal(9, trend.PeakHour);
        Assert.Equal([new LotIncome(City.North.Id, "North", today)], trend.TopLots);
    }

    /// <summary>As the chart's bars show it, whatever came a week before.</summary>
    [Fact]
    public async Task The_peak_is_the_hour_of_today_in_which_most_came()
    {
        foreach (var (plate, minute) in new[] { ("粤B00001", 0), ("粤B00002", 1), ("粤B00003", 2), ("粤B00004", Week + 65) })
            await day.EnterAsync(plate, minute);
        day.Until(Week + 70);
        Assert.Equal(10, (await TrendAsync()).PeakHour);
    }

    [Fact]
    public async Task What_is_owed_for_stays_that_are_over_counts_whenever_they_were()
    {
        await day.EnterAsync("粤B00001", 0);
        await day.LeaveAsync("粤B00001", 180);
        var owed = (await day.OrderAsync()).Receivable;
        await day.EnterAsync("粤B00001", 400); // it is back, so it had left unpaid
        day.Until(2 * Week);
        var trend = await TrendAsync();
        Assert.Equal((owed, 1), (trend.Arrears, trend.ArrearsOrders));
        Assert.Null(trend.PeakHour);
    }

    async Task<DayTrend> TrendAsync() => await day.Platform.Get<DayTrendFigures>().RunAsync(City.User(ReportPermissions.Home), Ct);

    async Task<Money> PayAsync(string plate, double minute)
    {
        await day.LeaveAsync(plate, minute);
        var order = (await day.OrdersAsync()).Last(o => o.Plate == plate);
        Assert.True((await day.CashAsync(order, order.Receivable.Minor)).Ok);
        return order.Receivable;
    }
}
