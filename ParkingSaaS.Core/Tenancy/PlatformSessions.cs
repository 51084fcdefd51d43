using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>The one door to the control database, for who acts for the platform.</summary>
public sealed class PlatformSessions(ControlDatabase control, SecurityLog log, TimeProvider clock)
{
    /// <summary>Opens the control database for one unit of work.</summary>
    /// <exception cref="AccessDeniedException">The actor lacks the permission, or belongs to a city.</exception>
    public PlatformSession Open(Actor actor, string permission)
    {
        if (actor.OfPlatform && actor.May(permission))
            return new PlatformSession(control.Open(), clock.Now());
        log.Write(SecurityEvent.PermissionRefused, actor.CityOrNone, actor.Address, actor.Id, permission);
        throw new AccessDeniedException(actor, permission);
    }
}

/// <summary>One unit of work in the control database. Not for use by two callers at once; dispose it soon. The keys that lie there as well are not handed
/// out.</summary>
public sealed class PlatformSession : IAsyncDisposable
{
    readonly ControlDb db;

    internal PlatformSession(ControlDb db, DateTimeOffset now) => (this.db, Now) = (db, now);

    /// <summary>All cities, also those that are not active.</summary>
    public DbSet<City> Cities => db.Set<City>();

    /// <summary>The administrators of the platform.</summary>
    public DbSet<User> Administrators => db.Set<User>();

    /// <summary>The instant at which the session was opened.</summary>
    public DateTimeOffset Now { get; }

    public Task SaveAsync(CancellationToken ct) => db.SaveChangesAsync(ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => db.DisposeAsync();
}
