namespace ParkingSaaS.Core.Accounts;

/// <summary>Why a session ended.</summary>
public enum SessionEnd
{
    SignedOut,

    /// <summary>The person ended it from another of their sessions.</summary>
    EndedByOwner,

    /// <summary>Somebody who manages accounts ended it.</summary>
    EndedByAdministrator,

    SwitchedOff,

    /// <summary>The account's role or scope was changed.</summary>
    AccountChanged,

    PasswordChanged,

    Idle,

    /// <summary>It had lasted as long as a session may.</summary>
    TimeLimit
}

/// <summary>Somebody is signed in with a browser. The cookie names this row and is worth nothing once it has ended.</summary>
public sealed class SignInSession
{
    /// <summary>The longest <see cref="UserAgent"/> that is kept.</summary>
    public const int MaxUserAgent = 256;

    /// <summary>Row id; the cookie carries it, protected.</summary>
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>Who is signed in, as the account is now.</summary>
    public User User { get; init; } = null!;

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The last sign of the person, to the minute: a page, a file, a touch or a key. What a page does by itself is none.</summary>
    public required DateTimeOffset LastActiveAt { get; set; }

    /// <summary>When it ends, whatever is done in it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The address signed in from.</summary>
    public required string Address { get; init; }

    /// <summary>The browser, in its own words.</summary>
    public required string UserAgent { get; init; }

    /// <summary>When it ended; null while nobody has noted that.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public SessionEnd? EndReason { get; set; }

    /// <summary>Why it is over by now; null while it is not.</summary>
    public SessionEnd? EndBy(DateTimeOffset now, SignInPolicy policy) => EndReason
        ?? (User.Disabled ? SessionEnd.SwitchedOff
            : now >= ExpiresAt ? SessionEnd.TimeLimit
            : now >= LastActiveAt + policy.IdleOf(User.Role) ? SessionEnd.Idle
            : null);
}

/// <summary>Names a session among all cities.</summary>
/// <param name="City">The code of the city signed in to; null for the platform.</param>
public sealed record SessionKey(string? City, Guid Id);

/// <summary>Somebody who is signed in, as the account is now.</summary>
/// <param name="City">The code of the city signed in to; null for the platform.</param>
public sealed record SignedIn(string? City, SignInSession Session)
{
    public User User => Session.User;

    public SessionKey Key => new(City, Session.Id);
}
