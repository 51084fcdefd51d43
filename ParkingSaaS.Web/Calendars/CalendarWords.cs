using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Calendars;

/// <summary>How pages of calendars word things.</summary>
static class CalendarWords
{
    /// How many dates a question names.
    const int MaxNamed = 5;

    /// <summary>Whose price changes with days that have been, and whose does not.</summary>
    public static string Of(this IStringLocalizer<Texts> texts, RepaintedStays touched)
    {
        var days = texts.List(touched.Days.Take(MaxNamed).Select(d => Show.Day(d))) + (touched.Days.Count > MaxNamed ? " …" : "");
        return string.Join(" ", new string[]
        {
            texts["{0} days up to today change their type: {1}.", touched.Days.Count, days],
            texts["{0} cars that are in now were there on them: they are priced by the new days when they leave.", touched.Parked],
            touched.WithoutExit > 0
                ? texts["{0} stays without an exit are priced by the new days when somebody settles them.", touched.WithoutExit] : "",
            texts["Finished stays, and fees that were already asked for, do not change."]
        }.Where(sentence => sentence.Length > 0));
    }
}
