using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Storage;

/// <summary>Whose fault an exception is, however it is wrapped; and how often it is said.</summary>
public sealed class DbFaultTests
{
    static PostgresException Said(string state) => new("said", "ERROR", "ERROR", state);

    public static TheoryData<string, FaultCause> States => new()
    {
        { PostgresErrorCodes.AdminShutdown, FaultCause.Database },
        { PostgresErrorCodes.CrashShutdown, FaultCause.Database },
        { PostgresErrorCodes.CannotConnectNow, FaultCause.Database },
        { PostgresErrorCodes.TooManyConnections, FaultCause.Database },
        { PostgresErrorCodes.DiskFull, FaultCause.Database },
        { PostgresErrorCodes.IoError, FaultCause.Database },
        { PostgresErrorCodes.QueryCanceled, FaultCause.Database },
        { PostgresErrorCodes.ReadOnlySqlTransaction, FaultCause.Database },
        { PostgresErrorCodes.InternalError, FaultCause.Database },
        { PostgresErrorCodes.SerializationFailure, FaultCause.Race },
        { PostgresErrorCodes.DeadlockDetected, FaultCause.Race },
        { PostgresErrorCodes.UniqueViolation, FaultCause.Race },
        { PostgresErrorCodes.StringDataRightTruncation, FaultCause.Data },
        { PostgresErrorCodes.NotNullViolation, FaultCause.Data },
        { PostgresErrorCodes.CheckViolation, FaultCause.Data },
        { PostgresErrorCodes.ProgramLimitExceeded, FaultCause.Data },
        { PostgresErrorCodes.UndefinedTable, FaultCause.Unknown }
    };

    [Theory]
    [MemberData(nameof(States))]
    public void What_the_server_said_counts_however_it_is_wrapped(string state, FaultCause cause)
    {
        Exception[] wrapped = [Said(state), new DbUpdateException("save", Said(state)), new InvalidOperationException("likely transient", Said(state)),
            new InvalidOperationException("likely transient", new DbUpdateException("save", new NpgsqlException("read", Said(state)))),
            new AggregateException(new InvalidOperationException("another"), new NpgsqlException("read", Said(state)))];
        Assert.All(wrapped, e => Assert.Equal(cause, DbFault.CauseOf(e)));
    }

    [Fact]
    public void A_connection_that_breaks_is_the_databases_fault_and_a_mistake_of_the_program_is_nobodys()
    {
        Exception[] broken = [new NpgsqlException("read", new EndOfStreamException()), new InvalidOperationException("likely transient",
            new NpgsqlException("read", new IOException("cut", new SocketException()))), new TimeoutException(), new OperationCanceledException(),
            new ObjectDisposedException("connection")];
        Assert.All(broken, e => Assert.Equal(FaultCause.Database, DbFault.CauseOf(e)));
        Exception[] mistakes = [new InvalidOperationException("sequence"), new NullReferenceException(), new KeyNotFoundException()];
        Assert.All(mistakes, e => Assert.Equal(FaultCause.Unknown, DbFault.CauseOf(e)));
        Assert.Equal(FaultCause.Race, DbFault.CauseOf(new DbUpdateConcurrencyException("somebody")));
    }

    /// <summary>An outage of a minute that twenty-four devices meet each second is a line when it begins, and one when it is over.</summary>
    [Fact]
    public void An_outage_is_said_once_and_its_end_once()
    {
        var clock = new FakeTime();
        var logs = new CapturedLogs();
        using var factory = LoggerFactory.Create(b => b.AddProvider(logs));
        var faults = new FaultLog(clock, factory.CreateLogger<FaultLog>());
        for (var second = 0; second < 60; second++)
        {
            for (var device = 0; device < 24; device++)
                faults.Failed("alpha", device % 2 == 0 ? "the recording" : "the upkeep", new NpgsqlException("away"));
            faults.Worked("beta", "the recording");
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Single(logs.Lines);
        faults.Worked("alpha", "the recording");
        Assert.Single(logs.Lines); // it may come again at once
        clock.Advance(FaultLog.Calm);
        faults.Worked("alpha", "the recording");
        faults.Worked("alpha", "the upkeep");
        Assert.Equal(2, logs.Lines.Count);
        Assert.Contains("1440 times within 00:00:59", logs.Lines.Last());
        // A mistake of the program is another fault, with all that helps to find it.
        faults.Failed("alpha", "the upkeep", new InvalidOperationException("mistake"));
        Assert.Contains("InvalidOperationException", logs.Lines.Last());
    }
}
