using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Reports;

/// <summary>What the platform's administrator sees of the cities.</summary>
public sealed class CityHealthTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly Actor Root = Actor.Platform(Guid.Empty, "root");

    [Fact]
    public async Task Each_city_is_told_of_in_counts_and_by_its_last_event()
    {
        await using (var s = await City.OpenAsync())
        {
            var gate = await s.Db.Set<Device>().SingleAsync(d => d.Id == City.ExitGate.Id, Ct);
            (gate.Online, gate.LastSeenAt) = (true, TestPlatform.Start);
            await s.Db.SaveChangesAsync(Ct);
        }
        var health = await RunAsync();
        Assert.Equal(platform.Get<CityDirectory>().Active.Select(c => c.Code).Order(), health.Keys.Order());
        var alpha = health[City.Code];
        Assert.Equal((2, 0, 1, 1, null), (alpha.Lots, alpha.Parked, alpha.Devices, alpha.Online, alpha.LastEventAt));
        Assert.InRange(alpha.Bytes, 1 << 20, 1L << 32);
        Assert.EndsWith("_Initial", alpha.Schema, StringComparison.Ordinal);

        await Assert.ThrowsAsync<AccessDeniedException>(() => platform.Get<CityHealthFigures>().RunAsync(City.User(TenancyPermissions.ManageCities), Ct));
    }

    Task<IReadOnlyDictionary<string, CityHealth>> RunAsync() => platform.Get<CityHealthFigures>().RunAsync(Root, Ct);
}
