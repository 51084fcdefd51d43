using System.Globalization;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Finance;

/// <summary>A month before it is open still, and months are closed one after the other.</summary>
/// <param name="Month">The first day of the one that comes next.</param>
public sealed record EarlierMonthOpen(DateOnly Month) : Error("finance.earlier-month-open", Month.ToString("yyyy-MM", CultureInfo.InvariantCulture));

/// <summary>A day of the month is not over, or not proven yet.</summary>
public sealed record MonthNotProven() : Error("finance.month-not-proven");

/// <summary>The entries of a day are others than when it was proven.</summary>
public sealed record DayNotAsProven(DateOnly Day) : Error("finance.day-not-as-proven", Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

/// <summary>The month is closed.</summary>
public sealed record MonthClosed() : Error("finance.month-closed");
