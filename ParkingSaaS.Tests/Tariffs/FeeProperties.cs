using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>What holds for every valid tariff and every stay, on random ones: <c>FEE_RUNS</c> of them.</summary>
public sealed class FeeProperties
{
    private static void ForAll(Action<Tariff, Stay, TimeZoneInfo, Random> holds, int? runs = null) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var tariff = RandomTariffs.Tariff(random);
            Assert.Empty(TariffValidation.Check(tariff));
            var zone = random.Next(2) == 0 ? Fees.Shanghai : Fees.Berlin;
            holds(tariff, RandomTariffs.Stay(random), zone, random);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(runs ?? Number("FEE_RUNS", 1500)));

    [Fact]
    public void A_fee_is_never_negative_and_its_lines_sum_to_it() =>
        ForAll((tariff, stay, zone, _) => Assert.Null(Fees.Quote(tariff, stay, zone).Problem));

    [Fact]
    public void The_same_stay_costs_the_same() => ForAll((tariff, stay, zone, _) =>
    {
        var again = TariffJson.Read(TariffJson.Write(tariff)).Tariff!;
        Assert.Equal(Json(Fees.Quote(tariff, stay, zone)), Json(Fees.Quote(again, stay, zone)));
    });

    [Fact]
    public void A_longer_stay_never_costs_less() => ForAll((tariff, stay, zone, random) =>
    {
        tariff = RandomTariffs.LookingBack(tariff);
        var longer = stay with { Exit = stay.Exit.AddSeconds(random.Next(3) == 0 ? random.Next(200_000) : 60) };
        Assert.True(Fees.Quote(tariff, stay, zone).Amount <= Fees.Quote(tariff, longer, zone).Amount);
    });

    [Fact]
    public void Time_is_covered_without_gap_or_overlap() => ForAll((tariff, stay, zone, _) =>
    {
        var at = stay.Entry;
        foreach (var line in Fees.Quote(tariff, stay, zone).Lines)
        {
            if (line.Code is FeeLineCode.RuleCap or FeeLineCode.WindowCap or FeeLineCode.PeriodCap or FeeLineCode.DayCap or
                FeeLineCode.Midnight or FeeLineCode.StayCap or FeeLineCode.Minimum or FeeLineCode.Rounding)
                continue;
            Assert.Equal(at, line.From);
            at = line.To;
        }
        Assert.Equal(stay.Exit, at);
    });

    [Fact]
    public void Caps_hold() => ForAll((tariff, stay, zone, random) =>
    {
        var cap = random.Next(0, 40);
        tariff = tariff with { Caps = [new() { Amount = cap, Per = Per.Stay }], MinimumCharge = null, Rounding = new() };
        Assert.True(Fees.Quote(tariff with { Factors = [] }, stay, zone).Amount <= cap);
        tariff = tariff with { Caps = [new() { Amount = cap, Per = Per.Day }], Day = DayBasis.Rolling24h };
        var days = (decimal)Math.Ceiling((stay.Exit - stay.Entry).TotalDays);
        Assert.True(Fees.Quote(tariff with { Factors = [] }, stay, zone).Amount <= cap * days);
    });

    [Fact]
    public void Without_limits_it_never_matters_where_a_day_is_cut() => ForAll((tariff, stay, zone, _) =>
    {
        // With clocks that run through the stay, days matter only to caps and to free minutes per day.
        tariff = RandomTariffs.LookingBack(tariff);
        tariff = tariff with
        {
            Rules = [.. tariff.Rules.Select(r => r with { Per = Per.Stay, Cap = null })],
            Caps = [],
            FreeMinutes = [],
        };
        Assert.Equal(
            Fees.Quote(tariff with { Day = DayBasis.Calendar }, stay, zone).Amount,
            Fees.Quote(tariff with { Day = DayBasis.Rolling24h }, stay, zone).Amount);
    });

    /// <summary>Stays on whole minutes, which is what the reference knows. <c>FEE_CASES=20000</c> hunts longer.</summary>
    [Fact]
    public void The_engine_agrees_with_a_walk_by_minutes() => ForAll((tariff, stay, zone, random) =>
    {
        tariff = RandomTariffs.Returning(tariff, random);
        var entry = stay.Entry.AddSeconds(-stay.Entry.Second);
        stay = RandomTariffs.WithEarlier(stay with { Entry = entry, Exit = entry.AddMinutes(random.Next(1, 4000)) }, random);
        var calendar = new DayTypes([], [], [DateOnly.FromDateTime(entry.Date)]);
        var (expected, quote) = (new MinuteReference(tariff, calendar, zone, stay).Fee(), FeeEngine.Quote(tariff, calendar, zone, stay));
        Assert.Equal(quote.Amount, quote.Lines.Sum(l => l.Amount));
        Assert.True(expected == quote.Amount,
            $"{expected} by minutes, {quote.Amount} by the engine\n{stay} in {zone.Id}\n{TariffJson.Write(tariff)}\n{Json(quote)}");
    }, Number("FEE_CASES", 500));

    /// <summary>A rate that goes on under another name: where it changes hands is not to be seen in the fee.</summary>
    [Fact]
    public void A_unit_that_straddles_costs_what_it_costs_within_one_rule() => ForAll((_, stay, zone, random) =>
    {
        var (cut, unit) = (random.Next(1, 48) * 30, Pick(1, 7, 15, 30, 60));
        var charge = new TimedCharge
        {
            Stages = [new() { Price = random.Next(1, 1500) / 100m, PerMinutes = unit, Round = UnitRounding.Up }],
            Straddle = Pick(Straddle.Start, Straddle.End, Straddle.Split),
        };
        TariffRule Rule(string id, int from, int to) =>
            new() { Id = id, Window = new() { From = new(from), To = new(to) }, Per = Per.Stay, Charge = charge };
        var whole = Plain([new() { Id = "whole", Per = Per.Stay, Charge = charge }]);
        var parts = Plain([Rule("morning", 0, cut), Rule("evening", cut, 1440)]);
        // Within one date: a rule that comes back goes on with the unit that it had left. And of a unit that is shared by time
        // nobody pays what lies after the exit.
        var length = TimeSpan.FromSeconds(random.Next(1, 86400));
        if (charge.Straddle is Straddle.Split)
            length = TimeSpan.FromMinutes(unit) * random.Next(1, 1440 / unit + 1);
        stay = stay with { Exit = stay.Entry + length };
        if (DateOf(stay.Entry) == DateOf(stay.Exit))
            Assert.Equal(Exact(whole, stay, zone).Amount, Exact(parts, stay, zone).Amount, 4);

        DateOnly DateOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        T Pick<T>(params T[] values) => values[random.Next(values.Length)];
    });

    /// <summary>Where units are cut at a boundary and nothing counts over it, two stays cost what one does.</summary>
    [Fact]
    public void A_stay_may_be_split_where_a_rule_ends() => ForAll((tariff, stay, zone, random) =>
    {
        var rules = Plain([.. tariff.Rules.Select(r => r with { Per = Per.Window, AfterMinutes = null, Cap = null, Charge = Cut(r.Charge) })]);
        tariff = rules with { Day = DayBasis.Calendar, Factors = tariff.Factors };
        var quote = Exact(tariff, stay, zone);
        var borders = quote.Lines.Zip(quote.Lines.Skip(1)).Where(l => l.First.Rule != l.Second.Rule).Select(l => l.Second.From).Distinct().ToList();
        if (borders.Count == 0)
            return;
        var border = borders[random.Next(borders.Count)];
        var (first, second) = (Exact(tariff, stay with { Exit = border }, zone), Exact(tariff, stay with { Entry = border }, zone));
        // a rule that is left for another in the middle of its window goes on with its clock, so only what lies outside is cut
        if (first.Lines.Select(l => l.Rule).Intersect(second.Lines.Select(l => l.Rule)).Any(r => r is not null))
            return;
        Assert.Equal(quote.Amount, first.Amount + second.Amount);

        static Charge Cut(Charge charge) => charge is TimedCharge timed ? timed with { Straddle = Straddle.Cut } : charge;
    });

    /// <summary>Rules alone, and a total that is not rounded.</summary>
    private static Tariff Plain(IReadOnlyList<TariffRule> rules) =>
        new() { Schema = Tariff.SchemaId, Name = "plain", Rules = rules, Rounding = new() { Unit = 0.000001m } };

    private static FeeQuote Exact(Tariff tariff, Stay stay, TimeZoneInfo zone) => FeeEngine.Quote(tariff, DayTypes.Weekends, zone, stay);

    /// <summary>The off-street template written by hand.</summary>
    [Fact]
    public void The_engine_agrees_with_a_tariff_written_by_hand() => ForAll((_, stay, zone, _) =>
    {
        var template = TariffTemplate.All.Single(t => t.Id == "off-street").Tariff;
        Assert.Equal(ByHand((stay.Exit - stay.Entry).TotalSeconds, stay.NewEnergy), Fees.Quote(template, stay, zone).Amount);
    });

    private static decimal ByHand(double seconds, bool newEnergy)
    {
        if (seconds <= 15 * 60)
            return 0;
        var fee = 0m;
        for (; seconds > 0; seconds -= 86400)
        {
            var day = Math.Min(seconds, 86400);
            fee += Math.Min(30, (newEnergy ? 0 : 5) + 2 * (decimal)Math.Ceiling(Math.Max(0, day - 3600) / 1800));
        }
        return fee;
    }

    private static int Number(string variable, int unlessSet) =>
        Environment.GetEnvironmentVariable(variable) is { } set ? int.Parse(set, System.Globalization.CultureInfo.InvariantCulture) : unlessSet;

    private static string Json(FeeQuote quote) => JsonSerializer.Serialize(quote, TariffJson.Options);
}
