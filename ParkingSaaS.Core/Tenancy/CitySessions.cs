using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>The one door to a city's data: there is no way in without a city, an actor and a permission.</summary>
public sealed class CitySessions(CityDatabases databases, CityDirectory directory, SecurityLog log, TimeProvider clock)
{
    static readonly ISaving[] Savings = [.. Slices.Find<ISaving>()];

    /// <summary>Opens the actor's city for one unit of work.</summary>
    /// <exception cref="AccessDeniedException">The actor lacks the permission.</exception>
    /// <exception cref="KeyNotFoundException">There is no such city, or it is not active.</exception>
    public async Task<CitySession> OpenAsync(Actor actor, string permission, CancellationToken ct)
    {
        if (!actor.May(permission))
        {
            log.Write(SecurityEvent.PermissionRefused, actor.CityOrNone, actor.Address, actor.Id, permission);
            throw new AccessDeniedException(actor, permission);
        }
        var city = directory.Get(actor.City);
        var db = databases.Open(city.Database);
        try
        {
            db.Scope = await ScopeResolver.ResolveAsync(db, actor.Scope, ct);
            var session = new CitySession(actor, city, db, clock.Now());
            db.Saving = () => Array.ForEach(Savings, each => each.Before(session));
            return session;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }
}

/// <summary>What follows from each unit of work, whoever does it, is added to it just before it is written.</summary>
interface ISaving
{
    /// <param name="s">The session, all of whose changes are known; they are not looked for again.</param>
    void Before(CitySession s);
}

/// <summary>Work of a city that goes one after the other; the values are PostgreSQL's keys.</summary>
public enum CityLock
{
    /// <summary>Sales and changes of passes: two of one plate would not see each other.</summary>
    Passes = 7072001,

    /// <summary>Tables that are imported: two with one plate would each find it new.</summary>
    Imports = 7072003,

    /// <summary>Alarms: two nodes that look at one time would raise them twice.</summary>
    Alarms = 7072004,

    /// <summary>Proofs of the books: what one node reads for minutes another need not read, too.</summary>
    Books = 7072005,

    /// <summary>Payments that are begun for one thing: two at one instant would both stay open.</summary>
    Payments = 7072006,

    /// <summary>Messages that are written: two nodes that find the same would write it twice.</summary>
    Messages = 7072007,

    /// <summary>Invoices of one stay or pass: two at one instant would both name what was paid once.</summary>
    Invoices = 7072008
}

/// <summary>One unit of work in one city by one actor. Not for use by two callers at once; dispose it soon.</summary>
public sealed class CitySession(Actor actor, City city, CityDb db, DateTimeOffset now) : IAsyncDisposable
{
    public Actor Actor => actor;

    public City City => city;

    /// <summary>The data within the actor's reach.</summary>
    public CityDb Db => db;

    /// <summary>The instant at which the session was opened; one time for the whole unit of work.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Waits for its turn, and keeps it to the end of the transaction that was begun.</summary>
    public Task LockAsync(CityLock work, CancellationToken ct) =>
#pragma warning disable RS0030 // no data is read or written here
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({(long)work})", ct);
#pragma warning restore RS0030

    /// <summary>As <see cref="LockAsync(CityLock, CancellationToken)"/>, for what is done to one row. Now and then two rows share a turn.</summary>
    public Task LockAsync(CityLock work, Guid row, CancellationToken ct) =>
#pragma warning disable RS0030 // no data is read or written here
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({(int)work}, hashtext({row.ToString()}))", ct);
#pragma warning restore RS0030

    /// <summary>Saves, and says so when somebody else was quicker.</summary>
    public Task<Result<Done>> SaveAsync(CancellationToken ct) => SaveAsync(db.SaveChangesAsync, ct);

    /// <summary>As <see cref="SaveAsync(CancellationToken)"/>, for what cannot be written in one step.</summary>
    internal static async Task<Result<Done>> SaveAsync(Func<CancellationToken, Task> write, CancellationToken ct)
    {
        try
        {
            await write(ct);
            return new Done();
        }
        catch (Exception e) when (DbFault.CauseOf(e) is FaultCause.Race)
        {
            return new ChangedMeanwhile(); // also where somebody took the name between our look and our write
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => db.DisposeAsync();
}
