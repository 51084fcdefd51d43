using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A lot as entered.</summary>
public sealed record LotDetails
{
    /// <summary>The lot to change; null adds one.</summary>
    public Guid? Id { get; init; }

    /// <summary>1–64 characters, unique among the city's lots in use.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of place it is; cannot change later.</summary>
    public required LotKind Kind { get; init; }

    public required Guid AreaId { get; init; }

    /// <summary>The road it lies along, which must run through its area or one above; null for none.</summary>
    public Guid? RoadId { get; init; }

    /// <summary>The company that operates it; null where the city does.</summary>
    public Guid? CompanyId { get; init; }

    /// <summary>At most 200 characters.</summary>
    public string Address { get; init; } = "";

    /// <summary>Degrees east, given with <see cref="Latitude"/> or not at all.</summary>
    public double? Longitude { get; init; }

    /// <summary>Degrees north.</summary>
    public double? Latitude { get; init; }

    /// <summary>How many cars it holds, 0–100,000.</summary>
    public required int Capacity { get; init; }

    /// <summary>At most 64 characters.</summary>
    public string OpeningHours { get; init; } = "";

    /// <summary>Minutes to leave after paying in advance, 0–1,440.</summary>
    public int PrepaidMinutesToLeave { get; init; } = 15;

    /// <summary>See <see cref="Lot.MisreadSeconds"/>, 0–60.</summary>
    public int MisreadSeconds { get; init; } = 10;

    /// <summary>See <see cref="Lot.MisreadCharacters"/>, 1–3.</summary>
    public int MisreadCharacters { get; init; } = 1;

    /// <summary>See <see cref="Lot.LongestStayHours"/>, 1–8,760.</summary>
    public int? LongestStayHours { get; init; }

    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public LotDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static LotDetails Of(Lot lot) => new()
    {
        Id = lot.Id,
        Name = lot.Name,
        Kind = lot.Kind,
        AreaId = lot.AreaId,
        RoadId = lot.RoadId,
        CompanyId = lot.CompanyId,
        Address = lot.Address,
        Longitude = lot.Longitude,
        Latitude = lot.Latitude,
        Capacity = lot.Capacity,
        OpeningHours = lot.OpeningHours,
        PrepaidMinutesToLeave = lot.PrepaidMinutesToLeave,
        MisreadSeconds = lot.MisreadSeconds,
        MisreadCharacters = lot.MisreadCharacters,
        LongestStayHours = lot.LongestStayHours
    };
}

public sealed class SaveLot(CitySessions sessions)
{
    /// <summary>Saves and answers the lot's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, LotDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        var lot = request.Id is null ? null
            : await s.Db.Set<Lot>().FirstOrDefaultAsync(l => l.Id == request.Id && l.RetiredAt == null, ct);
        if (lot is null && (request.Id is not null || actor.Scope.LotIds.Count > 0))
            return new NotFound("lot");
        if (lot is not null && Edits.Since(request.Seen, LotDetails.Of(lot), request) is { } changed)
            return changed;
        var places = await LotPlaces.LoadAsync(s, ct);
        var name = request.Name?.Trim();
        var invalid = places.Invalid(request, lot)
            // Names are unique in the whole city, so also among the lots that this actor does not see.
            ?? Check.That(!await s.Db.Set<Lot>().IgnoreQueryFilters([CityDb.ScopeFilter]).AnyAsync(
                l => l.Name == name && l.RetiredAt == null && l.Id != request.Id, ct), nameof(request.Name), "taken");
        if (invalid is not null)
            return invalid;
        var id = Put(s, request, lot).Id;
        return (await s.SaveAsync(ct)).Error is { } error ? error : id;
    }

    /// <summary>Puts what was checked into the session.</summary>
    /// <param name="lot">As it is; null for a new one.</param>
    internal static Lot Put(CitySession s, LotDetails request, Lot? lot)
    {
        if (lot is null)
        {
            s.Db.Set<Lot>().Add(lot = new Lot
            {
                Id = Guid.CreateVersion7(),
                Name = request.Name,
                Kind = request.Kind,
                AreaId = request.AreaId,
                Capacity = request.Capacity
            });
            s.Db.Scope = s.Db.Scope with { Lots = [.. s.Db.Scope.Lots, lot.Id] };
        }
        lot.Name = request.Name.Trim();
        lot.AreaId = request.AreaId;
        lot.RoadId = request.RoadId;
        lot.CompanyId = request.CompanyId;
        lot.Address = request.Address.Trim();
        (lot.Longitude, lot.Latitude) = (request.Longitude, request.Latitude);
        lot.Capacity = request.Capacity;
        lot.OpeningHours = request.OpeningHours.Trim();
        lot.PrepaidMinutesToLeave = request.PrepaidMinutesToLeave;
        (lot.MisreadSeconds, lot.MisreadCharacters) = (request.MisreadSeconds, request.MisreadCharacters);
        lot.LongestStayHours = request.LongestStayHours;
        return lot;
    }
}
