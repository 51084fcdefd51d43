using System.Text;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Calendars;

/// <summary>The pages of calendars, and their days as files.</summary>
sealed class CalendarsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
        [new(MenuGroup.Resources, 305, "calendars", "Calendars", Icons.Material.Outlined.CalendarMonth, CalendarPermissions.View)];

    public void AddServices(IServiceCollection services, Settings settings) =>
        services.AddSingleton(new LotPart(40, typeof(LotCalendarPart), CalendarPermissions.View));

    public void MapEndpoints(IEndpointRouteBuilder app) =>
        app.MapGet("/calendars/{id:guid}/{year:int}.csv", async (HttpContext http, Guid id, int year, CitySessions sessions, Principals principals,
            CityNames names, CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), CalendarPermissions.View, ct);
            if (await s.Db.Set<DayCalendar>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct) is not { } calendar)
                return Results.NotFound();
            var days = await s.Db.Set<CalendarDay>().Where(d => d.CalendarId == id && d.Date.Year == year)
                .Select(d => new PaintedDay(d.Date, d.Kind, d.Name)).ToListAsync(ct);
            return Results.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(CalendarFile.Write(days))], "text/csv; charset=utf-8",
                $"{names.Of(s.City, calendar.Name)} {year}.csv");
        }).RequireAuthorization(CalendarPermissions.View);
}
