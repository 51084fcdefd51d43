using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>A stretch of one date in which one rule is in force.</summary>
/// <param name="Date">The local date.</param>
/// <param name="From">Minutes of the clock at its beginning.</param>
/// <param name="To">Minutes of the clock at its end.</param>
/// <param name="Rule">The rule; null where none applies.</param>
public sealed record RateStretch(DateOnly Date, int From, int To, TariffRule? Rule);

/// <summary>Which rule is in force when: a week as a picture shows it.</summary>
public static class TariffWeek
{
    /// <summary>Seven dates, for a vehicle that has just come: rules for longer stays are left out.</summary>
    public static IReadOnlyList<RateStretch> Of(Tariff tariff, DayTypes dayTypes, DateOnly first, VehicleKind vehicle, PlateColour colour, bool newEnergy)
    {
        // The engine itself says it, for a tariff without anything that moves or hides a rule's time.
        var rules = tariff.Rules.Where(r => r.AfterMinutes is null).ToList();
        var plain = new Tariff
        {
            Schema = tariff.Schema,
            Name = tariff.Name,
            Rules = [.. rules.Select(r => r with { Charge = new EntryCharge { Price = 0 }, Cap = null })],
        };
        var start = new DateTimeOffset(first.ToDateTime(default), TimeSpan.Zero);
        var stretches = new List<RateStretch>();
        foreach (var line in FeeEngine.Quote(plain, dayTypes, TimeZoneInfo.Utc, new Stay(start, start.AddDays(7), vehicle, colour, newEnergy)).Lines)
            for (var from = line.From; from < line.To;)
            {
                var midnight = new DateTimeOffset(from.Date.AddDays(1), TimeSpan.Zero);
                var to = line.To < midnight ? line.To : midnight;
                stretches.Add(new(DateOnly.FromDateTime(from.Date), (int)from.TimeOfDay.TotalMinutes, (int)(to - from.Date).TotalMinutes,
                    rules.Find(r => r.Id == line.Rule)));
                from = to;
            }
        return stretches;
    }
}
