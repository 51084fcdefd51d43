namespace ParkingSaaS.Core.Accounts;

/// <summary>How long people stay signed in, and what passwords they may have: the settings under <c>SignIn</c>.</summary>
public sealed record SignInPolicy
{
    /// <summary>Without a sign of the person for this long, a session ends.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The same for attendants: a booth is watched for a whole shift, and touched only when a car needs it.</summary>
    public TimeSpan AttendantIdle { get; init; } = TimeSpan.FromHours(8);

    /// <summary>A session ends after this long, whatever is done in it.</summary>
    public TimeSpan Absolute { get; init; } = TimeSpan.FromHours(12);

    /// <summary>The fewest characters of a password; at least 8.</summary>
    public int MinPasswordLength { get; init; } = 10;

    /// <summary>What holds for somebody of that role.</summary>
    public TimeSpan IdleOf(string role) => role == Roles.Attendant ? AttendantIdle : Idle;
}
