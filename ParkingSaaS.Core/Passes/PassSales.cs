using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Passes;

/// <summary>A pass as sold.</summary>
/// <param name="Id">Made up by the form, so that a second click is the same sale.</param>
/// <param name="Holder">1–64 characters.</param>
/// <param name="Phone">A telephone number as <see cref="Common.Phone"/> reads it.</param>
/// <param name="Plates">As typed; none where the product is bound to a berth.</param>
/// <param name="Price">The price that was shown.</param>
public sealed record PassSale(Guid Id, Guid ProductId, string Holder, string Phone, IReadOnlyList<string> Plates, Money Price)
{
    /// <summary>The lot in whose books the money stands; null for the first one where the pass holds.</summary>
    public Guid? LotId { get; init; }

    /// <summary>The berth, where the product is bound to one.</summary>
    public Guid? BerthId { get; init; }

    public VehicleKind Vehicle { get; init; }

    /// <summary>The first day; null for today.</summary>
    public DateOnly? From { get; init; }

    public int Terms { get; init; } = 1;

    /// <summary>Lay the next term ready before the end.</summary>
    public bool AutoRenew { get; init; }

    /// <summary>The person says that plates of no known form are right.</summary>
    public bool Foreign { get; init; }
}

static class PassSales
{
    /// <summary>A clerk may date a sale back by this many days: the paper may be older than the entry.</summary>
    public const int MaxDaysBack = 7;

    static readonly PassState[] Standing =
        [PassState.PendingReview, PassState.AwaitingPayment, PassState.Active, PassState.Suspended, PassState.CancelAsked, PassState.CancelAgreed];

    /// <summary>Adds a pass to the session, or says why not. Under the lock.</summary>
    public static async Task<Result<Pass>> AddAsync(CitySession s, PassSale sale, bool onLine, Guid? batchId, CancellationToken ct)
    {
        var today = s.City.Zone.Date(s.Now);
        var from = sale.From ?? today;
        if (await s.Db.Set<PassProduct>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == sale.ProductId, ct) is not { } product)
            return new NotFound("product");
        if (!product.SoldOn(today) || !(onLine ? product.OnLine : product.OffLine))
            return new NotForSale(product.Name);
        if (Check.All(
            Check.Required(nameof(sale.Holder), sale.Holder, 64),
            Check.Required(nameof(sale.Phone), sale.Phone, 32),
            Check.That(Phone.Normalize(sale.Phone) is not null, nameof(sale.Phone), "invalid"),
            Check.Range(nameof(sale.Terms), sale.Terms, 1, product.MaxTerms),
            Between(nameof(sale.From), from, today.AddDays(onLine ? 0 : -MaxDaysBack), today.AddDays(product.MaxDaysAhead)),
            Check.That(Enum.IsDefined(sale.Vehicle), nameof(sale.Vehicle), "invalid")) is { } invalid)
            return invalid;
        if (product.Vehicles.Count > 0 && !product.Vehicles.Contains(sale.Vehicle))
            return new NotForVehicle(sale.Vehicle);
        var plates = new List<string>();
        if (product.Binding is PassBinding.Plate && !Plates(sale.Plates, product).Try(out plates, out var wrong))
            return wrong;
        if (await NotForAsync(s, product, plates, ct) is { } stranger)
            return stranger;
        var lots = await LotsAsync(s, product, ct);
        if (!(await LotAsync(s, sale, product, lots, ct)).Try(out var lot, out var nowhere))
            return nowhere;
        var offer = PassOffer.Of(product, from, sale.Terms);
        if (offer.Price <= Money.Zero)
            return new InvalidField(nameof(sale.Price), "out-of-range");
        if (offer.Price != sale.Price)
            return new AmountChanged(offer.Price, s.City.Currency);
        if (TypedPlate.Ask(sale.Foreign, plates) is { } question)
            return question;
        if (await OverlapAsync(s, null, lots, plates, sale.BerthId, offer.From, offer.Until, ct) is { } overlap)
            return overlap;

        var pass = new Pass
        {
            Id = sale.Id,
            LotId = lot,
            ProductId = product.Id,
            Holder = sale.Holder.Trim(),
            Phone = Phone.Normalize(sale.Phone)!,
            BerthId = product.Binding is PassBinding.Berth ? sale.BerthId : null,
            Vehicle = sale.Vehicle,
            Places = product.Places,
            From = offer.From,
            Until = offer.Until,
            TermDay = offer.TermDay,
            State = onLine || !product.Reviewed ? PassState.AwaitingPayment : PassState.PendingReview,
            SoldBy = s.Actor.Id,
            OnLine = onLine,
            AutoRenew = sale.AutoRenew,
            BatchId = batchId,
            CreatedAt = s.Now
        };
        s.Db.Add(pass);
        s.Db.AddRange(plates.Select(p => new PassPlate { Id = Guid.CreateVersion7(), LotId = lot, PassId = pass.Id, Plate = p }));
        if (pass.BerthId is not null)
            s.Db.Add(new PassPlate { Id = Guid.CreateVersion7(), LotId = lot, PassId = pass.Id, BerthId = pass.BerthId });
        s.Db.Add(Period(s, pass, offer, sale.Terms, Guid.CreateVersion7(), renewal: false, onLine));
        PassOperation.Log(s, pass, PassOperationKind.Sold, offer.Price, $"{offer.From:yyyy-MM-dd} – {offer.Until:yyyy-MM-dd}");
        return pass;
    }

    static InvalidField? Between(string field, DateOnly day, DateOnly first, DateOnly last) =>
        day >= first && day <= last ? null : new(field, "out-of-range") { Wanted = "range", Bounds = [$"{first:yyyy-MM-dd}", $"{last:yyyy-MM-dd}"] };

    /// <summary>What an offer becomes when it is taken.</summary>
    public static PassPeriod Period(CitySession s, Pass pass, PassOffer offer, int terms, Guid id, bool renewal, bool onLine) => new()
    {
        Id = id,
        LotId = pass.LotId,
        PassId = pass.Id,
        From = offer.From,
        Until = offer.Until,
        TermDay = offer.TermDay,
        Terms = terms,
        Days = offer.Days,
        ListPrice = offer.ListPrice,
        Discount = offer.Discount,
        Renewal = renewal,
        OnLine = onLine,
        CreatedAt = s.Now,
        By = s.Actor.Name
    };

    /// <summary>The lots where a product's passes hold now; null for all of the city's.</summary>
    public static async Task<IReadOnlyList<Guid>?> LotsAsync(CitySession s, PassProduct product, CancellationToken ct) => product.Scope switch
    {
        PassScope.City => null,
        PassScope.Group => await s.Db.Set<LotGroup>().Where(g => g.Id == product.GroupId).Select(g => g.LotIds).FirstAsync(ct),
        _ => product.LotIds
    };

    /// <summary>Normalised plates that the product may be sold to.</summary>
    public static Result<List<string>> Plates(IReadOnlyList<string> typed, PassProduct product)
    {
        if (Check.Plates(nameof(Plates), typed) is { } words)
            return words;
        var plates = new List<string>();
        foreach (var text in typed.Where(t => !string.IsNullOrWhiteSpace(t)))
        {
            if (PlateGrammar.Normalize(text.Length <= 64 ? text : null) is not { Length: >= 4 and <= Plate.MaxLength } plate)
                return new InvalidField(nameof(Plates), "invalid");
            if (plates.Contains(plate))
                return new PlateTwice(plate);
            plates.Add(plate);
        }
        return Check.That(plates.Count > 0, nameof(Plates), "required") is { } none ? none
            : plates.Count > product.MaxPlates ? new InvalidField(nameof(Plates), "out-of-range") { Wanted = "most", Bounds = [product.MaxPlates] }
            : plates;
    }

    /// <summary>The first of these plates that the product is not sold to.</summary>
    public static async Task<Error?> NotForAsync(CitySession s, PassProduct product, IReadOnlyList<string> plates, CancellationToken ct)
    {
        if (product.PlateGroupIds.Count == 0)
            return null;
        var known = await s.Db.Set<PlateGroupPlate>().Where(p => product.PlateGroupIds.Contains(p.GroupId) && plates.Contains(p.Plate))
            .Select(p => p.Plate).ToListAsync(ct);
        return plates.FirstOrDefault(p => !known.Contains(p)) is { } plate ? new NotForVehicle(plate) : null;
    }

    /// <summary>The lot in whose books the sale stands: the berth's, the one that was named, or the first one that the seller sees.</summary>
    static async Task<Result<Guid>> LotAsync(CitySession s, PassSale sale, PassProduct product, IReadOnlyList<Guid>? lots, CancellationToken ct)
    {
        if (product.Binding is PassBinding.Berth)
        {
            var berth = await s.Db.Set<Berth>().FirstOrDefaultAsync(b => b.Id == sale.BerthId && b.RetiredAt == null, ct);
            return berth is not null && (lots?.Contains(berth.LotId) ?? true) ? berth.LotId
                : sale.BerthId is null ? new InvalidField(nameof(sale.BerthId), "required") : new NotFound("berth");
        }
        var open = s.Db.Set<Lot>().Where(l => l.RetiredAt == null && (sale.LotId == null || l.Id == sale.LotId));
        if (lots is not null)
            open = open.Where(l => lots.Contains(l.Id));
        return await open.OrderBy(l => l.Name).ThenBy(l => l.Id).Select(l => (Guid?)l.Id).FirstOrDefaultAsync(ct) is { } id ? id : new NotFound("lot");
    }

    /// <summary>Another pass of one of these plates, or of the berth, on some of these days in some of these lots. What a driver has not
    /// paid yet stands in nobody's way.</summary>
    public static async Task<PassOverlap?> OverlapAsync(CitySession s, Guid? besides, IReadOnlyList<Guid>? lots, IReadOnlyList<string> plates,
        Guid? berthId, DateOnly first, DateOnly last, CancellationToken ct)
    {
        var found = await (
            from key in s.Db.Set<PassPlate>().IgnoreQueryFilters([Storage.CityDb.ScopeFilter])
            join pass in s.Db.Set<Pass>() on key.PassId equals pass.Id
            join product in s.Db.Set<PassProduct>() on pass.ProductId equals product.Id
            where key.Until == null && pass.Id != besides
                && ((key.Plate != null && plates.Contains(key.Plate)) || (berthId != null && key.BerthId == berthId))
                && Standing.Contains(pass.State) && !(pass.OnLine && pass.State == PassState.AwaitingPayment)
                // One that stands still ends later than it says.
                && pass.From <= last && (pass.Until >= first || pass.State == PassState.Suspended)
            orderby pass.Number
            select new { key.Plate, pass.Number, Product = product }).AsNoTracking().ToListAsync(ct);
        foreach (var other in found)
            if (await LotsAsync(s, other.Product, ct) is not { } theirs || lots is null || lots.Intersect(theirs).Any())
                return new PassOverlap(other.Plate ?? "", other.Number);
        return null;
    }
}
