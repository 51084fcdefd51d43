using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Tenancy;

/// <summary>How a city's pages look is the city's own choice.</summary>
public sealed class ChangeLookTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task The_citys_administrator_chooses_for_their_city_alone()
    {
        var admin = City.User(TenancyPermissions.ChangeLook);
        Assert.True((await RunAsync(admin, new(CityAccent.Teal, "浙"))).Ok);
        Assert.Equal(new CityLook(CityAccent.Teal, "浙"), LookOf(City));
        Assert.Equal(new CityLook(CityAccent.Blue, null), LookOf(platform.Beta));

        Assert.Equal(new InvalidField("Province", "invalid"), (await RunAsync(admin, new(CityAccent.Teal, "X"))).Error);
        Assert.Equal(new InvalidField("Accent", "invalid"), (await RunAsync(admin, new((CityAccent)99, null))).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => RunAsync(City.User(), new(CityAccent.Red, null)));
        Assert.Equal(new CityLook(CityAccent.Teal, "浙"), LookOf(City));
    }

    Task<Result<Done>> RunAsync(Actor actor, CityLook look) => platform.Get<ChangeLook>().RunAsync(actor, look, Ct);

    CityLook LookOf(TestCity city) => platform.Get<CityDirectory>().Get(city.Code) is var c ? new(c.Accent, c.Province) : null!;
}
