using Npgsql;
using ParkingSaaS.Core.Tenancy;
using Xunit.Sdk;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Tests in front of two fresh cities. They act in alpha; after each it is looked whether beta is as it was.</summary>
public abstract class PlatformTest(Cluster cluster) : IAsyncLifetime
{
    const string Contents = """
        SELECT array_agg(relname || ' ' || md5(table_to_xml(oid, true, false, '')::text))
        FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        """;

    readonly DisposalTracker owned = new();
    string? otherDatabase;
    IReadOnlyList<string>? otherCity;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected TestPlatform platform = null!;

    protected Cluster Cluster => cluster;

    /// <summary>The city that the test acts in.</summary>
    protected TestCity City => platform.Alpha;

    public async ValueTask InitializeAsync()
    {
        platform = await cluster.NewPlatformAsync();
        otherDatabase = cluster.CityConnectionString(platform.Get<CityDirectory>().Get(platform.Beta.Code).Database);
        await PrepareAsync();
        await OtherCityBeginsHereAsync();
    }

    /// <summary>What is there before each test, in either city.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>The test ends it: the last one first, and all before the cities.</summary>
    protected T Own<T>(T thing) where T : class
    {
        owned.Add(thing);
        return thing;
    }

    /// <summary>The test may make this database, which goes with it.</summary>
    protected void OwnDatabase(string name) => owned.AddAction(() => cluster.Drop(name));

    /// <summary>What the test did in the other city so far was meant; from here on nothing may change there.</summary>
    protected async Task OtherCityBeginsHereAsync() => otherCity = await OtherCityAsync();

    /// <summary>The test acts in both cities to its end.</summary>
    protected void OtherCityChanges() => otherCity = null;

    /// <summary>What each of its tables holds.</summary>
    async Task<string[]> OtherCityAsync()
    {
        await using var source = NpgsqlDataSource.Create(otherDatabase!);
        await using var read = source.CreateCommand(Contents);
        return (string[])(await read.ExecuteScalarAsync(CancellationToken.None))!;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            await owned.DisposeAsync();
            if (otherCity is { } before)
                Assert.Empty((await OtherCityAsync()).Except(before));
        }
        finally
        {
            await platform.DisposeAsync();
        }
    }
}
