using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Whether a session still holds.</summary>
/// <param name="SignedIn">Who is signed in; null once it has ended.</param>
/// <param name="End">Why it ended; null while it has not, and where there is no such session.</param>
public readonly record struct SessionState(SignedIn? SignedIn, SessionEnd? End);

/// <summary>A session that has ended.</summary>
public sealed record EndedSession(SessionKey Key, Guid UserId, SessionEnd Reason, string? Address);

/// <summary>The sessions of a city's people and of the platform's. The rows are the truth, for all nodes.</summary>
public sealed class SignInSessions(AccountDatabases databases, SignInPolicy policy, SecurityLog log, TimeProvider clock)
{
    /// <summary>How fine the last sign of a person is noted.</summary>
    public static readonly TimeSpan ActiveResolution = TimeSpan.FromMinutes(1);

    /// <summary>How long ended sessions are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>Told of each session that this node ended, or found ended, after the commit.</summary>
    public event Action<EndedSession>? Ended;

    /// <summary>Looks whether the session holds.</summary>
    /// <param name="active">Whether this is a sign of the person, which puts the idle limit off.</param>
    public async Task<SessionState> FindAsync(SessionKey key, bool active, CancellationToken ct)
    {
        await using var db = databases.Open(key.City);
        var sessions = db.Set<SignInSession>();
        if (await sessions.AsNoTracking().Include(s => s.User).FirstOrDefaultAsync(s => s.Id == key.Id, ct) is not { } session)
            return default;
        var now = clock.Now();
        if (session.EndBy(now, policy) is { } end)
        {
            await NoteAsync(db, key.City, session, end, now, ct);
            return new SessionState(null, end);
        }
        if (active && now - session.LastActiveAt >= ActiveResolution)
            await sessions.Where(s => s.Id == key.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastActiveAt, now), ct);
        return new SessionState(new SignedIn(key.City, session), null);
    }

    /// <summary>Which of these sessions have ended, in one question.</summary>
    public async Task<IReadOnlyList<EndedSession>> EndedAmongAsync(string? city, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        await using var db = databases.Open(city);
        var known = await db.Set<SignInSession>().AsNoTracking().Include(s => s.User).Where(s => ids.Contains(s.Id)).ToListAsync(ct);
        var now = clock.Now();
        List<EndedSession> ended = [.. ids.Except(known.Select(s => s.Id))
            .Select(id => new EndedSession(new SessionKey(city, id), Guid.Empty, SessionEnd.SignedOut, null))];
        foreach (var session in known)
            if (session.EndBy(now, policy) is { } end)
            {
                await NoteAsync(db, city, session, end, now, ct);
                ended.Add(new EndedSession(new SessionKey(city, session.Id), session.UserId, end, session.Address));
            }
        return ended;
    }

    /// <summary>Ends one. Ending what has ended changes nothing.</summary>
    /// <param name="by">The id of somebody else who did it.</param>
    public async Task EndAsync(SessionKey key, SessionEnd reason, CancellationToken ct, string? by = null)
    {
        await using var db = databases.Open(key.City);
        if (await db.Set<SignInSession>().AsNoTracking().Include(s => s.User).FirstOrDefaultAsync(s => s.Id == key.Id, ct) is { } session)
            await NoteAsync(db, key.City, session, reason, clock.Now(), ct, by);
    }

    /// <summary>Ends a person's other sessions.</summary>
    public async Task EndOthersAsync(SignedIn signedIn, CancellationToken ct)
    {
        await using var db = databases.Open(signedIn.City);
        var ended = await MarkAsync(db, signedIn.City, signedIn.User.Id, SessionEnd.EndedByOwner, signedIn.Session.Id, ct);
        await db.SaveChangesAsync(ct);
        Tell(ended);
    }

    /// <summary>A person's sessions that hold, the newest first.</summary>
    public async Task<IReadOnlyList<SignInSession>> OfAsync(SignedIn signedIn, CancellationToken ct)
    {
        await using var db = databases.Open(signedIn.City);
        var open = await db.Set<SignInSession>().AsNoTracking().Include(s => s.User)
            .Where(s => s.UserId == signedIn.User.Id && s.EndedAt == null).OrderByDescending(s => s.StartedAt).ToListAsync(ct);
        var now = clock.Now();
        return open.FindAll(s => s.EndBy(now, policy) is null);
    }

    /// <summary>Sessions that hold, among these.</summary>
    public IQueryable<SignInSession> Open(IQueryable<SignInSession> sessions)
    {
        var now = clock.Now();
        var (idle, attendantIdle) = (now - policy.Idle, now - policy.AttendantIdle);
        return sessions.Where(s => s.EndedAt == null && s.ExpiresAt > now && !s.User.Disabled
            && s.LastActiveAt > (s.User.Role == Roles.Attendant ? attendantIdle : idle));
    }

    /// <summary>Notes the end of sessions that nobody asked for again, and forgets what is old.</summary>
    public async Task TidyAsync(string? city, CancellationToken ct)
    {
        await using var db = databases.Open(city);
        var now = clock.Now();
        var over = await db.Set<SignInSession>().AsNoTracking().Include(s => s.User).Where(s => s.EndedAt == null).ToListAsync(ct);
        foreach (var session in over)
            if (session.EndBy(now, policy) is { } end)
                await NoteAsync(db, city, session, end, now, ct);
        await db.Set<SignInSession>().Where(s => s.EndedAt < now - Kept).ExecuteDeleteAsync(ct);
        await SignInDelays.TidyAsync(db, now, ct);
    }

    /// <summary>Saves what was changed of an account and ends its sessions, all or nothing.</summary>
    internal async Task<Result<Done>> SaveAndEndAsync(CitySession s, User user, SessionEnd reason, CancellationToken ct)
    {
        var ended = await MarkAsync(s.Db, s.City.Code, user.Id, reason, null, ct);
        var saved = await s.SaveAsync(ct);
        if (saved.Ok)
            Tell(ended);
        return saved;
    }

    /// <summary>Marks a person's sessions as ended; the caller saves, and tells when that is done.</summary>
    internal async Task<List<EndedSession>> MarkAsync(DbContext db, string? city, Guid user, SessionEnd reason, Guid? except, CancellationToken ct)
    {
        var open = await db.Set<SignInSession>().Include(s => s.User)
            .Where(s => s.UserId == user && s.EndedAt == null && s.Id != except).ToListAsync(ct);
        foreach (var session in open)
            (session.EndedAt, session.EndReason) = (clock.Now(), reason);
        return open.ConvertAll(s => new EndedSession(new SessionKey(city, s.Id), s.UserId, reason, s.Address));
    }

    internal void Tell(IEnumerable<EndedSession> ended)
    {
        foreach (var session in ended)
        {
            log.Write(SecurityEvent.SessionEnded, session.Key.City, session.Address, session.UserId.ToString(), session.Reason.ToString());
            Ended?.Invoke(session);
        }
    }

    /// <summary>Two nodes may note the same end; one of them tells.</summary>
    async Task NoteAsync(DbContext db, string? city, SignInSession session, SessionEnd reason, DateTimeOffset now, CancellationToken ct,
        string? by = null)
    {
        if (session.EndedAt is not null || await db.Set<SignInSession>().Where(s => s.Id == session.Id && s.EndedAt == null).ExecuteUpdateAsync(
                s => s.SetProperty(x => x.EndedAt, now).SetProperty(x => x.EndReason, reason), ct) == 0)
            return;
        log.Write(SecurityEvent.SessionEnded, city, session.Address, session.UserId.ToString(), by is null ? $"{reason}" : $"{reason} by {by}");
        Ended?.Invoke(new EndedSession(new SessionKey(city, session.Id), session.UserId, reason, session.Address));
    }
}
