using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>An owner's plate is seen by those to whom a device saw the car come. What people type or pay themselves proves nothing: whoever
/// works a booth could look anybody up. Devices may have read the letters O and I, which a known car never has. The city writes it.</summary>
sealed class OwnerPlateScope() : ScopeRule<OwnerPlate>(
    db => p => db.Scope.All || db.Set<Order>().Any(o => o.Plate == p.Plate
        && db.Set<Passage>().Any(x => x.OrderId == o.Id && x.DeviceId != null
            && (x.Plate == p.Plate || x.Plate!.Replace("O", "0").Replace("I", "1") == p.Plate))),
    (_, _) => false);

sealed class OwnerScope() : ScopeRule<Owner>(
    db => o => db.Scope.All || db.Set<OwnerPlate>().Any(p => p.OwnerId == o.Id),
    (_, _) => false);
