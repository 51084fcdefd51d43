using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Cluster;

/// <summary>A node of the installation, known by its name. It lives while it holds a lock of that name in the control database.</summary>
public sealed class PlatformNode
{
    /// <summary>See <see cref="NodeName"/>.</summary>
    public required string Name { get; init; }
}

/// <summary>Which nodes live. Each holds an advisory lock on a connection of its own: the server lets it go when the process ends, however it ends, so no
/// clocks are compared.</summary>
public sealed class NodePresence(CityDatabases databases, NodeName node, ILogger<NodePresence> log) : IAsyncDisposable
{
    // The first number of the locks, so that they are nobody else's; the second is made from the node's name.
    const int Living = 0x7061_726B, TakenOver = 0x7061_726C;

    /// <summary>The server needs a moment to see that a killed process has gone.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim turn = new(1);
    DedicatedConnection? connection;
    bool alone;
    bool taken;
    HashSet<string> missing = [];

    /// <summary>Takes the node's name, at the start.</summary>
    /// <returns>False where another process has it and keeps it for some seconds.</returns>
    public async Task<bool> TryClaimAsync(CancellationToken ct)
    {
        var waiting = Stopwatch.StartNew();
        while (!await TryLockAsync(ct))
        {
            if (waiting.Elapsed > Patience)
                return false;
            await Task.Delay(100, ct);
        }
        return true;
    }

    async Task<bool> TryLockAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await OpenAsync(ct);
            return alone = await LockAsync(Living, node.Value, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Shows that this node lives, and looks who does not. A node counts as gone when two looks in a row did not find it: one
    /// whose connection broke comes back at once.</summary>
    /// <returns>The nodes that are gone.</returns>
    public async Task<IReadOnlyCollection<string>> LookAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await OpenAsync(ct);
            // A connection that broke lets go of the name, and another process may have started with it since.
            if (!alone && !(alone = await LockAsync(Living, node.Value, ct)) && !taken)
                log.LogError("Another process has the name {Node}: give each node its own by the setting Node", node.Value);
            taken = !alone;
            var before = missing;
            missing = await MissingAsync(ct);
            return [.. missing.Where(before.Contains)];
        }
        catch
        {
            await CloseAsync();
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Lets this node act for one that is gone, unless another does.</summary>
    public async Task<bool> TryTakeOverAsync(string gone, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await OpenAsync(ct);
            return await LockAsync(TakenOver, gone, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The node is back: it acts for itself.</summary>
    public async Task GiveBackAsync(string returned, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await OpenAsync(ct);
            await connection!.ExecuteAsync("SELECT pg_advisory_unlock($1, hashtext($2))", ct, TakenOver, returned);
        }
        finally
        {
            turn.Release();
        }
    }

    async Task OpenAsync(CancellationToken ct)
    {
        if (connection is { IsOpen: true })
            return;
        await CloseAsync();
        connection = databases.Keep(null);
        await connection.OpenAsync(ct);
        await connection.ExecuteAsync("INSERT INTO nodes (name) VALUES ($1) ON CONFLICT DO NOTHING", ct, node.Value);
    }

    async Task CloseAsync()
    {
        alone = false;
        if (connection is not null)
            await connection.DisposeAsync();
        connection = null;
    }

    async Task<bool> LockAsync(int kind, string name, CancellationToken ct) =>
        await connection!.AskAsync("SELECT pg_try_advisory_lock($1, hashtext($2))", ct, kind, name) is true;

    Task<HashSet<string>> MissingAsync(CancellationToken ct) =>
        connection!.TextsAsync("""
            SELECT name FROM nodes n WHERE name <> $2 AND NOT EXISTS (
              SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
              WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted
                AND l.classid::bigint = $1 AND l.objid::bigint = hashtext(n.name)::bigint & 4294967295)
            """, ct, Living, node.Value);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        await CloseAsync();
        turn.Release();
    }
}
