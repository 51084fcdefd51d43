using ParkingSaaS.Core.Tenancy;
using Xunit.Sdk;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Tests in front of two fresh cities. They act in alpha; after each it is looked whether beta is as it was.</summary>
public abstract class PlatformTest(Cluster cluster) : IAsyncLifetime
{
    readonly DisposalTracker owned = new();
    string otherDatabase = "";
    IReadOnlyList<string>? otherCity = cluster.OtherCity;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected TestPlatform platform = null!;

    protected Cluster Cluster => cluster;

    /// <summary>The city that the test acts in.</summary>
    protected TestCity City => platform.Alpha;

    public async ValueTask InitializeAsync()
    {
        platform = await cluster.NewPlatformAsync();
        otherDatabase = platform.Get<CityDirectory>().Get(platform.Beta.Code).Database;
        await PrepareAsync();
    }

    /// <summary>What is there before each test.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>What must be so after each test, whatever it did.</summary>
    protected virtual Task AfterwardsAsync() => Task.CompletedTask;

    /// <summary>The test ends it: the last one first, and all before the cities.</summary>
    protected T Own<T>(T thing) where T : class
    {
        owned.Add(thing);
        return thing;
    }

    /// <summary>The test may make this database, which goes with it.</summary>
    protected void OwnDatabase(string name) => owned.AddAction(() => cluster.Drop(name));

    /// <summary>What the test did in the other city so far was meant; from here on nothing may change there.</summary>
    protected async Task OtherCityBeginsHereAsync() => otherCity = await cluster.ContentsAsync(otherDatabase);

    /// <summary>The test acts in both cities to its end.</summary>
    protected void OtherCityChanges() => otherCity = null;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            await AfterwardsAsync();
            await owned.DisposeAsync();
            if (otherCity is { } before)
            {
                Assert.Empty((await cluster.ContentsAsync(otherDatabase)).Except(before));
                platform.BetaIsUntouched = before == cluster.OtherCity;
            }
        }
        finally
        {
            await platform.DisposeAsync();
        }
    }
}
