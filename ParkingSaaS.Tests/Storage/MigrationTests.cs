using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Tests.Storage;

public sealed class MigrationTests
{
    [Fact]
    public void No_change_of_a_model_lacks_its_migration()
    {
        using var city = new CityDb(new DbContextOptionsBuilder<CityDb>().UseNpgsql().Options);
        using var control = new ControlDb(new DbContextOptionsBuilder<ControlDb>().UseNpgsql().Options);
        Assert.False(city.Database.HasPendingModelChanges());
        Assert.False(control.Database.HasPendingModelChanges());
    }
}
