using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Which version of a tariff prices an entry, in the database and in memory.</summary>
public sealed class VersionsInForceTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly DateTimeOffset Noon = TestPlatform.Start;

    [Fact]
    public async Task Of_those_that_have_begun_it_is_the_last_and_of_two_that_begin_together_the_newer()
    {
        var plan = new TariffPlan { Id = Guid.CreateVersion7(), Name = "Day" };
        TariffVersion[] versions =
            [Version(1, Noon), Version(2, Noon.AddHours(2)), Version(3, Noon.AddHours(1)), Version(4, Noon.AddHours(1)), Version(5, null)];
        await using var s = await City.OpenAsync();
        s.Db.AddRange([plan, .. versions]);
        await s.Db.SaveChangesAsync(Ct);
        foreach (var (hour, expected) in new[] { (-1, new int[0]), (0, [1]), (1, [4, 3, 1]), (2, [2, 4, 3, 1]) })
        {
            var at = Noon.AddHours(hour);
            Assert.Equal(expected, await s.Db.Set<TariffVersion>().Where(v => v.TariffId == plan.Id).InForce(at).Select(v => v.Number).ToListAsync(Ct));
            Assert.Equal(expected, versions.AsQueryable().InForce(at).Select(v => v.Number));
        }

        TariffVersion Version(int number, DateTimeOffset? from) => new()
        {
            Id = Guid.CreateVersion7(),
            TariffId = plan.Id,
            Number = number,
            Definition = "{}",
            EffectiveFrom = from,
            PublishedAt = from
        };
    }
}
