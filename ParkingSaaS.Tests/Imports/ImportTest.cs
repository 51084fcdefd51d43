using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Imports;

/// <summary>Somebody of the city who takes tables in.</summary>
public abstract class ImportTest(Cluster cluster) : PlatformTest(cluster)
{
    protected Actor Admin => field ??= City.User(LotPermissions.Manage, DevicePermissions.Manage, VehiclePermissions.ManageLists);

    /// <summary>Somebody of the company that operates North.</summary>
    protected Actor NorthCompany => field ??= Actor.User(City.Code, Guid.CreateVersion7(), "north",
        new HashSet<string> { LotPermissions.Manage, DevicePermissions.Manage }, new Scope(CompanyId: City.NorthCompany.Id));

    protected static ImportFile File(string text, EmptyCells empty = EmptyCells.Keep, Guid? lotId = null) => new(text, Languages.Of, lotId, empty);

    protected Task<Result<ImportPlan>> PreviewAsync<T>(ImportFile file, Actor? actor = null) where T : TableImport =>
        platform.Get<T>().PreviewAsync(actor ?? Admin, file, Ct);

    /// <summary>Looks at what would become of a file, that nothing has become of it, and takes it.</summary>
    protected async Task<ImportDone> TakeAsync<T>(string text, EmptyCells empty = EmptyCells.Keep, Guid? lotId = null, Actor? actor = null)
        where T : TableImport
    {
        var before = await CountsAsync();
        var plan = (await PreviewAsync<T>(File(text, empty, lotId), actor)).Value;
        Assert.Equal(before, await CountsAsync());
        var done = (await platform.Get<T>().RunAsync(actor ?? Admin, File(text, empty, lotId), plan, Ct)).Value;
        Assert.Equal((plan.Added, plan.Changed), (done.Added, done.Changed));
        return done;
    }

    /// <summary>The same file once more finds all of it as it says, and writes nothing.</summary>
    protected async Task AgainNothingAsync<T>(string text, Guid? lotId = null) where T : TableImport
    {
        var plan = (await PreviewAsync<T>(File(text, lotId: lotId))).Value;
        Assert.All(plan.Rows, r => Assert.Empty(r.Changes));
        Assert.Equal((0, 0, plan.Rows.Count), (plan.Added, plan.Changed, plan.Unchanged));
        var done = (await platform.Get<T>().RunAsync(Admin, File(text, lotId: lotId), plan, Ct)).Value;
        Assert.Equal((0, 0, 0), (done.Added, done.Changed, done.Secrets.Count));
    }

    /// <summary>What is wrong with a file, and that nothing was saved.</summary>
    protected async Task<List<(string Cell, Error Problem)>> WrongAsync<T>(string text, Actor? actor = null) where T : TableImport
    {
        var before = await CountsAsync();
        var wrong = Assert.IsType<BadCells>((await PreviewAsync<T>(File(text), actor)).Error);
        Assert.Equal(wrong.Cells, Assert.IsType<BadCells>((await platform.Get<T>().RunAsync(actor ?? Admin, File(text), new([]), Ct)).Error).Cells);
        Assert.Equal(before, await CountsAsync());
        return [.. wrong.Cells.Select(c => (c.Cell, c.Problem))];
    }

    protected async Task<TRead> ReadAsync<TRead>(Func<CitySession, Task<TRead>> read)
    {
        await using var s = await City.OpenAsync();
        return await read(s);
    }

    protected Task<Lot> LotAsync(string name) => ReadAsync(s => s.Db.Set<Lot>().AsNoTracking().SingleAsync(l => l.Name == name, Ct));

    Task<(int Lots, int Lanes, int Berths, int Devices)> CountsAsync() => ReadAsync(async s => (await s.Db.Set<Lot>().CountAsync(Ct),
        await s.Db.Set<Lane>().CountAsync(Ct), await s.Db.Set<Berth>().CountAsync(Ct), await s.Db.Set<Device>().CountAsync(Ct)));
}
