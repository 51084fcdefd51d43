using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Counts what EF Core asks of one database while it lives: how many queries, and how many rows came.</summary>
public sealed class ReadCounter : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    readonly string database;
    readonly List<IDisposable> subscriptions = [];
    int queries;
    int rows;

    ReadCounter(string database) => this.database = database;

    /// <summary>Counts as soon as this returns: EF Core looks only once a second whether anybody wants to know.</summary>
    /// <param name="database">The database's name: other tests read others meanwhile.</param>
    /// <param name="read">Reads something there.</param>
    public static async Task<ReadCounter> StartAsync(string database, Func<Task> read)
    {
        var counter = new ReadCounter(database);
        counter.Add(DiagnosticListener.AllListeners.Subscribe(counter));
        await Eventually.HoldsAsync(async () =>
        {
            await read();
            return counter.Queries > 0;
        });
        counter.Reset();
        return counter;
    }

    /// <summary>Queries that were read to their end.</summary>
    public int Queries => queries;

    /// <summary>Rows that they brought.</summary>
    public int Rows => rows;

    /// <summary>The queries themselves, to be asked again.</summary>
    public ConcurrentQueue<NpgsqlCommand> Asked { get; } = [];

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        (queries, rows) = (0, 0);
        Asked.Clear();
    }

    void Add(IDisposable subscription)
    {
        lock (subscriptions)
            subscriptions.Add(subscription);
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
            Add(value.Subscribe(this, (name, _, _) => name == RelationalEventId.DataReaderDisposing.Name));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not DataReaderDisposingEventData read || read.Command.Connection?.Database != database)
            return;
        Asked.Enqueue(((NpgsqlCommand)read.Command).Clone());
        Interlocked.Increment(ref queries);
        Interlocked.Add(ref rows, read.ReadCount);
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose()
    {
        lock (subscriptions)
            subscriptions.ForEach(s => s.Dispose());
    }
}
