using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Web.Demo;

/// <summary>When cars come to a kind of place, and how long they stay.</summary>
/// <param name="RestDay">How many come on a rest day, for one on a workday.</param>
/// <param name="Holiday">How many come on a statutory holiday, for one on a workday.</param>
/// <param name="Months">How busy the months are, from January on, in percent.</param>
/// <param name="Hours">How the arrivals of a day are shared out over its 24 hours; only the proportions count.</param>
/// <param name="Minutes">The mean stay of a visitor.</param>
/// <param name="AllDay">How many of a hundred who come before ten stay the working day.</param>
sealed record DemoRhythm(double RestDay, double Holiday, int[] Months, int[] Hours, int Minutes, int AllDay = 0)
{
    public static readonly DemoRhythm Park = new(1.9, 2.4, [70, 95, 125, 130, 110, 90, 75, 80, 100, 130, 115, 85],
        [0, 0, 0, 0, 0, 2, 6, 7, 9, 11, 9, 5, 4, 6, 9, 9, 7, 6, 6, 5, 3, 1, 0, 0], 110);

    public static readonly DemoRhythm Offices = new(0.35, 0.15, [100, 75, 105, 103, 100, 103, 102, 100, 104, 92, 106, 108],
        [0, 0, 0, 0, 0, 0, 2, 12, 24, 16, 8, 6, 6, 8, 8, 6, 4, 3, 4, 3, 1, 1, 0, 0], 95, AllDay: 65);

    public static readonly DemoRhythm Shops = new(1.5, 1.7, [115, 110, 92, 94, 105, 98, 104, 102, 96, 112, 100, 118],
        [1, 0, 0, 0, 0, 0, 0, 1, 3, 5, 8, 11, 10, 8, 8, 7, 8, 11, 13, 11, 6, 3, 1, 1], 125);

    public static readonly DemoRhythm Sports = new(1.3, 1.1, [80, 75, 95, 105, 110, 110, 115, 110, 105, 105, 100, 90],
        [0, 0, 0, 0, 0, 1, 4, 5, 6, 6, 5, 4, 3, 4, 5, 6, 8, 11, 14, 11, 5, 2, 0, 0], 115);

    public static readonly DemoRhythm Street = new(1.05, 0.9, [100, 82, 100, 101, 103, 100, 98, 98, 101, 99, 104, 106],
        [1, 0, 0, 0, 0, 1, 3, 7, 9, 9, 9, 9, 8, 8, 8, 8, 8, 9, 9, 8, 6, 4, 2, 1], 48);

    static readonly HashSet<DateOnly> Holidays =
        [.. HolidayTemplate.All.SelectMany(t => t.Days).Where(d => d.Kind is DayKind.Holiday).Select(d => d.Date)];

    /// <summary>How busy a day is, for one on which a usual number of cars comes.</summary>
    public double On(DateOnly day, DayTypes days) =>
        Months[day.Month - 1] / 100.0 * (Holidays.Contains(day) ? Holiday : days.On(day) is DayType.Workday ? 1 : RestDay);

    /// <summary>Cars come at these seconds of a minute, and stay whole minutes: so stays of one length are many, and their price is known.</summary>
    static readonly int[] Seconds = [4, 17, 29, 41, 53];

    /// <summary>When a car comes: the time since midnight.</summary>
    public TimeSpan Arrival(Random random)
    {
        var drawn = random.Next(Hours.Sum());
        var hour = 0;
        while (drawn >= Hours[hour])
            drawn -= Hours[hour++];
        return new TimeSpan(hour, random.Next(60), Seconds[random.Next(Seconds.Length)]);
    }

    /// <summary>How long it stays: whole minutes, from 4 to 960.</summary>
    public TimeSpan Stay(Random random, TimeSpan arrival) => arrival < TimeSpan.FromHours(10) && random.Next(100) < AllDay
        ? TimeSpan.FromMinutes(random.Next(7 * 60, 10 * 60))
        : TimeSpan.FromMinutes(Math.Clamp((int)(Minutes * Spread(random)), 4, 16 * 60));

    /// <summary>Most stays are shorter than the mean, a few much longer: a log-normal distribution about 1.</summary>
    static double Spread(Random random)
    {
        const double width = 0.75;
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Math.Exp(width * normal - width * width / 2);
    }
}
