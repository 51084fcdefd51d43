using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Calendars;

/// <summary>Lots use the calendar, or it is the city's default while there are others.</summary>
public sealed record CalendarInUse(string Name) : Error("calendars.in-use", Name);

/// <summary>A line of a file of days cannot be read.</summary>
public sealed record BadCalendarLine(int Line) : Error("calendars.bad-line", Line);
