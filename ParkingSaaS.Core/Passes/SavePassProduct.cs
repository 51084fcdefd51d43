using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Passes;

/// <summary>A product as entered; the meaning of each part is that of <see cref="PassProduct"/>'s.</summary>
/// <param name="Id">The product to change; null adds one.</param>
/// <param name="Name">1–64 characters, unique among those that are for sale.</param>
public sealed record PassProductDetails(Guid? Id, string Name)
{
    public PassScope Scope { get; init; }
    public Guid? LotGroupId { get; init; }
    public IReadOnlyList<Guid> LotIds { get; init; } = [];
    public PassBinding Binding { get; init; }
    public PassTerm Term { get; init; }
    public bool Natural { get; init; }
    public Money Price { get; init; }
    public int MaxTerms { get; init; } = 12;
    public int MaxPlates { get; init; } = 1;
    public int Places { get; init; } = 1;

    /// <summary>The kinds of vehicle that it is sold to, at least one; null for all.</summary>
    public IReadOnlyList<VehicleKind>? Vehicles { get; init; }

    /// <summary>The groups of plates that it is sold to, at least one; null for all plates.</summary>
    public IReadOnlyList<Guid>? PlateGroupIds { get; init; }
    public bool OnLine { get; init; }
    public bool OffLine { get; init; } = true;
    public bool Reviewed { get; init; } = true;
    public DateOnly? SaleFrom { get; init; }
    public DateOnly? SaleUntil { get; init; }
    public int MaxDaysAhead { get; init; }
    public int? OfferTerms { get; init; }
    public int OfferPercent { get; init; }
    public int OfferDays { get; init; }
    public int GraceDays { get; init; }

    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public PassProductDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static PassProductDetails Of(PassProduct p) => new(p.Id, p.Name)
    {
        Scope = p.Scope,
        LotGroupId = p.GroupId,
        LotIds = p.LotIds,
        Binding = p.Binding,
        Term = p.Term,
        Natural = p.Natural,
        Price = p.Price,
        MaxTerms = p.MaxTerms,
        MaxPlates = p.MaxPlates,
        Places = p.Places,
        Vehicles = p.Vehicles.Count == 0 ? null : p.Vehicles,
        PlateGroupIds = p.PlateGroupIds.Count == 0 ? null : p.PlateGroupIds,
        OnLine = p.OnLine,
        OffLine = p.OffLine,
        Reviewed = p.Reviewed,
        SaleFrom = p.SaleFrom,
        SaleUntil = p.SaleUntil,
        MaxDaysAhead = p.MaxDaysAhead,
        OfferTerms = p.OfferTerms,
        OfferPercent = p.OfferPercent,
        OfferDays = p.OfferDays,
        GraceDays = p.GraceDays
    };
}

public sealed class SavePassProduct(CitySessions sessions)
{
    /// <summary>The dearest term, in minor units.</summary>
    public const long MaxPrice = 100_000_000;

    /// <summary>Saves and answers the product's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, PassProductDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Products, ct);
        if (Invalid(request) is { } invalid)
            return invalid;
        // What holds beyond one's reach is not one's own to sell.
        if (request.Scope is not PassScope.Lots && !actor.Scope.IsWholeCity)
            return new InvalidField(nameof(request.Scope), "invalid");
        var name = request.Name.Trim();
        var lots = request.Scope is PassScope.Lots ? request.LotIds.Distinct().ToList() : [];
        if (await s.Db.Set<Lot>().CountAsync(l => lots.Contains(l.Id), ct) != lots.Count)
            return new NotFound("lot");
        if (request.Scope is PassScope.Group && !await s.Db.Set<LotGroup>().AnyAsync(g => g.Id == request.LotGroupId, ct))
            return new NotFound("group");
        var plateGroups = request.PlateGroupIds?.Distinct().ToList() ?? [];
        if (await s.Db.Set<PlateGroup>().CountAsync(g => plateGroups.Contains(g.Id), ct) != plateGroups.Count)
            return new NotFound("group");
        var product = request.Id is null ? null : await s.Db.Set<PassProduct>().FirstOrDefaultAsync(p => p.Id == request.Id, ct);
        if (request.Id is not null && (product is null || !WithdrawPassProduct.Own(s, product)))
            return new NotFound("product");
        if (product is not null && Edits.Since(request.Seen, PassProductDetails.Of(product), request, product.ChangedBy) is { } changed)
            return changed;
        // Names are unique in the city: one beyond one's reach is taken too, and is no change meanwhile.
        if (await s.Db.Set<PassProduct>().IgnoreQueryFilters([Storage.CityDb.ScopeFilter])
                .AnyAsync(p => p.Name == name && p.WithdrawnAt == null && p.Id != request.Id, ct))
            return new InvalidField(nameof(request.Name), "taken");
        if (product is not null && product.Binding != request.Binding && await s.Db.Set<Pass>().AnyAsync(p => p.ProductId == product.Id, ct))
            return new InvalidField(nameof(request.Binding), "invalid");
        if (product is null)
            s.Db.Add(product = new PassProduct { Id = Guid.CreateVersion7(), Name = name, ChangedBy = actor.Name, ChangedAt = s.Now });
        var byPlate = request.Binding is PassBinding.Plate;
        (product.Name, product.Binding, product.Scope) = (name, request.Binding, request.Scope);
        (product.GroupId, product.LotIds) = (request.Scope is PassScope.Group ? request.LotGroupId : null, lots);
        (product.Term, product.Natural, product.Price) = (request.Term, request.Natural, request.Price);
        (product.MaxTerms, product.MaxPlates, product.Places) = (request.MaxTerms, byPlate ? request.MaxPlates : 1, byPlate ? request.Places : 1);
        (product.Vehicles, product.PlateGroupIds, product.OnLine) = ([.. request.Vehicles?.Distinct() ?? []], plateGroups, request.OnLine);
        (product.OffLine, product.Reviewed) = (request.OffLine, request.Reviewed);
        (product.SaleFrom, product.SaleUntil, product.MaxDaysAhead) = (request.SaleFrom, request.SaleUntil, request.MaxDaysAhead);
        (product.OfferTerms, product.OfferPercent, product.OfferDays) = (request.OfferTerms, request.OfferPercent, request.OfferDays);
        (product.GraceDays, product.ChangedBy, product.ChangedAt) = (request.GraceDays, actor.Name, s.Now);
        return (await s.SaveAsync(ct)).Error is { } error ? error : product.Id;
    }

    static InvalidField? Invalid(PassProductDetails p) =>
        Check.All(
            Check.Required(nameof(p.Name), p.Name, 64),
            Check.That(Enum.IsDefined(p.Scope), nameof(p.Scope), "invalid"),
            Check.That(Enum.IsDefined(p.Binding), nameof(p.Binding), "invalid"),
            Check.That(Enum.IsDefined(p.Term), nameof(p.Term), "invalid"),
            Check.That(p.Vehicles is not { Count: 0 }, nameof(p.Vehicles), "required"),
            Check.That(p.Vehicles?.All(Enum.IsDefined) ?? true, nameof(p.Vehicles), "invalid"),
            Check.That(p.PlateGroupIds is not { Count: 0 }, nameof(p.PlateGroupIds), "required"),
            Check.That(p.Scope is not PassScope.Lots || p.LotIds.Count > 0, nameof(p.LotIds), "required"),
            Check.That(p.Scope is not PassScope.Group || p.LotGroupId is not null, nameof(p.LotGroupId), "required"),
            Check.That(p.Price.Minor is >= 1 and <= MaxPrice, nameof(p.Price), "out-of-range"),
            Check.Range(nameof(p.MaxTerms), p.MaxTerms, 1, 366),
            Check.Range(nameof(p.MaxPlates), p.MaxPlates, 1, 100),
            Check.Range(nameof(p.Places), p.Places, 1, p.MaxPlates),
            Check.That(p.OnLine || p.OffLine, nameof(p.OffLine), "required"),
            Check.Day(nameof(p.SaleFrom), p.SaleFrom),
            Check.Day(nameof(p.SaleUntil), p.SaleUntil),
            Check.That(!(p.SaleUntil < p.SaleFrom), nameof(p.SaleUntil), "out-of-range"),
            Check.Range(nameof(p.MaxDaysAhead), p.MaxDaysAhead, 0, 366),
            Check.Range(nameof(p.OfferTerms), p.OfferTerms, 1, p.MaxTerms),
            Check.Range(nameof(p.OfferPercent), p.OfferPercent, 0, 99),
            Check.Range(nameof(p.OfferDays), p.OfferDays, 0, 366),
            Check.Range(nameof(p.GraceDays), p.GraceDays, 0, 31));
}

/// <summary>Takes a product off sale. Passes that were sold stay as they are.</summary>
public sealed class WithdrawPassProduct(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Products, ct);
        if (await s.Db.Set<PassProduct>().FirstOrDefaultAsync(p => p.Id == id, ct) is not { } product || !Own(s, product))
            return new NotFound("product");
        product.WithdrawnAt ??= s.Now;
        return await s.SaveAsync(ct);
    }

    /// <summary>Whether the actor sees every lot where it holds.</summary>
    internal static bool Own(CitySession s, PassProduct product) =>
        s.Db.Scope.All || (product.Scope is PassScope.Lots && product.LotIds.TrueForAll(l => s.Db.Scope.Lots.Contains(l)));
}
