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
    /// <exception cref="StorageSetupException">The tables are those of a version that this one does not go on from.</exception>
    public static async Task MigrateAsync(DbContext db, CancellationToken ct)
    {
        // Migrating makes it by itself, but writes errors to the log before it does.
        await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(ct);
        if (!await GoesOnAsync(db, ct))
            throw new StorageSetupException($"The database {db.Database.GetDbConnection().Database} was made by an older version, from whose "
                + "tables there is no way to those of today. Begin with an empty data directory or database server, or go on with the version "
                + "that made it.");
        await db.Database.MigrateAsync(ct);
    }

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
