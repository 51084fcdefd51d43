using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;

namespace ParkingSaaS.Core.Calendars;

/// <summary>Calendars: which dates are worked, off or special.</summary>
static class CalendarsSlice
{
    public static IServiceCollection AddCalendars(this IServiceCollection services) => services
        .AddPermission(CalendarPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddPermission(CalendarPermissions.Manage, Roles.City)
        .AddSingleton<CalendarsInForce>()
        .AddSingleton<SaveCalendar>()
        .AddSingleton<SaveYear>()
        .AddSingleton<UseCalendar>()
        .AddSingleton<RemoveCalendar>();
}
