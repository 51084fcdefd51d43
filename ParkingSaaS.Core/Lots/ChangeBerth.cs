using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A berth as entered.</summary>
/// <param name="Id">The berth.</param>
/// <param name="Number">1–16 characters, unique in the lot.</param>
/// <param name="Type">What it is meant for.</param>
/// <param name="Longitude">Degrees east, given with the latitude or not at all.</param>
/// <param name="Latitude">Degrees north.</param>
public sealed record BerthDetails(Guid Id, string Number, BerthType Type, double? Longitude, double? Latitude);

/// <summary>Changes a berth.</summary>
public sealed class ChangeBerth(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, BerthDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Berths.FirstOrDefaultAsync(b => b.Id == request.Id && b.RetiredAt == null, ct) is not { } berth)
            return new NotFound("berth");
        var number = request.Number?.Trim();
        var invalid = Check.Required(nameof(request.Number), number, 16)
            ?? Check.Range(nameof(request.Longitude), request.Longitude, -180, 180)
            ?? Check.Range(nameof(request.Latitude), request.Latitude, -90, 90)
            ?? Check.That(request.Longitude is null == request.Latitude is null, nameof(request.Latitude), "required")
            ?? Check.That(Enum.IsDefined(request.Type), nameof(request.Type), "invalid")
            ?? Check.That(!await s.Db.Berths.AnyAsync(
                b => b.LotId == berth.LotId && b.Number == number && b.RetiredAt == null && b.Id != berth.Id, ct),
                    nameof(request.Number), "taken");
        if (invalid is not null)
            return invalid;
        (berth.Number, berth.Type, berth.Longitude, berth.Latitude) = (number!, request.Type, request.Longitude,
            request.Latitude);
        return await s.SaveAsync(ct);
    }
}

/// <summary>Takes a berth out of use that no car stands on.</summary>
public sealed class RetireBerth(CitySessions sessions, CarsIn carsIn)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Berths.FirstOrDefaultAsync(b => b.Id == id && b.RetiredAt == null, ct) is not { } berth)
            return new NotFound("berth");
        if (await carsIn(s, berth.LotId, id, ct) is > 0 and var cars)
            return new StillParked(berth.Number, cars);
        berth.RetiredAt = s.Now;
        return await s.SaveAsync(ct);
    }
}
