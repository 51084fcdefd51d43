using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Web.Node;

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
        var settings = Node.Settings.Read(builder.Configuration, builder.Environment);
        var key = await settings.ReadKeyAsync(ct);
        await using var server = await settings.StartServerAsync(key, ct);
        try
        {
            await RunAsync(new CityBackup(new DatabaseBackup(settings.Control ?? server!.ConnectionString, key), TimeProvider.System), console, ct);
        }
        catch (OperationCanceledException)
        {
            throw new StartUpException("Stopped; everything is as before.");
        }
        catch (Exception e) when (e is DatabaseFileException or System.Data.Common.DbException)
        {
            throw new StartUpException(e.Message);
        }
    }

    async Task RunAsync(CityBackup backup, TextWriter console, CancellationToken ct)
    {
        if (Name.StartsWith("backup", StringComparison.Ordinal))
        {
            await console.WriteLineAsync($"{await backup.SaveAsync(City, File, ct)} is saved in {File}, {new FileInfo(File).Length:N0} bytes.");
            return;
        }
        var (database, kept) = await backup.RestoreAsync(City, File, ct);
        await console.WriteLineAsync($"{database} is as it was when {File} was made.");
        if (kept is not null)
            await console.WriteLineAsync($"What it held until now is kept in the database {kept} until the next restore.");
        if (City is not null)
            await console.WriteLineAsync("Nodes that run go on with it. Restart them when you can: until then devices' sessions are those of before.");
    }
}
