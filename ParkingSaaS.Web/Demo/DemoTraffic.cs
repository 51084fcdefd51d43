using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>A stay as it was, before anybody wrote of it.</summary>
/// <param name="Exit">When the car left; null while it is in.</param>
/// <param name="In">Where it was seen coming.</param>
/// <param name="Out">Where it was, or will be, seen leaving.</param>
sealed record DemoStay(DemoPlace Place, DemoCar Car, DateTimeOffset Entry, DateTimeOffset? Exit, DemoSpot In, DemoSpot Out)
{
    /// <summary>The pass that covers all of it; null for none.</summary>
    public long? Pass { get; init; }

    /// <summary>Why a list makes it free; null where none does.</summary>
    public FeeNote? Free { get; init; }

    /// <summary>Who leaves without paying, and does not pay later either.</summary>
    public bool NeverPays { get; init; }
}

/// <summary>A car that comes for a reason, besides all those that just come.</summary>
/// <param name="For">How long it stays; null until now and on.</param>
sealed record DemoVisit(DemoPlace Place, DemoCar Car, DateTimeOffset At, TimeSpan? For)
{
    /// <inheritdoc cref="DemoStay.Pass"/>
    public long? Pass { get; init; }

    /// <inheritdoc cref="DemoStay.Free"/>
    public FeeNote? Free { get; init; }

    /// <inheritdoc cref="DemoStay.NeverPays"/>
    public bool NeverPays { get; init; }
}

/// <summary>Plays the cars of a city, day by day: no lot holds more than it can, and no car is in two places.</summary>
sealed class DemoTraffic(City city, IReadOnlyList<DemoPlace> places, DemoCars cars, Random random, DateTimeOffset now)
{
    /// <summary>Whoever is leaving just now is still in, so that nobody stands at an exit whom nobody plays.</summary>
    static readonly TimeSpan Leaving = TimeSpan.FromMinutes(3);

    static readonly TimeSpan Waiting = TimeSpan.FromMinutes(10);

    readonly Dictionary<string, DateTimeOffset> away = [];
    readonly List<DemoStay> stays = [];

    /// <returns>The stays, near enough in the order of their entries.</returns>
    public List<DemoStay> Run(DateOnly first, IEnumerable<DemoVisit> visits)
    {
        var (today, ofDay) = (city.Zone.Date(now), visits.ToLookup(v => city.Zone.Date(v.At)));
        for (var day = first; day <= today; day = day.AddDays(1))
        {
            var begin = city.Zone.StartOf(day);
            // They grow by a fifth over a year; a wet day keeps some at home, everywhere at once.
            var busy = (0.83 + 0.17 * (day.DayNumber - first.DayNumber + 1) / (today.DayNumber - first.DayNumber + 1)) * (0.88 + 0.24 * random.NextDouble());
            var coming = ofDay[day].ToList();
            foreach (var place in places)
            {
                var rhythm = place.Plan.Rhythm;
                for (var i = (int)(place.Plan.CarsADay * rhythm.On(day, place.Calendar.Days) * busy); i > 0; i--)
                {
                    var arrival = rhythm.Arrival(random);
                    coming.Add(new DemoVisit(place, default, begin + arrival, rhythm.Stay(random, arrival)));
                }
            }
            foreach (var visit in coming.Where(v => v.At < now).OrderBy(v => v.At))
                Come(visit);
        }
        return stays;
    }

    void Come(DemoVisit visit)
    {
        var (car, at) = (visit.Car.Plate is null ? Stranger(visit.At) : visit.Car, visit.At);
        if (IsIn(car, at))
            return;
        DateTimeOffset? exit;
        (DemoSpot In, DemoSpot Out) spots;
        while (!visit.Place.TryEnter(random, at, exit = at + visit.For is { } end && end < now - Leaving ? end : null, out spots))
            // Where there is no room, who has come for a reason looks again; others drive on.
            if (visit.Car.Plate is null || (at += Waiting) >= now)
                return;
        away[car.Plate] = exit ?? DateTimeOffset.MaxValue;
        stays.Add(new DemoStay(visit.Place, car, at, exit, spots.In, spots.Out) { Pass = visit.Pass, Free = visit.Free, NeverPays = visit.NeverPays });
    }

    DemoCar Stranger(DateTimeOffset at)
    {
        while (true)
            if (cars.Next(random) is var car && !IsIn(car, at))
                return car;
    }

    /// <summary>The car is in a lot, or has left one within the hour.</summary>
    bool IsIn(DemoCar car, DateTimeOffset at) => away.TryGetValue(car.Plate, out var until) && (until == DateTimeOffset.MaxValue || until.AddHours(1) > at);
}
