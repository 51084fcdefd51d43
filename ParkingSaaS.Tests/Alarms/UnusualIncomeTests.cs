using ParkingSaaS.Core.Alarms;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Alarms;

/// <summary>What comes in, against the same weekday and time of four weeks.</summary>
public sealed class UnusualIncomeTests(Cluster cluster) : AlarmTest(cluster)
{
    /// <summary>Noon of today, a Saturday, in the city.</summary>
    static readonly DateTimeOffset Noon = TestPlatform.Start.AddHours(3);

    /// <summary>Payments of a lot, weeks before today, an hour before the present time of day.</summary>
    async Task PayAsync(Lot lot, int weeks, int count, long each, double hours = -1)
    {
        ForgeBooks(); // nobody owed it
        await using var s = await City.OpenAsync();
        var at = Noon.AddDays(-7 * weeks).AddHours(hours);
        for (var n = 0; n < count; n++)
            s.Db.Add(new Payment
            {
                Id = Guid.CreateVersion7(),
                LotId = lot.Id,
                PayableId = Guid.CreateVersion7(),
                Method = "cash",
                Amount = new Money(each),
                State = PaymentState.Succeeded,
                CreatedAt = at,
                PaidAt = at,
                BusinessDate = s.City.Zone.Date(at),
                QuotedAt = at
            });
        Assert.True((await s.SaveAsync(Ct)).Ok);
    }

    async Task<List<(Guid? Lot, long? Value, long? Norm)>> FindAsync()
    {
        platform.Clock.Advance(Noon - platform.Clock.GetUtcNow());
        await WatchAsync();
        return [.. (await AlarmsAsync()).Where(a => a.EndedAt is null).OrderBy(a => a.LotId is null).Select(a => (a.LotId, a.Value, a.Norm))];
    }

    async Task UsualAsync(Lot lot, params int[] weeks)
    {
        for (var week = 1; week <= 4; week++)
            await PayAsync(lot, week, weeks[week - 1], 100);
    }

    [Theory]
    [InlineData(9, true)] // below half of 20, and below 18
    [InlineData(10, false)] // half is not less than half
    [InlineData(30, false)]
    [InlineData(31, true)]
    public async Task It_is_unusual_beyond_the_per_cent_in_the_lot_and_in_the_city(int today, bool unusual)
    {
        await UsualAsync(City.North, 18, 22, 19, 21);
        await PayAsync(City.North, 0, today, 100);
        Assert.Equal(unusual ? [(City.North.Id, today * 100, 2000), ((Guid?)null, (long?)(today * 100), (long?)2000)] : [], await FindAsync());
    }

    [Fact]
    public async Task What_came_in_earlier_and_later_than_now_does_not_count()
    {
        await UsualAsync(City.North, 20, 20, 20, 20);
        await PayAsync(City.North, 0, 20, 100);
        for (var week = 0; week <= 4; week++)
        {
            await PayAsync(City.North, week, 50, 1000 * (week + 1), hours: 1); // the rest of each day
            await PayAsync(City.North, week, 50, 1000 * (week + 1), hours: -13); // the day before
        }
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task Where_few_pay_nobody_can_tell()
    {
        await UsualAsync(City.North, 20, 20, 20, 19);
        Assert.Empty(await FindAsync());
        await PayAsync(City.North, 4, 1, 100);
        Assert.Equal(2, (await FindAsync()).Count);
    }

    [Fact]
    public async Task A_lot_without_four_weeks_of_payments_is_not_held_against_them()
    {
        await UsualAsync(City.North, 100, 100, 100, 0);
        Assert.Empty(await FindAsync());
    }

    /// <summary>The mean is 40, and 19 less than half of it; but one week was as bad.</summary>
    [Fact]
    public async Task What_was_so_in_one_of_the_weeks_is_not_unusual()
    {
        await UsualAsync(City.North, 19, 40, 41, 60);
        await PayAsync(City.North, 0, 19, 100);
        Assert.Empty(await FindAsync());
        await PayAsync(City.North, 1, 1, 100);
        Assert.Equal(2, (await FindAsync()).Count);
    }

    [Fact]
    public async Task A_lot_is_told_where_the_city_is_as_usual_and_ends_with_what_comes_in()
    {
        await UsualAsync(City.North, 20, 20, 20, 20);
        await UsualAsync(City.South, 200, 200, 200, 200);
        await PayAsync(City.South, 0, 200, 100);
        Assert.Equal([(City.North.Id, 0, 2000)], await FindAsync());
        Assert.Equal(AlarmLevel.Warning, (await AlarmAsync()).Level);
        await PayAsync(City.North, 0, 20, 100);
        Assert.Empty(await FindAsync());
        Assert.Single(await AlarmsAsync());
    }

    [Fact]
    public async Task It_is_looked_for_each_quarter_of_an_hour()
    {
        await UsualAsync(City.North, 20, 20, 20, 20);
        platform.Clock.Advance(Noon - platform.Clock.GetUtcNow());
        Assert.Equal(0, await WatchAsync(AlarmPace.Minute));
        Assert.Equal(2, await WatchAsync());
        Assert.Equal(0, await WatchAsync(AlarmPace.Minute));
    }
}
