namespace ParkingSaaS.Core.Common;

/// <summary>Instants are <see cref="DateTimeOffset"/> at offset zero, cut to whole microseconds: what PostgreSQL keeps, so that
/// a value read back equals the value written.</summary>
public static class Instant
{
    /// <summary>The clock's present instant in the form that is stored.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => Cut(clock.GetUtcNow());

    /// <summary>The same instant at offset zero, cut to whole microseconds.</summary>
    public static DateTimeOffset Cut(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
