using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>Which cities there are, kept in memory because every request and every device asks. The control database is the
/// truth; it is read again when a city is added here, and when an unknown one is asked for (another node may have added it).</summary>
public sealed class CityDirectory(ControlDatabase control, TimeProvider clock)
{
    static readonly TimeSpan QuietAfterMiss = TimeSpan.FromSeconds(5);
    volatile IReadOnlyList<City> cities = [];
    long readAt;

    /// <summary>The cities that people and devices may sign in to.</summary>
    public IReadOnlyList<City> Active => [.. cities.Where(c => c.State is CityState.Active)];

    /// <summary>Reads the control database again.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        Interlocked.Exchange(ref readAt, clock.GetTimestamp());
        await using var db = control.Open();
        cities = await db.Cities.AsNoTracking().OrderBy(c => c.CreatedAt).ToListAsync(ct);
    }

    /// <summary>The active city of that code.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public City Get(string code) => Find(code) ?? throw new KeyNotFoundException($"There is no active city {code}");

    /// <summary>The active city of that code, or null.</summary>
    public City? Find(string code) => cities.FirstOrDefault(c => c.Code == code && c.State is CityState.Active);

    /// <summary>The active city of that host name, or null.</summary>
    public City? FindByHost(string host) =>
        cities.FirstOrDefault(c => c.State is CityState.Active && string.Equals(c.HostName, host, StringComparison.OrdinalIgnoreCase));

    /// <summary>Like <see cref="Find"/>; on a miss it reads the control database again, at most every five seconds.</summary>
    public async ValueTask<City?> FindAsync(string code, CancellationToken ct)
    {
        if (Find(code) is { } city)
            return city;
        if (clock.GetElapsedTime(Interlocked.Read(ref readAt)) < QuietAfterMiss)
            return null;
        await RefreshAsync(ct);
        return Find(code);
    }
}
