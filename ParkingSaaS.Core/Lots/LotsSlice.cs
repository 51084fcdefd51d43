using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Names;

namespace ParkingSaaS.Core.Lots;

/// <summary>Areas, roads, companies, and lots with what belongs to them.</summary>
sealed class LotsSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(LotPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
        .AddPermission(LotPermissions.Manage, Roles.City, Roles.District, Roles.Company)
        .AddPermission(LotPermissions.ManageAreas, Roles.City)
        .AddPermission(LotPermissions.ManageCompanies, Roles.City)
        .AddSingleton<SaveArea>()
        .AddSingleton<RemoveArea>()
        .AddSingleton<SaveRoad>()
        .AddSingleton<RemoveRoad>()
        .AddSingleton<SaveLotGroup>()
        .AddSingleton<RemoveLotGroup>()
        .AddSingleton<SaveCompany>()
        .AddSingleton<RetireCompany>()
        .AddSingleton<SaveLot>()
        .AddSingleton<SaveZone>()
        .AddSingleton<RemoveZone>()
        .AddSingleton<AddPhoto>()
        .AddSingleton<RemovePhoto>()
        .AddSingleton<SaveLane>()
        .AddSingleton<RetireLot>()
        .AddSingleton<RetireLane>()
        .AddSingleton<RetireBerth>()
        .AddSingleton<UseLotAgain>()
        .AddSingleton<UseLaneAgain>()
        .AddSingleton<UseBerthAgain>()
        .AddSingleton<AddBerths>()
        .AddSingleton<ChangeBerth>()
        .AddNames("area", db => db.Set<Area>().Select(a => a.Name))
        .AddNames("company", db => db.Set<Company>().Where(c => c.RetiredAt == null).Select(c => c.Name))
        .AddNames("lane", db => db.Set<Lane>().Where(l => l.RetiredAt == null).Select(l => l.Name))
        .AddNames("lot", db => db.Set<Lot>().Where(l => l.RetiredAt == null).Select(l => l.Name))
        .AddNames("lot-group", db => db.Set<LotGroup>().Select(g => g.Name))
        .AddNames("photo", db => db.Set<LotPhoto>().Select(p => p.Caption))
        .AddNames("road", db => db.Set<Road>().Select(r => r.Name))
        .AddNames("zone", db => db.Set<LotZone>().Select(z => z.Name))
        .AddImport<ImportLots>()
        .AddImport<ImportLanes>()
        .AddImport<ImportBerths>();
}
