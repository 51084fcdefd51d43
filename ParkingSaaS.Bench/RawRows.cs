using System.Diagnostics;
using Npgsql;
using ParkingSaaS.Core.Devices;

/// <summary>A row as the database gave it: its table, and its values in the order of the table's columns.</summary>
internal sealed record RawRow(RawTable Table, object?[] Values);

/// <summary>A table's columns and their types.</summary>
internal sealed record RawTable(string Name, string[] Columns, string[] Types)
{
    /// <summary>Inserts a row.</summary>
    public string Insert => $"INSERT INTO {Name} ({string.Join(", ", Columns)}) VALUES ({string.Join(", ", Columns.Select((_, i) => $"${i + 1}"))})";
}

/// <summary>What the program wrote for an event: rows that were added, and the order that an exit changed.</summary>
internal sealed record EventRows(List<RawRow> Added, RawRow? Changed)
{
    private static readonly string[] Tables = ["device_messages", "passages", "orders", "order_operations", "device_commands", "postings"];

    /// <summary>Reads the rows back, one for each event.</summary>
    public static async Task<IReadOnlyList<EventRows>> ReadAsync(string connectionString, DeviceEvent[] events)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var ids = events.Select(e => e.MessageId!).ToArray();
        var messages = await RowsAsync(Tables[0], "SELECT * FROM device_messages WHERE message_id = ANY($1)", ids);
        var passages = await RowsAsync(Tables[1], "SELECT p.* FROM passages p JOIN device_messages m ON m.id = p.message_id WHERE m.message_id = ANY($1)", ids);
        var orderIds = passages.Select(p => Value<Guid>(p, "order_id")).Distinct().ToArray();
        var orders = (await RowsAsync(Tables[2], "SELECT * FROM orders WHERE id = ANY($1)", orderIds)).ToDictionary(o => Value<Guid>(o, "id"));
        var operations = (await RowsAsync(Tables[3], "SELECT * FROM order_operations WHERE order_id = ANY($1)", orderIds))
            .ToLookup(o => Value<Guid>(o, "order_id"));
        var commands = (await RowsAsync(Tables[4], "SELECT * FROM device_commands WHERE order_id = ANY($1)", orderIds))
            .ToLookup(c => Value<Guid>(c, "order_id"));
        var postings = (await RowsAsync(Tables[5], "SELECT * FROM postings WHERE payable_id = ANY($1)", orderIds))
            .ToLookup(p => Value<Guid>(p, "payable_id"));
        var messageOf = messages.ToDictionary(m => Value<Guid>(m, "id"));
        var byMessage = passages.ToDictionary(p => Value<string>(messageOf[Value<Guid>(p, "message_id")], "message_id"));
        return [.. ids.Select(id =>
        {
            var passage = byMessage[id];
            var (order, at) = (orders[Value<Guid>(passage, "order_id")], Value<DateTime>(passage, "at"));
            List<RawRow> added = [messageOf[Value<Guid>(passage, "message_id")], passage];
            var entered = Value<string>(passage, "outcome") == "Opened";
            if (entered)
                added.Add(order);
            added.AddRange(operations[Value<Guid>(order, "id")].Where(o => Value<DateTime>(o, "at") == at));
            added.AddRange(commands[Value<Guid>(order, "id")].Where(c => Value<Guid>(c, "device_id") == Value<Guid>(passage, "device_id")));
            if (!entered)
                added.AddRange(postings[Value<Guid>(order, "id")]);
            return new EventRows(added, entered ? null : order);
        })];

        async Task<List<RawRow>> RowsAsync(string table, string sql, object parameter)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter { Value = parameter } } };
            await using var reader = await command.ExecuteReaderAsync();
            var columns = await reader.GetColumnSchemaAsync();
            var of = new RawTable(table, [.. columns.Select(c => c.ColumnName)], [.. columns.Select(c => c.DataTypeName!)]);
            var rows = new List<RawRow>();
            while (await reader.ReadAsync())
            {
                var values = new object[columns.Count];
                reader.GetValues(values);
                rows.Add(new RawRow(of, values));
            }
            return rows;
        }
    }

    /// <summary>A value of the row.</summary>
    public static T Value<T>(RawRow row, string column) => (T)row.Values[Array.IndexOf(row.Table.Columns, column)]!;
}

/// <summary>A city's database, with all its tables, indexes, keys and triggers, into which rows are written as directly as can be.</summary>
internal sealed class RawRows : IAsyncDisposable
{
    private const int Batch = 500;
    private const int Connections = 32;

    private static readonly string[] Settled = ["id", "state", "exited_at", "exit_lane_id", "receivable_minor", "fee_lines", "business_date", "seen_until"];

    private readonly NpgsqlDataSource source;

    private RawRows(NpgsqlDataSource source) => this.source = source;

    /// <param name="connectionString">Of a city's database.</param>
    public static async Task<RawRows> OpenAsync(string connectionString)
    {
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = Connections,
            MaxAutoPrepare = 20,
            AutoPrepareMinUsages = 1
        }.ConnectionString);
        // Commits that tell other connections something go one after the other.
        await using var alone = source.CreateCommand("ALTER TABLE device_commands DISABLE TRIGGER tell_commands");
        await alone.ExecuteNonQueryAsync();
        return new RawRows(source);
    }

    /// <summary>Writes batches, one after the other: rows that are added by COPY, orders that change in one statement, one commit.</summary>
    /// <returns>Seconds.</returns>
    public async Task<double> WriteBatchesAsync(IReadOnlyList<EventRows> events)
    {
        await using var connection = await source.OpenConnectionAsync();
        var clock = Stopwatch.StartNew();
        foreach (var batch in events.Chunk(Batch))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var table in batch.SelectMany(e => e.Added).GroupBy(r => r.Table.Name))
                await CopyAsync(connection, [.. table]);
            await UpdateAsync(connection, [.. batch.Select(e => e.Changed).OfType<RawRow>()]);
            await transaction.CommitAsync();
        }
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>Writes each event by itself, on many connections.</summary>
    /// <returns>Seconds.</returns>
    public async Task<double> WriteEachAsync(IReadOnlyList<EventRows> events)
    {
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(events, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (e, _) => await WriteOneAsync(e));
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>Writes an event in a round trip and a commit of its own.</summary>
    public async Task WriteOneAsync(EventRows e)
    {
        await using var batch = source.CreateBatch();
        foreach (var row in e.Added)
            batch.BatchCommands.Add(Command(row.Table.Insert, row, row.Table.Columns));
        if (e.Changed is { } order)
            batch.BatchCommands.Add(Command(
                $"UPDATE orders SET {string.Join(", ", Settled.Skip(1).Select((c, i) => $"{c} = ${i + 2}"))} WHERE id = $1", order, Settled));
        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlBatchCommand Command(string sql, RawRow row, string[] columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns.Select(c => Array.IndexOf(row.Table.Columns, c)))
            command.Parameters.Add(new NpgsqlParameter { Value = row.Values[column], DataTypeName = row.Table.Types[column] });
        return command;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, RawRow[] rows)
    {
        var table = rows[0].Table;
        await using var writer = await connection.BeginBinaryImportAsync($"COPY {table.Name} ({string.Join(", ", table.Columns)}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            await writer.StartRowAsync();
            for (var i = 0; i < row.Values.Length; i++)
                if (row.Values[i] is DBNull)
                    await writer.WriteNullAsync();
                else
                    await writer.WriteAsync(row.Values[i], table.Types[i]);
        }
        await writer.CompleteAsync();
    }

    private static async Task UpdateAsync(NpgsqlConnection connection, RawRow[] orders)
    {
        if (orders.Length == 0)
            return;
        var columns = Settled.Select(c => Array.IndexOf(orders[0].Table.Columns, c)).ToArray();
        await using var update = new NpgsqlCommand(
            $"UPDATE orders o SET {string.Join(", ", Settled.Skip(1).Select(c => $"{c} = t.{c}"))} "
            + $"FROM unnest({string.Join(", ", Settled.Select((_, i) => $"${i + 1}"))}) AS t ({string.Join(", ", Settled)}) WHERE o.id = t.id", connection);
        foreach (var column in columns)
            update.Parameters.Add(new NpgsqlParameter
            {
                Value = orders.Select(o => o.Values[column]).ToArray(),
                DataTypeName = orders[0].Table.Types[column] + "[]"
            });
        await update.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
