using ParkingSaaS.Bench.Faults;

namespace ParkingSaaS.Tests.Devices;

/// <summary>The first promise, while everything happens to the database that can: what was acknowledged is there, once, and none of it failed.
/// <c>ParkingSaaS.Bench faults</c> is the same for longer.</summary>
public sealed class FaultTests
{
    const int Seed = 20261128;

    [Fact]
    public async Task What_is_acknowledged_is_there_once_whatever_happens_to_the_database()
    {
        var report = await FaultRun.RunAsync(TimeSpan.FromSeconds(30), Seed, eventsPerSecond: 50, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        Assert.True(report.Acknowledged >= 100, $"{report}");
        Assert.True(report.Missing.Count + report.Doubled.Count + report.Failed.Count == 0, $"{report}");
    }
}
