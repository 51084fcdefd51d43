using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Passes;

/// <summary>A pass as its driver may see it. Who asks has not signed in: neither the holder nor whole plates are told.</summary>
/// <param name="MaskedPlates">Enough to know them again.</param>
/// <param name="From">The first day.</param>
/// <param name="Until">The last day.</param>
/// <param name="OpenPeriod">What waits to be paid, if anything.</param>
/// <param name="MayRenew">It may be renewed on the phone now; a renewal that waits gives way.</param>
/// <param name="EndsSoon">It ends within <see cref="DriverPasses.Soon"/> days, or ended within its days of grace, and no renewal is paid.</param>
public sealed record DriverPass(Guid PassId, long Number, PassProduct Product, IReadOnlyList<string> MaskedPlates, DateOnly From, DateOnly Until,
    PassState State, Guid? OpenPeriod, bool MayRenew, bool EndsSoon)
{
    /// <summary>See <see cref="Pass.TermDay"/>.</summary>
    public int? TermDay { get; init; }
}

/// <summary>A sale or renewal as its driver may see it.</summary>
/// <param name="Period">The days and their price.</param>
/// <param name="Receipts">Payments that came.</param>
/// <param name="GivenUp">The last payment was cancelled or took too long.</param>
/// <param name="PayBefore">When it lapses unless a payment is under way; null where it waits for days.</param>
public sealed record DriverPeriod(DriverPass Pass, PassPeriod Period, IReadOnlyList<Payment> Receipts, bool GivenUp, DateTimeOffset? PayBefore);

/// <summary>What drivers look up about passes on their phones.</summary>
public sealed class DriverPasses(CitySessions sessions, PassPolicy policy)
{
    /// <summary>From how many days before its end on a driver is reminded.</summary>
    public const int Soon = 7;

    /// <summary>What is sold on phones today.</summary>
    public async Task<IReadOnlyList<PassProduct>> ProductsAsync(Actor actor, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Buy, ct);
        var products = await s.Db.Set<PassProduct>().AsNoTracking().Where(p => p.OnLine && p.WithdrawnAt == null && p.Binding == PassBinding.Plate)
            .ToListAsync(ct);
        return [.. products.Where(p => p.SoldOn(s.City.Zone.Date(s.Now)))];
    }

    /// <summary>The names of the lots where a product holds; null for all of the city's.</summary>
    public async Task<IReadOnlyList<string>?> LotsAsync(Actor actor, PassProduct product, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Buy, ct);
        return await PassSales.LotsAsync(s, product, ct) is not { } lots ? null
            : await s.Db.Set<Lot>().Where(l => lots.Contains(l.Id) && l.RetiredAt == null).OrderBy(l => l.Name).Select(l => l.Name).ToListAsync(ct);
    }

    /// <summary>The passes of a plate that last, or ended within their days of grace.</summary>
    /// <param name="plate">The whole plate, as typed.</param>
    /// <param name="phoneEnd">Only passes whose holder's telephone ends so; null for all.</param>
    public async Task<Result<List<DriverPass>>> ByPlateAsync(Actor actor, string? plate, string? phoneEnd, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Buy, ct);
        if (PlateGrammar.Normalize(plate is { Length: <= 64 } ? plate : null) is not { Length: >= 4 and <= Plate.MaxLength } normalized)
            return new InvalidField("Plate", "invalid");
        var ids = await s.Db.Set<PassPlate>().Where(p => p.Plate == normalized && p.Until == null).Select(p => p.PassId).ToListAsync(ct);
        return await ReadAsync(s, s.Db.Set<Pass>().Where(p => ids.Contains(p.Id) && (phoneEnd == null || p.Phone.EndsWith(phoneEnd))), ct);
    }

    /// <summary>One pass; null when there is none with that id.</summary>
    public async Task<DriverPass?> FindAsync(Actor actor, Guid passId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Buy, ct);
        return (await ReadAsync(s, s.Db.Set<Pass>().Where(p => p.Id == passId), ct)).FirstOrDefault();
    }

    /// <summary>A sale or renewal; null when there is none with that id.</summary>
    public async Task<DriverPeriod?> PeriodAsync(Actor actor, Guid periodId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Buy, ct);
        if (await s.Db.Set<PassPeriod>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == periodId, ct) is not { } period)
            return null;
        var pass = (await ReadAsync(s, s.Db.Set<Pass>().Where(p => p.Id == period.PassId), ct, alsoOver: true))[0];
        var payments = await s.Db.Set<Payment>().AsNoTracking().Where(p => p.PayableId == periodId).OrderBy(p => p.CreatedAt).ToListAsync(ct);
        return new DriverPeriod(pass, period, [.. payments.Where(p => p.State is PaymentState.Succeeded)],
            payments.Count > 0 && payments[^1].State is PaymentState.Failed, period.OnLine ? period.CreatedAt + policy.OnLineWait : null);
    }

    /// <summary>What a sale on the phone has to pay.</summary>
    public async Task<Guid?> OpenPeriodAsync(Actor actor, Guid passId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Buy, ct);
        return await s.Db.Set<PassPeriod>().Where(p => p.PassId == passId).OrderByDescending(p => p.CreatedAt).Select(p => (Guid?)p.Id).FirstOrDefaultAsync(ct);
    }

    /// <summary>The pass of a plate that ends first of those that end soon; null where none does.</summary>
    internal static async Task<DriverPass?> EndingAsync(CitySession s, string? plate, CancellationToken ct)
    {
        if (plate is null)
            return null;
        var ids = await s.Db.Set<PassPlate>().Where(p => p.Plate == plate && p.Until == null).Select(p => p.PassId).ToListAsync(ct);
        return ids.Count == 0 ? null : (await ReadAsync(s, s.Db.Set<Pass>().Where(p => ids.Contains(p.Id)), ct)).FirstOrDefault(p => p.EndsSoon);
    }

    static async Task<List<DriverPass>> ReadAsync(CitySession s, IQueryable<Pass> passes, CancellationToken ct, bool alsoOver = false)
    {
        var today = s.City.Zone.Date(s.Now);
        var rows = await (from pass in passes.AsNoTracking()
                          join product in s.Db.Set<PassProduct>() on pass.ProductId equals product.Id
                          where alsoOver || (pass.State != PassState.Refused && pass.State != PassState.Lapsed && pass.State != PassState.Cancelled
                              && pass.State != PassState.PendingReview && !(pass.OnLine && pass.State == PassState.AwaitingPayment))
                          orderby pass.Until, pass.Number
                          select new
                          {
                              Pass = pass,
                              Product = product,
                              Open = s.Db.Set<PassPeriod>().Where(p => p.PassId == pass.Id && p.State == PassPeriodState.Open)
                                  .Select(p => new { p.Id, p.OnLine }).FirstOrDefault(),
                              Plates = s.Db.Set<PassPlate>().Where(p => p.PassId == pass.Id && p.Until == null && p.Plate != null)
                                  .Select(p => p.Plate!).ToList()
                          }).ToListAsync(ct);
        return
        [
            .. from row in rows
               let graceEnds = row.Pass.Until.AddDays(row.Product.GraceDays)
               where alsoOver || graceEnds >= today
               let active = row.Pass.State is PassState.Active
               select new DriverPass(row.Pass.Id, row.Pass.Number, row.Product, [.. row.Plates.Select(Plate.Mask)], row.Pass.From, row.Pass.Until,
                   row.Pass.State, row.Open?.Id, active && row.Open is null or { OnLine: true } && row.Product.OnLine && row.Product.SoldOn(today),
                   active && row.Pass.Until <= today.AddDays(Soon))
               {
                   TermDay = row.Pass.TermDay
               }
        ];
    }
}
