using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Saves a city, or the platform, into a file, and puts such a file in its place.</summary>
public sealed class CityBackup(DatabaseBackup backup, TimeProvider clock)
{
    /// <param name="code">The city's; null for the control database.</param>
    /// <param name="path">A file that is not there yet.</param>
    /// <returns>The database's name.</returns>
    /// <exception cref="DatabaseFileException">It cannot be done.</exception>
    public async Task<string> SaveAsync(string? code, string path, CancellationToken ct) => await backup.SaveAsync(await DatabaseOfAsync(code, ct), path, ct);

    /// <summary>All sessions end: those that ended since the backup would live again.</summary>
    /// <param name="code">The city's; null for the control database, which no node may use meanwhile.</param>
    /// <param name="path">What <see cref="SaveAsync"/> made.</param>
    /// <returns>The database's name, and where what it held is kept; null where it was not there.</returns>
    /// <exception cref="DatabaseFileException">It cannot be done; everything is as before.</exception>
    public async Task<(string Database, string? Kept)> RestoreAsync(string? code, string path, CancellationToken ct) =>
        await backup.RestoreAsync(await DatabaseOfAsync(code, ct), path, db => db.Set<SignInSession>().IgnoreQueryFilters([CityDb.ScopeFilter])
            .Where(s => s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, clock.Now())
                .SetProperty(s => s.EndReason, SessionEnd.EndedByAdministrator), ct), ct);

    async Task<string?> DatabaseOfAsync(string? code, CancellationToken ct)
    {
        if (code is null)
            return null;
        await using var db = backup.Control.Open();
        return await db.Set<City>().Where(c => c.Code == code).Select(c => c.Database).FirstOrDefaultAsync(ct)
            ?? throw new DatabaseFileException($"There is no city {code}. Add it first, or restore the control database.");
    }
}
