using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Cluster;

/// <summary>For what is tried again and again: a fault is one line when it begins, one every ten minutes while it lasts, and one when it is
/// over, with how often it was met, however many meet it. All that a database does not answer is one fault of that database.</summary>
public sealed class FaultLog(TimeProvider clock, ILogger<FaultLog> log)
{
    /// <summary>A fault is over when it was not met for so long: a database that is cut off again and again is one fault, and one that hangs
    /// is asked in vain for most of a minute, while what asks none works on.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(90);

    /// <summary>Where something is no city's affair.</summary>
    public const string Platform = "the platform";

    static readonly TimeSpan Reminder = TimeSpan.FromMinutes(10);

    readonly ConcurrentDictionary<(string Place, string What), Fault> open = new();

    /// <summary>Whether the database is at fault, so that the same will work later.</summary>
    public static bool IsOfDatabase(Exception e) => DbFault.CauseOf(e) is FaultCause.Database;

    /// <summary>It failed, and will be tried again.</summary>
    /// <param name="place">The city's code, or what else the fault is bound to.</param>
    /// <param name="what">What failed, as a noun: <c>the upkeep of devices</c>.</param>
    public void Failed(string place, string what, Exception e)
    {
        var ofDatabase = IsOfDatabase(e);
        var fault = open.GetOrAdd((place, ofDatabase ? "" : what), _ => new Fault(clock.GetTimestamp()));
        lock (fault)
        {
            fault.LastAt = clock.GetTimestamp();
            if (fault.Count++ > 0 && clock.GetElapsedTime(fault.ToldAt) < Reminder)
                return;
            fault.ToldAt = fault.LastAt;
        }
        if (ofDatabase)
            log.LogError("The database of {Place} fails at {What}: {Reason} ({Count} times so far)", place, what, DbFault.Words(e), fault.Count);
        else
            log.LogError(e, "In {Place}, {What} fails ({Count} times so far)", place, what, fault.Count);
    }

    /// <summary>It worked: what went wrong there is over, once it has been calm for long enough.</summary>
    public void Worked(string place, string what)
    {
        if (open.IsEmpty)
            return;
        End((place, what));
        End((place, ""));
    }

    void End((string Place, string What) key)
    {
        if (!open.TryGetValue(key, out var fault) || clock.GetElapsedTime(fault.LastAt) < Calm || !open.TryRemove(key, out _))
            return;
        log.LogInformation("In {Place}, {What} works again; it failed {Count} times within {Elapsed}", key.Place,
            key.What.Length > 0 ? key.What : "the database", fault.Count, clock.GetElapsedTime(fault.Since, fault.LastAt));
    }

    sealed class Fault(long since)
    {
        public long Since => since;
        public long LastAt { get; set; }
        public long ToldAt { get; set; }
        public long Count { get; set; }
    }
}
