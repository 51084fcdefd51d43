// Adds a migration to each of the two databases whose model has changed: what `dotnet ef migrations add` does, through the same API, for feeds on which the
// Design package does not restore. Usage, from the repository's root: dotnet run --project tools/migrations -- <Name>
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Design.Internal;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Design;
using Microsoft.EntityFrameworkCore.Migrations.Internal;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql.EntityFrameworkCore.PostgreSQL.Design.Internal;
using ParkingSaaS.Core.Storage;

if (args is not [var name])
{
    Console.Error.WriteLine("usage: migrations <Name>");
    return 2;
}
Add(() => new CityDb(Options<CityDb>()), "City");
Add(() => new ControlDb(Options<ControlDb>()), "Control");
return 0;

static DbContextOptions<T> Options<T>() where T : DbContext => new DbContextOptionsBuilder<T>().UseNpgsql("Host=none").Options;

void Add(Func<DbContext> open, string database)
{
    // Asking spoils the snapshot for the scaffolder, which then would take all tables for new: hence two contexts.
    if (!open().Database.HasPendingModelChanges())
        return;
    var db = open();
    var services = new ServiceCollection()
        .AddDbContextDesignTimeServices(db)
        .AddSingleton<AnnotationCodeGeneratorDependencies>()
        .AddSingleton<TypeMappingSourceDependencies>()
        .AddSingleton<ICSharpHelper, CSharpHelper>()
        .AddSingleton<IOperationReporter>(new OperationReporter(null))
        .AddSingleton<CSharpMigrationOperationGeneratorDependencies>()
        .AddSingleton<ICSharpMigrationOperationGenerator, CSharpMigrationOperationGenerator>()
        .AddSingleton<CSharpSnapshotGeneratorDependencies>()
        .AddSingleton<ICSharpSnapshotGenerator, CSharpSnapshotGenerator>()
        .AddSingleton<MigrationsCodeGeneratorDependencies>()
        .AddSingleton<CSharpMigrationsGeneratorDependencies>()
        .AddSingleton<IMigrationsCodeGenerator, CSharpMigrationsGenerator>()
        .AddSingleton<IMigrationsCodeGeneratorSelector, MigrationsCodeGeneratorSelector>()
        .AddSingleton<ISnapshotModelProcessor, SnapshotModelProcessor>()
        .AddSingleton<MigrationsScaffolderDependencies>()
        .AddSingleton<IMigrationsScaffolder, MigrationsScaffolder>();
    new NpgsqlDesignTimeServices().ConfigureDesignTimeServices(services);
    using var provider = services.BuildServiceProvider();
    var scaffolder = provider.GetRequiredService<IMigrationsScaffolder>();
    var project = Path.Combine(Directory.GetCurrentDirectory(), "ParkingSaaS.Core");
    var migration = scaffolder.ScaffoldMigration(name, "ParkingSaaS.Core", $"Storage.Migrations.{database}", "C#", false);
    Console.WriteLine(scaffolder.Save(project, migration, Path.Combine(project, "Storage", "Migrations", database), false).MigrationFile);
}
