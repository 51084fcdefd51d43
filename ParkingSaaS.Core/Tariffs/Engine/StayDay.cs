using System.Diagnostics;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>A day of the stay as <see cref="Tariff.Day"/> defines it.</summary>
/// <param name="Number">0 is the first.</param>
/// <param name="Date">On which it begins.</param>
/// <param name="From">When it begins; the first with the stay.</param>
/// <param name="Until">When the next begins.</param>
internal readonly record struct StayDay(int Number, DateOnly Date, long From, long Until)
{
    private const long DaySeconds = 24 * 60 * 60;

    public static StayDay At(long now, DayBasis basis, in LocalDay today, DateOnly firstDate, long entry)
    {
        switch (basis)
        {
            case DayBasis.Calendar:
                return new(today.Date.DayNumber - firstDate.DayNumber, today.Date, now, today.End);
            case DayBasis.Rolling24h:
                var number = (int)((now - entry) / DaySeconds);
                return new(number, today.Date, now, entry + (number + 1) * DaySeconds);
            default:
                throw new UnreachableException($"Day {basis}");
        }
    }
}
