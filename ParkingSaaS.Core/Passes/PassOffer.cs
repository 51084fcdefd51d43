using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Passes;

/// <summary>What some terms of a product come to: dates, both included, and price.</summary>
/// <param name="From">The first day.</param>
/// <param name="Until">The last day, with those that are given.</param>
/// <param name="ListPrice">Before the discount.</param>
public sealed record PassOffer(DateOnly From, DateOnly Until, Money ListPrice, Money Discount)
{
    /// <summary>What is to be paid.</summary>
    public Money Price => ListPrice - Discount;

    /// <summary>The day of the month that a term after it begins on, where the month of its end is too short for that; null where it
    /// begins on the day after.</summary>
    public int? TermDay { get; private init; }

    /// <summary>How many days that buys.</summary>
    public int Days => Until.DayNumber - From.DayNumber + 1;

    /// <summary>Works out dates and price. Amounts are rounded to the minor unit, halves up: once the price, once the discount.</summary>
    /// <param name="from">The first day.</param>
    /// <param name="terms">How many terms, 1 or more.</param>
    /// <param name="termDay">What the terms before said, which end on the day before; null where there are none.</param>
    public static PassOffer Of(PassProduct product, DateOnly from, int terms, int? termDay = null)
    {
        var day = termDay ?? from.Day;
        var months = product.Term switch { PassTerm.Month => 1, PassTerm.Quarter => 3, PassTerm.Year => 12, _ => 0 };
        var (until, count) = months == 0 ? (from.AddDays(terms - 1), (decimal)terms)
            : product.Natural ? Natural(from, terms, months)
            : (Rolled(from, terms * months, day), terms);
        var list = Round(product.Price.Minor * count);
        if (!(product.OfferTerms <= terms))
            return new PassOffer(from, until, list, Money.Zero) { TermDay = TermDayAfter(until) };
        return new PassOffer(from, until.AddDays(product.OfferDays), list, Round(list.Minor * product.OfferPercent / 100m))
        {
            TermDay = product.OfferDays == 0 ? TermDayAfter(until) : null
        };

        int? TermDayAfter(DateOnly last) => months > 0 && !product.Natural && last.AddDays(1).Day == 1 && day > last.Day ? day : null;
    }

    /// <summary>A fraction of a minor unit as whole ones, halves up.</summary>
    internal static Money Round(decimal minor) => new(decimal.ToInt64(decimal.Round(minor, MidpointRounding.AwayFromZero)));

    /// <summary>The day before that day of the month, some months on; where the month does not have it, the month's last. The first of a
    /// month stands for a day that the month before does not have.</summary>
    static DateOnly Rolled(DateOnly from, int months, int day)
    {
        var begun = from.Day < day ? from.AddDays(-1) : from;
        var month = new DateOnly(begun.Year, begun.Month, 1).AddMonths(months);
        return month.AddDays(Math.Min(day - 2, DateTime.DaysInMonth(month.Year, month.Month) - 1));
    }

    /// <summary>The calendar's month, quarter or year, and those that follow. Of the first only the days that are left count.</summary>
    static (DateOnly Until, decimal Count) Natural(DateOnly from, int terms, int months)
    {
        var first = new DateOnly(from.Year, (from.Month - 1) / months * months + 1, 1);
        var second = first.AddMonths(months);
        var share = (decimal)(second.DayNumber - from.DayNumber) / (second.DayNumber - first.DayNumber);
        return (first.AddMonths(terms * months).AddDays(-1), terms - 1 + share);
    }
}
