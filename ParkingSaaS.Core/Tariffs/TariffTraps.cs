using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>What a valid tariff does that is seldom meant.</summary>
public enum TrapKind
{
    /// <summary>A rule over midnight, or its limit, that starts afresh at midnight: one night counts as two.</summary>
    NightInTwo,

    /// <summary>Times that no rule prices, for some vehicles on some days.</summary>
    Gap,

    /// <summary>A rule that others before it always hide, or whose conditions never hold together.</summary>
    NeverApplies,

    /// <summary>A limit that is reached before the first price is paid in full.</summary>
    LimitBelowFirstPrice,

    /// <summary>A unit that is priced anew when another rule takes over, so that a minute more costs less.</summary>
    LongerIsCheaper,

    /// <summary>Free minutes that last longer than the first stage, which nobody then pays by itself.</summary>
    FreeBeyondFirstStage,
}

/// <summary>A warning: the tariff may be published all the same.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">JSON pointer of the field to look at.</param>
/// <param name="Rule">The rule's name, else its id; null where it is about none.</param>
/// <param name="Figures">Times or amounts that show it.</param>
/// <param name="Vehicle">Whom it is about; null for all.</param>
public sealed record TariffTrap(TrapKind Kind, string Path, string? Rule, string Figures = "", VehicleKind? Vehicle = null);

/// <summary>Looks for what a reader of the tariff would not expect.</summary>
public static class TariffTraps
{
    /// <param name="tariff">A valid tariff.</param>
    public static IReadOnlyList<TariffTrap> Find(Tariff tariff)
    {
        var reach = new RuleReach(tariff);
        return [.. Nights(tariff), .. Gaps(reach), .. Hidden(tariff, reach), .. Limits(tariff, reach), .. Cheaper(tariff), .. Free(tariff, reach)];
    }

    private static IEnumerable<TariffTrap> Nights(Tariff tariff)
    {
        if (tariff.Day is DayBasis.Rolling24h)
            yield break;
        for (var i = 0; i < tariff.Rules.Count; i++)
        {
            if (tariff.Rules[i] is not { Window.CrossesMidnight: true, Charge: not FreeCharge } rule)
                continue;
            if (rule.Per is Per.Day)
                yield return new(TrapKind.NightInTwo, $"/rules/{i}/per", NameOf(rule), $"{rule.Window}");
            if (rule.Cap is { Per: Per.Day })
                yield return new(TrapKind.NightInTwo, $"/rules/{i}/cap/per", NameOf(rule), $"{rule.Window}");
        }
    }

    private static IEnumerable<TariffTrap> Gaps(RuleReach reach)
    {
        var gaps = reach.Gaps.ToList();
        return gaps.Count == Enum.GetValues<VehicleKind>().Length && gaps.All(g => g.Times == gaps[0].Times)
            ? [new(TrapKind.Gap, "/rules", null, gaps[0].Times)]
            : gaps.Select(g => new TariffTrap(TrapKind.Gap, "/rules", null, g.Times, g.Vehicle));
    }

    private static IEnumerable<TariffTrap> Hidden(Tariff tariff, RuleReach reach) =>
        from i in Enumerable.Range(0, tariff.Rules.Count)
        where !reach.Reaches(i)
        select new TariffTrap(TrapKind.NeverApplies, $"/rules/{i}", NameOf(tariff.Rules[i]));

    private static IEnumerable<TariffTrap> Limits(Tariff tariff, RuleReach reach)
    {
        for (var i = 0; i < tariff.Rules.Count; i++)
            if (tariff.Rules[i] is { Cap: { } cap } rule && cap.Amount < FirstPrice(rule.Charge))
                yield return Below($"/rules/{i}/cap/amount", rule, cap.Amount);
        for (var i = 0; i < tariff.Caps.Count; i++)
        {
            var cap = tariff.Caps[i];
            var hit = tariff.Rules.Where((rule, r) => reach.Reaches(r) && cap.Amount < FirstPrice(rule.Charge)
                && Meet(cap.AppliesTo, rule.AppliesTo) && Meet(cap.Window, rule.Window)).FirstOrDefault();
            if (hit is not null)
                yield return Below($"/caps/{i}/amount", hit, cap.Amount!.Value);
        }

        TariffTrap Below(string path, TariffRule rule, decimal limit) => new(TrapKind.LimitBelowFirstPrice, path, NameOf(rule),
            $"{tariff.Currency.Text(limit)} < {tariff.Currency.Text(FirstPrice(rule.Charge))}");
    }

    /// <summary>By the engine itself: only a unit that looks ahead can do it, and only just after another rule has taken over.</summary>
    private static IEnumerable<TariffTrap> Cheaper(Tariff tariff)
    {
        int[] before = [1, 10, 20, 30, 40, 50, 59, 61, 75, 90, 119, 150];
        int[] changes = [.. tariff.Rules.Where(r => r.Window is not null).SelectMany(r => new[] { r.Window!.From.Minutes, r.Window.To.Minutes % 1440 })
            .Append(0).Distinct()];
        for (var i = 0; i < tariff.Rules.Count; i++)
        {
            var rule = tariff.Rules[i];
            if (rule.Charge is not TimedCharge { Straddle: Straddle.End or Straddle.Split })
                continue;
            var found = (
                from vehicle in Enum.GetValues<VehicleKind>()
                from day in Days
                from change in changes
                from minutes in before
                let exit = day.AddMinutes(change)
                let entry = exit.AddMinutes(-minutes)
                let first = FeeOf(entry, exit, vehicle)
                where first.Lines.Any(l => l.Rule == rule.Id)
                let longer = FeeOf(entry, exit.AddMinutes(1), vehicle)
                where longer.Amount < first.Amount
                select new TariffTrap(TrapKind.LongerIsCheaper, $"/rules/{i}/charge/straddle", NameOf(rule),
                    $"{entry:HH:mm}–{exit:HH:mm} {tariff.Currency.Text(first.Amount)}, –{exit.AddMinutes(1):HH:mm} {tariff.Currency.Text(longer.Amount)}"))
                .FirstOrDefault();
            if (found is not null)
                yield return found;
        }

        FeeQuote FeeOf(DateTimeOffset entry, DateTimeOffset exit, VehicleKind vehicle) =>
            FeeEngine.Quote(tariff, DayTypes.Weekends, TimeZoneInfo.Utc, new Stay(entry, exit, vehicle));
    }

    /// <summary>A Wednesday and a Saturday, in winter and in summer.</summary>
    private static readonly DateTimeOffset[] Days =
        [.. new[] { "2026-01-14", "2026-01-17", "2026-07-15", "2026-07-18" }.Select(d => new DateTimeOffset(DateOnly.ParseExact(d, "O"), default, default))];

    private static IEnumerable<TariffTrap> Free(Tariff tariff, RuleReach reach)
    {
        for (var i = 0; i < tariff.FreeMinutes.Count; i++)
        {
            // Those that stay free come before the first stage, whatever its length.
            if (tariff.FreeMinutes[i] is not { WhenExceeded: WhenExceeded.Charge } free)
                continue;
            var hit = tariff.Rules.Where((rule, r) => reach.Reaches(r) && FirstStage(rule.Charge) < free.Minutes && Meet(free.AppliesTo, rule.AppliesTo))
                .FirstOrDefault();
            if (hit is not null)
                yield return new(TrapKind.FreeBeyondFirstStage, $"/freeMinutes/{i}/minutes", NameOf(hit), $"{free.Minutes} > {FirstStage(hit.Charge)}");
        }
    }

    private static string NameOf(TariffRule rule) => rule.Name ?? rule.Id;

    /// <summary>What the first thing costs that costs anything; of a price by the minute that is its first minute's share.</summary>
    private static decimal FirstPrice(Charge charge) => charge switch
    {
        EntryCharge entry => entry.Price,
        TimedCharge timed => timed.Stages.Select(s => s.Total ?? (s.Round is UnitRounding.ProRata ? s.Price / s.PerMinutes : s.Price) ?? 0)
            .FirstOrDefault(price => price > 0),
        _ => 0,
    };

    /// <summary>In minutes: of a rate without an end its first unit. Null where nothing is charged by time.</summary>
    private static int? FirstStage(Charge charge) =>
        charge is TimedCharge { Stages: [var first, ..] } ? first.UntilMinutes ?? first.PerMinutes : null;

    /// <summary>Whether there may be a vehicle and a date for which both hold. Where only the calendar or a group knows, there may.</summary>
    private static bool Meet(AppliesTo? one, AppliesTo? other) => one is null || other is null
        || Share(one.Vehicles, other.Vehicles) && Share(one.Colours, other.Colours)
        && Share(one.DayTypes, other.DayTypes) && Share(one.Weekdays, other.Weekdays)
        && (one.NewEnergy ?? other.NewEnergy) == (other.NewEnergy ?? one.NewEnergy)
        && (one.ByHand ?? other.ByHand) == (other.ByHand ?? one.ByHand);

    private static bool Share<T>(IReadOnlyList<T> one, IReadOnlyList<T> other) => one.Count == 0 || other.Count == 0 || one.Intersect(other).Any();

    private static bool Meet(DayWindow? one, DayWindow? other) => one is null || other is null
        || one.Holds(other.From.Minutes) || other.Holds(one.From.Minutes);
}
