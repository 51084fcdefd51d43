using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Names;

namespace ParkingSaaS.Core.Calendars;

/// <summary>Calendars: which dates are worked, off or special.</summary>
sealed class CalendarsSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(CalendarPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddPermission(CalendarPermissions.Manage, Roles.City)
        .AddNames("calendar", s => s.Db.Set<DayCalendar>().Select(c => c.Name))
        .AddNames("day", s => s.Db.Set<CalendarDay>().Where(d => d.Name != "").Select(d => d.Name))
        .AddSingleton<CalendarsInForce>()
        .AddSingleton<SaveCalendar>()
        .AddSingleton<SaveYear>()
        .AddSingleton<UseCalendar>()
        .AddSingleton<RemoveCalendar>();
}
