using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>Fills a table with very many rows. Its indexes and foreign keys are made once the rows are there: for the hundred thousands this takes a
/// fraction of the time.</summary>
static class BulkLoad
{
    sealed record Rule(string Drop, string Make);

    /// <summary>Writes rows within the context's transaction, which keeps others away from the table.</summary>
    public static async Task WriteAsync<T>(DbContext db, IEnumerable<T> rows, CancellationToken ct) where T : class
    {
        var type = db.Model.FindEntityType(typeof(T))!;
        var table = type.GetTableName()!;
        var rules = await RulesAsync(db, table, ct);
        await BulkSql.ExecuteAsync(db, string.Concat(rules.Select(r => r.Drop)), ct);
        await CopyAsync(db, type, table, rows, ct);
        // Without figures of the table the first questions are answered by plans for an empty one.
        await BulkSql.ExecuteAsync(db, "SET LOCAL maintenance_work_mem = '256MB';" + string.Concat(rules.Select(r => r.Make)) + $"ANALYZE {table}", ct);
    }

    /// <summary>What is checked and kept for each row, but for the primary key.</summary>
    static Task<List<Rule>> RulesAsync(DbContext db, string table, CancellationToken ct) => BulkSql.QueryAsync(db, """
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I;', conrelid::regclass, conname),
          format('ALTER TABLE %s ADD CONSTRAINT %I %s;', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'f'
        UNION ALL
        SELECT format('DROP INDEX %s;', indexrelid::regclass), pg_get_indexdef(indexrelid) || ';'
        FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary
        """, row => new Rule(row.GetString(0), row.GetString(1)), ct, table);

    static async Task CopyAsync<T>(DbContext db, IEntityType type, string table, IEnumerable<T> rows, CancellationToken ct) where T : class
    {
        var columns = type.GetFlattenedProperties().Where(p => !p.ValueGenerated.HasFlag(ValueGenerated.OnUpdate)).Select(Column.Of).ToArray();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {table} ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) FROM STDIN (FORMAT BINARY)", ct);
        // The server is slower than we are. A thread that waits for it costs nothing; one that is handed on at every full buffer does.
        foreach (var row in rows)
        {
            ct.ThrowIfCancellationRequested();
            copy.StartRow();
            foreach (var column in columns)
                if (column.ValueOf(row) is { } value)
                    column.Write(copy, value);
                else
                    copy.WriteNull();
        }
        await copy.CompleteAsync(ct);
    }

    /// <summary>A column, its value in a row, and how that is written: as what it is, which is quicker than as any object.</summary>
    sealed record Column(string Name, Func<object, object?> ValueOf, Action<NpgsqlBinaryImporter, object> Write)
    {
        static readonly MethodInfo Writing = typeof(Column).GetMethod(nameof(Writer), BindingFlags.NonPublic | BindingFlags.Static)!;

        public static Column Of(IProperty property)
        {
            var (getter, mapping) = (property.GetGetter(), property.GetRelationalTypeMapping());
            // A list is written as a list, though its mapping converts it.
            var converter = mapping.ElementTypeMapping is null ? mapping.Converter : null;
            var type = converter?.ProviderClrType ?? property.ClrType;
            return new Column(property.GetColumnName(),
                converter is null ? getter.GetClrValueUsingContainingEntity
                    : row => getter.GetClrValueUsingContainingEntity(row) is { } value ? converter.ConvertToProvider(value) : null,
                (Action<NpgsqlBinaryImporter, object>)Writing.MakeGenericMethod(Nullable.GetUnderlyingType(type) ?? type)
                    .Invoke(null, [mapping.StoreTypeNameBase])!);
        }

        static Action<NpgsqlBinaryImporter, object> Writer<T>(string type) => (copy, value) => copy.Write((T)value, type);
    }
}
