using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A berth as entered.</summary>
/// <param name="Number">1–16 characters, unique in the lot.</param>
/// <param name="Longitude">Degrees east, given with the latitude or not at all.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="ZoneId">A zone of its lot; null for none.</param>
public sealed record BerthDetails(Guid Id, string Number, BerthType Type, double? Longitude, double? Latitude, Guid? ZoneId = null)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public BerthDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static BerthDetails Of(Berth berth) => new(berth.Id, berth.Number, berth.Type, berth.Longitude, berth.Latitude, berth.ZoneId);
}

public sealed class ChangeBerth(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, BerthDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (await s.Db.Set<Berth>().FirstOrDefaultAsync(b => b.Id == request.Id && b.RetiredAt == null, ct) is not { } berth)
            return new NotFound("berth");
        if (Edits.Since(request.Seen, BerthDetails.Of(berth), request) is { } changed)
            return changed;
        var number = request.Number?.Trim();
        var invalid = Invalid(request)
            ?? Check.That(request.ZoneId is null
                || await s.Db.Set<LotZone>().AnyAsync(z => z.Id == request.ZoneId && z.LotId == berth.LotId, ct), nameof(request.ZoneId), "invalid")
            ?? Check.That(!await s.Db.Set<Berth>().AnyAsync(
                b => b.LotId == berth.LotId && b.Number == number && b.RetiredAt == null && b.Id != berth.Id, ct),
                    nameof(request.Number), "taken");
        if (invalid is not null)
            return invalid;
        (berth.Number, berth.Type, berth.ZoneId) = (number!, request.Type, request.ZoneId);
        (berth.Longitude, berth.Latitude) = (request.Longitude, request.Latitude);
        return await s.SaveAsync(ct);
    }

    /// <summary>Checks what needs no look at anything else.</summary>
    internal static InvalidField? Invalid(BerthDetails r) =>
        Check.All(
            Check.Required(nameof(r.Number), r.Number?.Trim(), 16),
            Check.Range(nameof(r.Longitude), r.Longitude, -180, 180),
            Check.Range(nameof(r.Latitude), r.Latitude, -90, 90),
            Check.That(r.Longitude is null == r.Latitude is null, nameof(r.Latitude), "required"),
            Check.That(Enum.IsDefined(r.Type), nameof(r.Type), "invalid"));
}
