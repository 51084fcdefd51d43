using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Passes;

/// <summary>Changes a plate of a pass from now on; what its car parked before stays covered.</summary>
public sealed class ChangePassPlate(PassChange changes)
{
    /// <param name="old">The plate that leaves it; null adds one.</param>
    /// <param name="plate">The plate that comes onto it, as typed; null takes the old one off.</param>
    /// <exception cref="AccessDeniedException">The actor may not sell.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid passId, string? old, TypedPlate plate, CancellationToken ct) =>
        await changes.RunAsync(actor, PassPermissions.Sell, passId, async (s, pass) =>
        {
            await s.LockAsync(CityLock.Passes, ct);
            if (pass.State is not (PassState.Active or PassState.Suspended))
                return new WrongPassState(pass.State);
            var product = await s.ProductAsync(pass, ct);
            if (product.Binding is PassBinding.Berth)
                return new InvalidField("Plates", "invalid");
            var now = await s.Db.Set<PassPlate>().Where(p => p.PassId == passId && p.Plate != null && p.Until == null).ToListAsync(ct);
            var leaves = now.Find(p => p.Plate == old);
            if (old is not null && leaves is null)
                return new NotFound("plate");
            var typed = string.IsNullOrWhiteSpace(plate.Text) ? [] : new[] { plate.Text };
            if (!PassSales.Plates([.. now.Where(p => p != leaves).Select(p => p.Plate!), .. typed], product).Try(out var plates, out var error))
                return error;
            var comes = plates.Except(now.Select(p => p.Plate!)).FirstOrDefault();
            if (TypedPlate.Ask(plate.Foreign, comes) is { } question)
                return question;
            var today = s.City.Zone.Date(s.Now);
            if (comes is not null && (await PassSales.NotForAsync(s, product, [comes], ct)
                ?? await PassSales.OverlapAsync(s, passId, await PassSales.LotsAsync(s, product, ct), [comes], null,
                    today, pass.Until > today ? pass.Until : today, ct)) is { } refused)
                return refused;
            if (comes == leaves?.Plate)
                return null;
            if (leaves is not null)
                leaves.Until = s.Now;
            if (comes is not null)
                s.Db.Add(new PassPlate { Id = Guid.CreateVersion7(), LotId = pass.LotId, PassId = passId, Plate = comes, Since = s.Now });
            PassOperation.Log(s, pass, PassOperationKind.PlateChanged, detail: $"{old ?? "–"} → {comes ?? "–"}");
            return null;
        }, ct);
}
