using System.Data;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>A connection that is kept open outside of the pools, to hold locks or to hear what the server tells. It finds out within half a
/// minute that the other side is gone, as does the server, which then lets go of its locks.</summary>
public sealed class DedicatedConnection : IAsyncDisposable
{
    readonly NpgsqlConnection connection;

    internal DedicatedConnection(NpgsqlConnection open)
    {
        connection = open;
        connection.Notification += (_, told) => Notified?.Invoke(told.Channel, told.Payload);
    }

    /// <summary>The server tells something on a channel that is listened to; it comes while a statement runs, or in <see cref="WaitAsync"/>.</summary>
    public event Action<string, string>? Notified;

    /// <summary>Whether it is open, as far as is known.</summary>
    public bool IsOpen => connection.State is ConnectionState.Open;

    public Task OpenAsync(CancellationToken ct) => connection.OpenAsync(ct);

    /// <summary>Waits until the server has told something.</summary>
    public Task WaitAsync(CancellationToken ct) => connection.WaitAsync(ct);

    /// <summary>Runs a statement; parameters are $1, $2, ….</summary>
    public async Task ExecuteAsync(string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The first value of the first row.</summary>
    public async Task<object?> AskAsync(string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync(ct);
    }

    /// <summary>The first column, of texts.</summary>
    public async Task<HashSet<string>> TextsAsync(string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var rows = await command.ExecuteReaderAsync(ct);
        HashSet<string> texts = [];
        while (await rows.ReadAsync(ct))
            texts.Add(rows.GetString(0));
        return texts;
    }

    NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
