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
        .AddNames("area", s => s.Db.Set<Area>().Select(a => a.Name))
        .AddNames("company", s => s.Db.Set<Company>().Where(c => c.RetiredAt == null).Select(c => c.Name))
        .AddNames("lane", s => s.Db.Set<Lane>().Where(l => l.RetiredAt == null).Select(l => l.Name))
        .AddNames("lot", s => s.Db.Set<Lot>().Where(l => l.RetiredAt == null).Select(l => l.Name))
        .AddNames("lot-group", s => s.Db.Set<LotGroup>().Select(g => g.Name))
        .AddNames("photo", s => s.Db.Set<LotPhoto>().Select(p => p.Caption))
        .AddNames("road", s => s.Db.Set<Road>().Select(r => r.Name))
        .AddNames("zone", s => s.Db.Set<LotZone>().Select(z => z.Name))
        .AddImport<ImportLots>()
        .AddImport<ImportLanes>()
        .AddImport<ImportBerths>();
}
