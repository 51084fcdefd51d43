using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Calendars;

/// <summary>Lots use the calendar, or it is the city's default while there are others.</summary>
public sealed record CalendarInUse(string Name) : Error("calendars.in-use", new GivenName(Name));

/// <summary>A line of a file of days cannot be read.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Cell"><c>date</c>, <c>type</c> or <c>name</c>.</param>
/// <param name="Text">What stands there.</param>
public sealed record BadCalendarLine(int Line, string Cell, string Text) : Error($"calendars.bad-{Cell}", Line, Text);
