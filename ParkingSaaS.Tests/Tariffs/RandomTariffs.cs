using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Valid tariffs of every shape, and stays of seconds up to weeks, some over the days on which clocks change.</summary>
internal static class RandomTariffs
{
    public static Tariff Tariff(Random random)
    {
        var tariff = Any(random);
        return TariffValidation.Check(tariff).Any(p => p.Code == "minimum.aboveCap") ? tariff with { MinimumCharge = null } : tariff;
    }

    private static Tariff Any(Random random) => new()
    {
        Schema = Core.Tariffs.Tariff.SchemaId,
        Name = "random",
        Day = Any<DayBasis>(random),
        Rounding = new()
        {
            Mode = Any<RoundingMode>(random),
            Unit = random.Next(2) == 0 ? null : Pick(random, 0.01m, 0.1m, 0.5m, 1m)
        },
        Rules = [.. Many(random, 1, 5, i => Rule(random, i))],
        FreeMinutes = [.. Many(random, 0, 2, _ => new FreeMinutes
        {
            AppliesTo = Applies(random), Minutes = random.Next(1, 90),
            Per = Pick(random, Per.Day, Per.Stay), WhenExceeded = Any<WhenExceeded>(random),
            OncePerDays = random.Next(4) == 0 ? random.Next(1, 4) : null,
        }).Select(f => f with { BoundIncluded = f.WhenExceeded == WhenExceeded.Deduct || random.Next(3) > 0 })],
        Caps = [.. Many(random, 0, 3, _ => Cap(random))],
        MidnightFees = [.. Many(random, 0, 1, _ => new MidnightFee { AppliesTo = Applies(random), Price = random.Next(0, 10) })],
        MinimumCharge = random.Next(3) == 0 ? random.Next(1, 10) : null,
        FactorsTogether = Any<FactorsTogether>(random),
        Factors = [.. Many(random, 0, 3, i => new TariffFactor
        {
            Id = $"f{i}",
            AppliesTo = random.Next(3) > 0
                ? new() { Vehicles = [Any<VehicleKind>(random)] }
                : new() { AllGroups = ["staff", .. Many(random, 0, 1, _ => "fleet")] },
            Factor = random.Next(0, 400) / 100m,
            ScaleLimits = random.Next(2) == 0,
        })],
    };

    /// <summary>The tariff with rules for a car that was there before.</summary>
    public static Tariff Returning(Tariff tariff, Random random) => random.Next(4) == 0 ? tariff : tariff with
    {
        Reentry = new Reentry
        {
            WithinMinutes = random.Next(3) == 0 ? null : random.Next(1, 240),
            ShareDayCap = tariff.Day == DayBasis.Calendar && random.Next(2) == 0,
        } is var reentry && reentry.WithinMinutes is null ? reentry : reentry with { TimeAway = Any<TimeAway>(random) },
    };

    /// <summary>Up to three stays before one, each over by the time the next begins; all on whole minutes.</summary>
    public static Stay WithEarlier(Stay stay, Random random)
    {
        List<EarlierStay> earlier = [];
        var next = stay.Entry;
        for (var n = random.Next(4); n > 0; n--)
        {
            var exit = next.AddMinutes(-Pick(random, random.Next(0, 30), random.Next(1, 600), random.Next(1, 3000)));
            next = exit.AddMinutes(-Pick(random, random.Next(1, 60), random.Next(1, 2000)));
            earlier.Insert(0, new(next, exit));
        }
        return stay with { Earlier = earlier };
    }

    private static TariffCap Cap(Random random)
    {
        var (per, from) = (Any<Per>(random), random.Next(48) * 30);
        var like = random.Next(4) == 0;
        return new()
        {
            AppliesTo = Applies(random),
            Amount = like ? null : random.Next(10, 60),
            Like = like ? new() { Rule = "r0", Minutes = random.Next(1, 600) } : null,
            Per = per,
            FromDay = per == Per.Day ? random.Next(1, 4) : 1,
            Window = per == Per.Window ? Window(random, from) : null,
            PeriodMinutes = per == Per.Period ? random.Next(60, 1500) : null,
        };
    }

    public static Stay Stay(Random random)
    {
        var day = Pick(random, new DateTime(2026, 3, 27), new DateTime(2026, 10, 23), new DateTime(2028, 2, 27),
            new DateTime(2026, 1, 1).AddDays(random.Next(366)));
        var entry = new DateTimeOffset(day, TimeSpan.Zero).AddSeconds(random.Next(3 * 86400));
        var seconds = Pick(random,
            random.Next(1, 7200), random.Next(1, 86400), random.Next(1, 20 * 86400), random.Next(1, 50) * 1800);
        return new(entry, entry.AddSeconds(seconds), Any<VehicleKind>(random), Any<PlateColour>(random), random.Next(2) == 0,
            Pick<IReadOnlyList<string>?>(random, null, ["staff"], ["fleet", "staff"]), random.Next(4) == 0);
    }

    /// <summary>The tariff without what may price a unit anew when another rule takes over.</summary>
    public static Tariff LookingBack(Tariff tariff) => tariff with
    {
        Rules = [.. tariff.Rules.Select(r => r.Charge is TimedCharge { Straddle: Straddle.End or Straddle.Split } timed
            ? r with { Charge = timed with { Straddle = Straddle.Start } } : r)],
    };

    private static TariffRule Rule(Random random, int index)
    {
        var from = random.Next(48) * 30;
        return new()
        {
            Id = $"r{index}",
            AppliesTo = Applies(random),
            Window = random.Next(3) == 0 ? null : Window(random, from),
            AfterMinutes = random.Next(6) == 0 ? random.Next(1, 2000) : null,
            Per = Pick(random, Per.Window, Per.Day, Per.Stay),
            Cap = random.Next(3) == 0 ? new() { Amount = random.Next(1, 30), Per = Pick(random, Per.Window, Per.Day, Per.Stay) } : null,
            Charge = random.Next(5) switch
            {
                0 => new FreeCharge(),
                1 => new EntryCharge { Price = random.Next(0, 2000) / 100m },
                _ => new TimedCharge { Stages = Stages(random), Straddle = Any<Straddle>(random) },
            },
        };
    }

    private static DayWindow Window(Random random, int from) =>
        new() { From = new(from), To = new((from + random.Next(1, 48) * 30) % 1440) };

    private static List<Stage> Stages(Random random)
    {
        var stages = new List<Stage>();
        var (until, total) = (0, 0m);
        for (var i = random.Next(4); i > 0; i--)
        {
            until += random.Next(1, 120);
            // Above whatever rates so far can have come to, so that the steps never fall.
            total += random.Next(0, 500) / 100m;
            stages.Add(random.Next(2) == 0 ? new() { UntilMinutes = until, Total = total } : Rate(random, until));
            total += stages[^1].Total is null ? 2000 : 0;
        }
        if (stages.Count == 0 || random.Next(3) > 0)
            stages.Add(Rate(random, null));
        return stages;
    }

    private static Stage Rate(Random random, int? until)
    {
        var (unit, round) = (Pick(random, 1, 7, 15, 30, 60), Any<UnitRounding>(random));
        return new()
        {
            UntilMinutes = until,
            Price = random.Next(0, 1500) / 100m,
            PerMinutes = unit,
            Round = round,
            FreeBelowMinutes = round == UnitRounding.Up && random.Next(3) == 0 ? random.Next(1, unit + 1) : null,
        };
    }

    private static AppliesTo? Applies(Random random) => random.Next(9) switch
    {
        0 => new() { DayTypes = [Any<DayType>(random)] },
        1 => new() { Vehicles = [Any<VehicleKind>(random), Any<VehicleKind>(random)] },
        2 => new() { Weekdays = [.. Many(random, 1, 4, _ => Any<DayOfWeek>(random))] },
        3 => new() { Groups = [.. Many(random, 1, 2, _ => Pick(random, "staff", "fleet"))] },
        4 => new() { ByHand = random.Next(2) == 0 },
        5 => new() { Seasons = [new() { From = new(random.Next(1, 13), 1), To = new(random.Next(1, 13), 28) }] },
        _ => null,
    };

    private static IEnumerable<T> Many<T>(Random random, int min, int max, Func<int, T> make) =>
        Enumerable.Range(0, random.Next(min, max + 1)).Select(make).ToList();

    private static T Pick<T>(Random random, params T[] values) => values[random.Next(values.Length)];

    private static T Any<T>(Random random) where T : struct, Enum => Pick(random, Enum.GetValues<T>());
}
