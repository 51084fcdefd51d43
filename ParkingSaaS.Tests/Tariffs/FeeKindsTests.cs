using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Serialization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Every charge mode, and every value of what a tariff chooses from, has a price or is refused. What the engine does not know is a
/// fault: taken for the next best, it would be a wrong fee that nobody notices.</summary>
public sealed class FeeKindsTests
{
    private sealed record ForgottenCharge : Charge;

    private static readonly Tariff Plain = Tariff("""
        {"id":"day","window":{"from":"08:00","to":"20:00"},"charge":{"mode":"timed","stages":[{"price":3,"perMinutes":60}]},"cap":{"amount":30}},
        {"id":"night","charge":{"mode":"timed","stages":[{"price":1,"perMinutes":60}]}}
        """,
        """ "freeMinutes":[{"minutes":5}],"reentry":{"withinMinutes":60},"factors":[{"id":"f","factor":2}] """);

    /// <summary>Over the seam between two rules within a unit, over midnight, and by a car that is back.</summary>
    private static readonly Stay Long = new(Instant("2026-11-18 09:10:00", Shanghai), Instant("2026-11-19 21:15:00", Shanghai),
        Earlier: [new(Instant("2026-11-18 08:00:00", Shanghai), Instant("2026-11-18 09:00:00", Shanghai))]);

    private static readonly (Charge Charge, decimal Hour)[] Modes =
    [
        (new FreeCharge(), 0),
        (new EntryCharge { Price = 7 }, 7),
        (new TimedCharge { Stages = [new() { Price = 3, PerMinutes = 30 }] }, 6),
    ];

    private static readonly Dictionary<string, (Array Values, Func<object, Tariff> With)> Choices = new()
    {
        ["unit rounding"] = Of<UnitRounding>(v => Day(r => r with
        {
            Charge = new TimedCharge { Stages = [new() { Price = 3, PerMinutes = 60, Round = v }] },
        })),
        ["straddle"] = Of<Straddle>(v => Day(r => r with { Charge = (TimedCharge)r.Charge with { Straddle = v } })),
        ["rule per"] = Of<Per>(v => Day(r => r with { Per = v })),
        ["rule's cap per"] = Of<Per>(v => Day(r => r with { Cap = new() { Amount = 30, Per = v } })),
        ["cap per"] = Of<Per>(v => Plain with { Caps = [Cap(v)] }),
        ["free minutes per"] = Of<Per>(v => Plain with { FreeMinutes = [new() { Minutes = 5, Per = v }] }),
        ["when exceeded"] = Of<WhenExceeded>(v => Plain with { FreeMinutes = [new() { Minutes = 5, WhenExceeded = v }] }),
        ["day"] = Of<DayBasis>(v => Plain with { Day = v }),
        ["time away"] = Of<TimeAway>(v => Plain with { Reentry = new() { WithinMinutes = 60, TimeAway = v } }),
        ["factors together"] = Of<FactorsTogether>(v => Plain with { FactorsTogether = v }),
        ["rounding"] = Of<RoundingMode>(v => Plain with { Rounding = new() { Mode = v } }),
    };

    public static TheoryData<string> Chosen => [.. Choices.Keys];

    [Fact]
    public void Every_charge_mode_is_priced()
    {
        var modes = typeof(Charge).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Charge))).OrderBy(t => t.Name).ToList();
        Assert.Equal(modes, typeof(Charge).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType).OrderBy(t => t.Name));
        Assert.Equal(modes, Modes.Select(m => m.Charge.GetType()).OrderBy(t => t.Name));
        Assert.All(Modes, mode =>
        {
            var tariff = With(mode.Charge);
            Assert.Empty(TariffValidation.Check(tariff));
            Assert.Equal(mode.Hour, StageMath.Cost(mode.Charge, 3600, 1));
            Assert.Equal(mode.Hour, Quote(tariff, "2026-11-18 10:00", "2026-11-18 11:00").Amount);
        });
    }

    [Fact]
    public void A_forgotten_charge_mode_is_a_fault_and_not_free()
    {
        var tariff = With(new ForgottenCharge());
        Assert.Throws<UnreachableException>(() => TariffValidation.Check(tariff));
        Assert.Throws<UnreachableException>(() => StageMath.Cost(new ForgottenCharge(), 3600, 1));
        Assert.Throws<UnreachableException>(() => Quote(tariff, Long));
    }

    [Theory]
    [MemberData(nameof(Chosen))]
    public void Every_value_is_priced_or_refused(string choice)
    {
        foreach (var value in Choices[choice].Values)
        {
            var tariff = Choices[choice].With(value);
            if (TariffValidation.Check(tariff).Count == 0)
                Assert.Null(Quote(tariff, Long).Problem);
        }
    }

    [Theory]
    [MemberData(nameof(Chosen))]
    public void An_unknown_value_is_a_fault(string choice) =>
        Assert.Throws<UnreachableException>(() => Quote(Choices[choice].With(99), Long));

    [Fact]
    public void Every_cap_is_kept() => Assert.All(Enum.GetValues<Per>(), per =>
        Assert.True(Quote(Plain with { Caps = [Cap(per)] }, Long).Amount < Quote(Plain, Long).Amount));

    private static Tariff With(Charge charge) => Plain with { Rules = [new() { Id = "r", Charge = charge }], Factors = [], FreeMinutes = [] };

    private static Tariff Day(Func<TariffRule, TariffRule> change) => Plain with { Rules = [change(Plain.Rules[0]), Plain.Rules[1]] };

    private static TariffCap Cap(Per per) => new()
    {
        Amount = 5,
        Per = per,
        Window = per == Per.Window ? new() { From = new(10, 0), To = new(18, 0) } : null,
        PeriodMinutes = per == Per.Period ? 600 : null,
    };

    private static (Array, Func<object, Tariff>) Of<T>(Func<T, Tariff> with) where T : struct, Enum =>
        (Enum.GetValues<T>(), value => with((T)Enum.ToObject(typeof(T), value)));
}
