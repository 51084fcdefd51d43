using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>What an operator does with backups, by the program itself: it knows where its databases are and how to reach them. The settings
/// are those of the program; with the private server it may run meanwhile or not.</summary>
/// <param name="Name"><c>backup-city</c>, <c>restore-city</c>, <c>backup-control</c> or <c>restore-control</c>.</param>
/// <param name="City">The city's code; null for the control database.</param>
/// <param name="File">The file.</param>
/// <param name="Settings">The program's settings, as arguments.</param>
sealed record BackupCommand(string Name, string? City, string File, string[] Settings)
{
    const string Usage = """
        usage: ParkingSaaS.Web backup-city CITY FILE [settings]
               ParkingSaaS.Web restore-city CITY FILE [settings]
               ParkingSaaS.Web backup-control FILE [settings]
               ParkingSaaS.Web restore-control FILE [settings]
        """;

    /// <summary>The command that the arguments ask for; null where they start the program.</summary>
    /// <exception cref="StartUpException">It lacks something.</exception>
    public static BackupCommand? Of(string[] args) => args switch
    {
        ["backup-city" or "restore-city", [not '-', ..] city, [not '-', ..] file, .. var settings] => new(args[0], city, file, settings),
        ["backup-control" or "restore-control", [not '-', ..] file, .. var settings] => new(args[0], null, file, settings),
        ["backup-city" or "restore-city" or "backup-control" or "restore-control", ..] => throw new StartUpException(Usage),
        _ => null
    };

    /// <exception cref="StartUpException">It cannot be done; everything is as before.</exception>
    public async Task RunAsync(TextWriter console, CancellationToken ct)
    {
        var builder = ParkingHost.Builder(Settings);
        var settings = Hosting.Settings.Read(builder.Configuration, builder.Environment);
        await using var server = await settings.StartServerAsync(ct);
        var control = settings.Control ?? server!.ConnectionString;
        try
        {
            await RunAsync(control, console, ct);
        }
        catch (OperationCanceledException)
        {
            throw new StartUpException("Stopped; everything is as before.");
        }
        catch (Exception e) when (e is DatabaseFileException or NpgsqlException)
        {
            throw new StartUpException(e.Message);
        }
    }

    async Task RunAsync(string control, TextWriter console, CancellationToken ct)
    {
        var city = City is null ? null : await FindAsync(control, ct);
        var database = city?.Database ?? new NpgsqlConnectionStringBuilder(control).Database!;
        var files = new DatabaseFile(control);
        if (Name.StartsWith("backup", StringComparison.Ordinal))
        {
            await files.SaveAsync(database, File, ct);
            await console.WriteLineAsync($"{database} is saved in {File}, {new FileInfo(File).Length:N0} bytes.");
            return;
        }
        if (city is null)
            await RequireNobodyAsync(control, database, ct);
        var kept = await files.RestoreAsync(database, File, copy => UpdateAsync(control, city, copy, ct), ct);
        await console.WriteLineAsync($"{database} is as it was when {File} was made.");
        if (kept is not null)
            await console.WriteLineAsync($"What it held until now is kept in the database {kept} until the next restore.");
        if (city is not null)
            await console.WriteLineAsync("Nodes that run go on with it. Restart them when you can: until then devices' sessions are those of before.");
    }

    async Task<City> FindAsync(string control, CancellationToken ct)
    {
        await using var db = Open(control);
        return await db.Cities.AsNoTracking().FirstOrDefaultAsync(c => c.Code == City, ct)
            ?? throw new StartUpException($"There is no city {City}. Add it first, or restore the control database.");
    }

    static ControlDb Open(string connectionString) => new(new DbContextOptionsBuilder<ControlDb>().UseNpgsql(connectionString).Options);

    /// <summary>A node keeps in memory what is in the control database.</summary>
    static async Task RequireNobodyAsync(string control, string database, CancellationToken ct)
    {
        await using var server = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(control) { Database = "postgres", Pooling = false }.ConnectionString);
        await using var others = server.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = $1");
        others.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database });
        if (await others.ExecuteScalarAsync(ct) is > 0L)
            throw new StartUpException("Stop all nodes first: somebody is connected to the control database.");
    }

    /// <summary>An older backup is brought up to date; one of a newer program, or of something else, is refused.</summary>
    static async Task UpdateAsync(string control, City? city, string copy, CancellationToken ct)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(control) { Database = copy, Pooling = false }.ConnectionString;
        await using var db = city is null ? (DbContext)Open(connectionString)
            : new CityDb(new DbContextOptionsBuilder<CityDb>().UseNpgsql(connectionString).Options);
        if ((await db.Database.GetAppliedMigrationsAsync(ct)).Except(db.Database.GetMigrations()).FirstOrDefault() is { } unknown)
            throw new DatabaseFileException($"The backup is of a newer program, or of something else: this one does not know {unknown}.");
        await db.Database.MigrateAsync(ct);
    }
}
