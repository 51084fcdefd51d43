using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>A city chooses the colour of its pages. Other nodes show it within <see cref="CityRefresh.Interval"/>.</summary>
public sealed class ChangeAccent(CitySessions sessions, ControlDatabase control, CityDirectory directory)
{
    /// <exception cref="AccessDeniedException">The actor may not choose for the city.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, CityAccent accent, CancellationToken ct)
    {
        await using (await sessions.OpenAsync(actor, TenancyPermissions.ChangeLook, ct))
        {
            // The row lies with the platform; the city's own door says whose it is, and whether this person may.
            await using var db = control.Open();
            var city = await db.Set<City>().FirstAsync(c => c.Code == actor.City, ct);
            city.Accent = accent;
            await db.SaveChangesAsync(ct);
        }
        await directory.RefreshAsync(ct);
        return new Done();
    }
}
