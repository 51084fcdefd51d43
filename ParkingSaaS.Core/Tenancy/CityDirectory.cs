using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>Which cities there are, kept in memory because every request and every device asks: no question waits for a database. The
/// control database is the truth; it is read again when a city is added here, and every few seconds (another node may have added one).</summary>
public sealed class CityDirectory(ControlDatabase control)
{
    readonly SemaphoreSlim turn = new(1);
    volatile IReadOnlyList<City> cities = [];

    readonly ConcurrentDictionary<string, string> refused = new();

    /// <summary>The cities that people and devices may sign in to.</summary>
    public IReadOnlyList<City> Active => [.. cities.Where(Serves)];

    /// <summary>By the city's code, why this node does not serve it until it is started again: its tables are not those of this program.</summary>
    public IReadOnlyDictionary<string, string> Refused => refused;

    /// <summary>Leaves a city out.</summary>
    /// <param name="why">A sentence for the operator.</param>
    internal void Refuse(string code, string why) => refused[code] = why;

    /// <summary>Whether people and devices may sign in to the city.</summary>
    public bool Serves(City city) => city.State is CityState.Active && !refused.ContainsKey(city.Code);

    /// <summary>Reads the control database again.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        // One after the other, so that what was read earlier does not come later.
        await turn.WaitAsync(ct);
        try
        {
            await using var db = control.Open();
            cities = await db.Set<City>().AsNoTracking().OrderBy(c => c.CreatedAt).ToListAsync(ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The active city of that code.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public City Get(string code) => Find(code) ?? throw new KeyNotFoundException($"There is no active city {code}");

    /// <summary>The active city of that code, or null.</summary>
    public City? Find(string code) => FindAny(code) is { } city && Serves(city) ? city : null;

    /// <summary>The active city that an address leads to, by its host or by the last segment of its path base; null for the platform's own.</summary>
    public City? FindByAddress(string host, string pathBase) => FindAnyByAddress(host, pathBase) is { } city && Serves(city) ? city : null;

    /// <summary>The active city of that code, served or not, or null.</summary>
    public City? FindAny(string code) => cities.FirstOrDefault(c => c.Code == code && c.State is CityState.Active);

    /// <summary>The active city that an address leads to as by <see cref="FindByAddress"/>, served or not.</summary>
    public City? FindAnyByAddress(string host, string pathBase) =>
        cities.FirstOrDefault(c => c.State is CityState.Active && string.Equals(c.HostName, host, StringComparison.OrdinalIgnoreCase))
        ?? FindAny(pathBase.TrimEnd('/').Split('/')[^1]);
}

/// <summary>Reads the directory again every few seconds. While the control database is away the cities that are known stay.</summary>
public sealed class CityRefresh(CityDirectory cities, TimeProvider clock, FaultLog faults) : BackgroundService
{
    /// <summary>How long it takes at most until a city that another node added is found.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    const string What = "reading the list of cities";

    // From the start, so that no tick is missed before the loop runs.
    readonly PeriodicTimer timer = new(Interval, clock);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (await timer.WaitForNextTickAsync(ct))
            try
            {
                await cities.RefreshAsync(ct);
                faults.Worked(FaultLog.Platform, What);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                faults.Failed(FaultLog.Platform, What, e);
            }
    }

    public override void Dispose()
    {
        timer.Dispose();
        base.Dispose();
    }
}
