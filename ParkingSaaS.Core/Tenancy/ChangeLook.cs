using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>How a city's pages look.</summary>
/// <param name="Accent">See <see cref="City.Accent"/>.</param>
/// <param name="Province">See <see cref="City.Province"/>.</param>
public sealed record CityLook(CityAccent Accent, string? Province);

/// <summary>A city chooses how its pages look. Other nodes show it within <see cref="CityRefresh.Interval"/>.</summary>
public sealed class ChangeLook(CitySessions sessions, ControlDatabase control, CityDirectory directory)
{
    /// <exception cref="AccessDeniedException">The actor may not choose for the city.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, CityLook look, CancellationToken ct)
    {
        await using (await sessions.OpenAsync(actor, TenancyPermissions.ChangeLook, ct))
        {
            if (!Enum.IsDefined(look.Accent))
                return new InvalidField(nameof(look.Accent), "invalid");
            if (look.Province is not null && !Provinces.Has(look.Province))
                return new InvalidField(nameof(look.Province), "invalid");
            // The row lies with the platform; the city's own door says whose it is, and whether this person may.
            await using var db = control.Open();
            var city = await db.Set<City>().FirstAsync(c => c.Code == actor.City, ct);
            (city.Accent, city.Province) = (look.Accent, look.Province);
            await db.SaveChangesAsync(ct);
        }
        await directory.RefreshAsync(ct);
        return new Done();
    }
}
