namespace ParkingSaaS.Core.Passes;

/// <summary>What an installation decides about passes.</summary>
public sealed record PassPolicy
{
    /// <summary>How long a sale or renewal that was chosen on a phone waits for its money. Nobody signed in for it, so it may be a stranger's.
    /// A payment that was begun in time is waited for up to <see cref="Payments.GiveUpPayments.MaxWait"/> more; money that comes later
    /// still counts.</summary>
    public TimeSpan OnLineWait { get; init; } = TimeSpan.FromHours(1);
}
