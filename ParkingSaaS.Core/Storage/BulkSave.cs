using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>Writes what a context tracks with a few statements for each table, where EF Core has one for each row, and all in one round trip:
/// columns go as arrays to <c>unnest</c>, so that the statements stay the same and are prepared.</summary>
static class BulkSave
{
    /// <summary>Writes added and changed rows within the context's transaction. What is written leaves the context; what is removed, or has a list
    /// that changed, stays for <see cref="DbContext.SaveChangesAsync(CancellationToken)"/>.</summary>
    /// <exception cref="DbUpdateConcurrencyException">A row is not as it was read.</exception>
    public static async Task WriteAsync(DbContext db, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(
            (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction());
        var written = new List<List<EntityEntry>>();
        // Rows come before those that refer to them. A row that gives a unique value up comes before the one that takes it.
        foreach (var type in db.ChangeTracker.Entries().GroupBy(e => e.Metadata).OrderBy(g => Depth(g.Key)).ToList())
        {
            foreach (var change in type.Where(e => e.State is EntityState.Modified).GroupBy(Changed, PropertySets).Where(c => !c.Key.Exists(IsList)))
                Add(Update(type.Key, change.Key, [.. change]), change);
            var added = type.Where(e => e.State is EntityState.Added).ToList();
            if (added.Count > 0)
                Add(Insert(type.Key, added), added);
        }
        if (written.Count == 0)
            return;
        await batch.ExecuteNonQueryAsync(ct);
        for (var i = 0; i < written.Count; i++)
            if ((int)batch.BatchCommands[i].RecordsAffected != written[i].Count)
                throw new DbUpdateConcurrencyException($"Rows of {written[i][0].Metadata.GetTableName()} are not as they were read");
        foreach (var row in written.SelectMany(rows => rows))
            row.State = EntityState.Detached;

        void Add(NpgsqlBatchCommand command, IEnumerable<EntityEntry> rows)
        {
            batch.BatchCommands.Add(command);
            written.Add([.. rows]);
        }
    }

    static int Depth(IEntityType type) =>
        type.GetForeignKeys().Select(k => k.PrincipalEntityType).Where(p => p != type).Select(p => Depth(p) + 1).DefaultIfEmpty().Max();

    static readonly IEqualityComparer<List<IProperty>> PropertySets = EqualityComparer<List<IProperty>>.Create(
        (a, b) => a!.SequenceEqual(b!), set => set.Aggregate(0, (hash, p) => HashCode.Combine(hash, p)));

    static List<IProperty> Changed(EntityEntry entry) => [.. entry.Properties.Concat(entry.ComplexProperties.SelectMany(c => c.Properties))
        .Where(p => p.IsModified).Select(p => p.Metadata)];

    static bool IsList(IProperty property) => property.GetRelationalTypeMapping().ElementTypeMapping is not null;

    static NpgsqlBatchCommand Insert(IEntityType type, List<EntityEntry> rows)
    {
        List<IProperty> columns = [.. type.GetFlattenedProperties().Where(p => !p.ValueGenerated.HasFlag(ValueGenerated.OnUpdate))];
        // An array of lists would come apart altogether, so lists go as JSON.
        var command = new NpgsqlBatchCommand($"""
            INSERT INTO {type.GetTableName()} ({string.Join(", ", columns.Select(c => c.GetColumnName()))})
            SELECT {string.Join(", ", columns.Select((c, i) => IsList(c) ? $"ARRAY(SELECT jsonb_array_elements_text(c{i}))" : $"c{i}"))}
            FROM unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))}) AS t ({string.Join(", ", columns.Select((_, i) => $"c{i}"))})
            """);
        foreach (var column in columns)
            command.Parameters.Add(Current(column, rows));
        return command;
    }

    static NpgsqlBatchCommand Update(IEntityType type, List<IProperty> changed, List<EntityEntry> rows)
    {
        List<IProperty> asRead = [.. type.GetProperties().Where(p => p.IsPrimaryKey() || p.IsConcurrencyToken)];
        // In one order, so that two writers seldom wait for each other; where they do, one of them has lost a race.
        var key = type.FindPrimaryKey()!.Properties[0].Name;
        rows.Sort((a, b) => Comparer<object>.Default.Compare(a.Property(key).CurrentValue, b.Property(key).CurrentValue));
        var command = new NpgsqlBatchCommand($"""
            UPDATE {type.GetTableName()} o SET {string.Join(", ", changed.Select((c, i) => $"{c.GetColumnName()} = t.c{i}"))}
            FROM unnest({string.Join(", ", Enumerable.Range(1, changed.Count + asRead.Count).Select(i => $"${i}"))})
              AS t ({string.Join(", ", changed.Select((_, i) => $"c{i}").Concat(asRead.Select((_, i) => $"r{i}")))})
            WHERE {string.Join(" AND ", asRead.Select((c, i) => $"o.{c.GetColumnName()} = t.r{i}"))}
            """);
        foreach (var column in changed)
            command.Parameters.Add(Current(column, rows));
        foreach (var column in asRead)
            command.Parameters.Add(Values(column, rows.ConvertAll(row => row.Property(column.Name).OriginalValue)));
        return command;
    }

    static NpgsqlParameter Current(IProperty column, List<EntityEntry> rows)
    {
        var getter = column.GetGetter();
        return Values(column, rows.ConvertAll(row => getter.GetClrValueUsingContainingEntity(row.Entity)));
    }

    /// <summary>A column's values as the database takes them.</summary>
    static NpgsqlParameter Values(IProperty column, List<object?> values)
    {
        var mapping = column.GetRelationalTypeMapping();
        if (IsList(column))
            return new NpgsqlParameter { Value = values.ConvertAll(v => JsonSerializer.Serialize(v)), DataTypeName = "jsonb[]" };
        var type = mapping.Converter?.ProviderClrType ?? column.ClrType;
        var nullable = type.IsValueType && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type;
        var array = Array.CreateInstance(nullable, values.Count);
        for (var i = 0; i < values.Count; i++)
            array.SetValue(values[i] is { } value && mapping.Converter is { } converter ? converter.ConvertToProvider(value) : values[i], i);
        return new NpgsqlParameter { Value = array, DataTypeName = mapping.StoreTypeNameBase + "[]" };
    }
}
