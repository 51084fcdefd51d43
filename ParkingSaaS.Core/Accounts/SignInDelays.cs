using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Accounts;

/// <summary>How often a password was wrong for a name: from one address, and from all where the owner has not been lately.</summary>
public sealed class SignInTries
{
    /// <summary>Stands for all addresses together.</summary>
    public const string Anywhere = "";

    /// <summary>The account's id, or one of 65,536 numbers for a name that no account has. A name is never kept: it may be a password.</summary>
    public required string Subject { get; init; }

    /// <summary>The address, or <see cref="Anywhere"/>.</summary>
    public required string Address { get; init; }

    /// <summary>Tries in a row that were not right.</summary>
    public int Failures { get; set; }

    /// <summary>The last of them.</summary>
    public required DateTimeOffset TriedAt { get; set; }

    /// <summary>When somebody last signed in by that name from that address.</summary>
    public DateTimeOffset? SucceededAt { get; set; }
}

/// <summary>Each wrong password makes the next try wait, for that name and address. Guessing from many addresses makes the name wait, but
/// not where its owner signed in lately: nobody can keep them out of their own office.</summary>
static class SignInDelays
{
    /// <summary>Tries before there is a delay: from one address, and from all together.</summary>
    internal const int FreeHere = 5, FreeAnywhere = 20;

    internal static readonly TimeSpan First = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromMinutes(15);

    /// <summary>Tries by one name take turns, on all nodes.</summary>
    const int Turn = 7404;

    static readonly TimeSpan Forgotten = TimeSpan.FromDays(1), Lately = TimeSpan.FromDays(30);

    /// <summary>Counts a try as a failure until it turns out otherwise: tries at one moment cannot all come before the count, and each counts once.</summary>
    /// <returns>How long to wait; null when the password may be looked at.</returns>
    internal static async Task<TimeSpan?> BeginAsync(DbContext db, string subject, string address, DateTimeOffset now, CancellationToken ct)
    {
        await using var turn = await db.Database.BeginTransactionAsync(ct);
#pragma warning disable RS0030 // no data is read or written here
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Turn}, hashtext({subject}))", ct);
#pragma warning restore RS0030
        var tries = await db.Set<SignInTries>().AsNoTracking()
            .Where(t => t.Subject == subject && (t.Address == address || t.Address == SignInTries.Anywhere)).ToListAsync(ct);
        var here = tries.Find(t => t.Address == address);
        var anywhere = tries.Find(t => t.Address == SignInTries.Anywhere);
        var usual = here?.SucceededAt > now - Lately;
        DateTimeOffset[] until = [Until(here, FreeHere), usual ? default : Until(anywhere, FreeAnywhere)];
        if (until.Max() > now)
            return until.Max() - now;
        await CountAsync(db, here, subject, address, now, ct);
        if (!usual)
            await CountAsync(db, anywhere, subject, SignInTries.Anywhere, now, ct);
        await turn.CommitAsync(ct);
        return null;
    }

    /// <summary>The password was right: the count starts anew, and the address is one of the owner's.</summary>
    internal static async Task SucceedAsync(DbContext db, string subject, string address, DateTimeOffset now, CancellationToken ct)
    {
        var tries = db.Set<SignInTries>().Where(t => t.Subject == subject);
        var usual = await tries.AnyAsync(t => t.Address == address && t.SucceededAt > now - Lately, ct);
        await tries.Where(t => t.Address == address)
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.Failures, 0).SetProperty(x => x.SucceededAt, now), ct);
        if (!usual)
            await tries.Where(t => t.Address == SignInTries.Anywhere && t.Failures > 0)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.Failures, x => x.Failures - 1), ct);
    }

    /// <summary>Somebody entitled gave a new password: nobody waits any more.</summary>
    internal static Task LiftAsync(DbContext db, Guid user, CancellationToken ct)
    {
        var subject = user.ToString();
        return db.Set<SignInTries>().Where(t => t.Subject == subject).ExecuteUpdateAsync(t => t.SetProperty(x => x.Failures, 0), ct);
    }

    internal static Task TidyAsync(DbContext db, DateTimeOffset now, CancellationToken ct) => db.Set<SignInTries>()
        .Where(t => t.TriedAt < now - Forgotten && (t.SucceededAt == null || t.SucceededAt < now - Lately)).ExecuteDeleteAsync(ct);

    /// <summary>Under what a try is counted.</summary>
    internal static string Subject(User? user, string name) => user?.Id.ToString()
        ?? "no-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 2));

    static DateTimeOffset Until(SignInTries? tries, int free) => tries is null || tries.Failures < free
        ? default
        : tries.TriedAt + TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, tries.Failures - free)));

    static Task CountAsync(DbContext db, SignInTries? seen, string subject, string address, DateTimeOffset now, CancellationToken ct)
    {
        var failures = seen is null || seen.TriedAt < now - Forgotten ? 1 : seen.Failures + 1;
        return seen is null
            ? AddAsync()
            : db.Set<SignInTries>().Where(t => t.Subject == subject && t.Address == address)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.Failures, failures).SetProperty(x => x.TriedAt, now), ct);

        async Task AddAsync()
        {
            var first = db.Add(new SignInTries { Subject = subject, Address = address, Failures = failures, TriedAt = now });
            await db.SaveChangesAsync(ct);
            first.State = EntityState.Detached;
        }
    }
}
