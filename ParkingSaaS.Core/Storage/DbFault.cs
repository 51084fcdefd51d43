using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>Where an exception of a use case comes from, which says what helps.</summary>
public enum FaultCause
{
    /// <summary>The database: it is away, stops, starts, is full or too busy. The same will work later.</summary>
    Database,

    /// <summary>Another writer was quicker. The same works once what it wrote is read.</summary>
    Race,

    /// <summary>What was to be written does not fit, and never will.</summary>
    Data,

    /// <summary>Nobody can tell: a fault of the program, or one of the database that does not look like it.</summary>
    Unknown
}

/// <summary>Sorts exceptions by their cause. A provider wraps what the server said in exceptions of its own, so the whole chain counts
/// and not its ends.</summary>
public static class DbFault
{
    public static FaultCause CauseOf(Exception e)
    {
        var chain = Chain(e).ToList();
        if (chain.Exists(x => x is DbUpdateConcurrencyException))
            return FaultCause.Race;
        if (chain.OfType<PostgresException>().FirstOrDefault() is { } said)
            return CauseOf(said.SqlState);
        return chain.Exists(x => x is NpgsqlException or SocketException or IOException or TimeoutException
                or OperationCanceledException or ObjectDisposedException)
            ? FaultCause.Database
            : FaultCause.Unknown;
    }

    /// <summary>True when the row's unique key is taken by another row.</summary>
    public static bool IsTaken(Exception e) => Says(e, PostgresErrorCodes.UniqueViolation);

    /// <summary>True when the row refers to one that is not there, or is referred to.</summary>
    public static bool IsReferred(Exception e) => Says(e, PostgresErrorCodes.ForeignKeyViolation);

    /// <summary>The fault in a line, for logs and staff: what the server said, or else what kind of exception it was.</summary>
    public static string Words(Exception e) => Chain(e).OfType<PostgresException>().FirstOrDefault() is { } said
        ? $"{said.SqlState} {said.MessageText}"
        : Chain(e).Last() is var root && CauseOf(e) is FaultCause.Database ? root.Message : root.GetType().Name;

    static bool Says(Exception e, string state) => Chain(e).OfType<PostgresException>().Any(x => x.SqlState == state);

    /// <summary>By class and code, PostgreSQL's appendix A.</summary>
    static FaultCause CauseOf(string state) => state switch
    {
        PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure => FaultCause.Race,
        // data, constraints, and limits that the data went beyond
        ['2', '2' or '3', ..] or ['5', '4', ..] => FaultCause.Data,
        // the program and the tables do not know each other
        ['4', '2', ..] or ['0', 'A', ..] => FaultCause.Unknown,
        _ => FaultCause.Database
    };

    static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            yield return e;
            if (e is AggregateException many)
                foreach (var inner in many.InnerExceptions.Skip(1).SelectMany(Chain))
                    yield return inner;
        }
    }
}
