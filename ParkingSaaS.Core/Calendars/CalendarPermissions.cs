namespace ParkingSaaS.Core.Calendars;

/// <summary>The rights that this slice checks. Days decide prices, so only the city's own people change them.</summary>
public static class CalendarPermissions
{
    /// <summary>See the calendars and who changed them.</summary>
    public const string View = "calendars.view";

    /// <summary>Add, change and remove calendars, and say which one a lot uses. Takes somebody who sees the whole city.</summary>
    public const string Manage = "calendars.manage";
}
