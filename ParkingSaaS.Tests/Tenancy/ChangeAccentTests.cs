using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Tenancy;

/// <summary>A city's colour is the city's own choice.</summary>
public sealed class ChangeAccentTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task The_citys_administrator_chooses_for_their_city_alone()
    {
        await RunAsync(platform.Alpha.User(TenancyPermissions.ChangeLook), CityAccent.Teal);
        Assert.Equal(CityAccent.Teal, AccentOf(platform.Alpha));
        Assert.Equal(CityAccent.Blue, AccentOf(platform.Beta));

        await Assert.ThrowsAsync<AccessDeniedException>(() => RunAsync(platform.Alpha.User(), CityAccent.Red));
        Assert.Equal(CityAccent.Teal, AccentOf(platform.Alpha));
    }

    Task RunAsync(Actor actor, CityAccent accent) => platform.Get<ChangeAccent>().RunAsync(actor, accent, Ct);

    CityAccent AccentOf(TestCity city) => platform.Get<CityDirectory>().Get(city.Code).Accent;
}
