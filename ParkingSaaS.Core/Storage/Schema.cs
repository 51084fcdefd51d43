using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>How the two kinds of databases are laid out: names in snake case, which can be typed in psql as they are, and one line of
/// migrations each.</summary>
static class Schema
{
    /// <summary>The options of both contexts.</summary>
    public static DbContextOptionsBuilder<T> UsePostgres<T>(this DbContextOptionsBuilder<T> options, string? connectionString = null) where T : DbContext
    {
        options.UseNpgsql(connectionString).UseSnakeCaseNamingConvention()
            .ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning)); // a test looks for them once, not each start in each city
        return options;
    }

    /// <summary>Brings the tables up to date. Repeating it changes nothing.</summary>
    /// <exception cref="OtherTablesException">The tables are those of a version that this one does not go on from.</exception>
    public static async Task MigrateAsync(DbContext db, CancellationToken ct)
    {
        // Migrating makes it by itself, but writes errors to the log before it does.
        await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(ct);
        if (!await GoesOnAsync(db, ct))
            throw Other(db, "");
        await db.Database.MigrateAsync(ct);
        if (await DifferenceAsync(db, ct) is { } difference)
            throw Other(db, $" ({difference})");
    }

    static OtherTablesException Other(DbContext db, string difference) => new(
        $"The database {db.Database.GetDbConnection().Database} was made by an older version, or by a newer one, from whose tables there is no way to "
        + $"those of today{difference}. Begin with an empty data directory or database server, restore a backup of this version, or go on with the "
        + "version that made it. Nothing was changed.");

    /// <summary>The first column that the database lacks or has besides those of the model, as <c>table.column type</c>; null where the tables are those
    /// that this program knows. The list of migrations does not say it: before the first release their one is written anew.</summary>
    public static async Task<string?> DifferenceAsync(DbContext db, CancellationToken ct)
    {
        var tables = db.Model.GetRelationalModel().Tables.ToList();
        var known = tables.SelectMany(t => t.Columns.Where(c => c.Name != SystemColumn).Select(c => $"{t.Name}.{c.Name} {c.StoreType}")).ToHashSet();
        var names = tables.Select(t => t.Name).ToHashSet();
        var there = (await BulkSql.QueryAsync(db, Columns, row => (Table: row.GetString(0), Text: $"{row.GetString(0)}.{row.GetString(1)}"), ct))
            .Where(c => names.Contains(c.Table)).Select(c => c.Text).ToHashSet();
        return known.Except(there).Select(c => "lacks " + c).Concat(there.Except(known).Select(c => "has " + c)).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>Every row has it, and no table declares it.</summary>
    const string SystemColumn = "xmin";

    const string Columns = """
        SELECT c.relname::text, a.attname || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        """;

    /// <summary>Whether the tables, if there are any, begin with the first migration of today.</summary>
    public static async Task<bool> GoesOnAsync(DbContext db, CancellationToken ct)
    {
        try
        {
            var applied = await db.Database.GetAppliedMigrationsAsync(ct);
            return !applied.Any() || applied.Contains(db.Database.GetMigrations().First());
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedColumn)
        {
            return false;
        }
    }
}

/// <summary>Lets <c>dotnet ef</c> see the tables of a city.</summary>
sealed class CityDbDesign : IDesignTimeDbContextFactory<CityDb>
{
    public CityDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<CityDb>().UsePostgres().Options);
}

/// <summary>Lets <c>dotnet ef</c> see the tables of the platform.</summary>
sealed class ControlDbDesign : IDesignTimeDbContextFactory<ControlDb>
{
    public ControlDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<ControlDb>().UsePostgres().Options);
}
