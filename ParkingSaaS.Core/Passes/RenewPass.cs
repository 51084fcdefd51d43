using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>A renewal as entered.</summary>
/// <param name="Id">The period's id, made up by the form, so that a second click is the same renewal.</param>
/// <param name="Price">The price that was shown.</param>
public sealed record PassRenewal(Guid Id, Guid PassId, int Terms, Money Price);

/// <summary>Renews a pass: a period that begins the day after its last and waits to be paid. Past the days of grace it begins today. One that
/// waits already stays where a clerk or the program laid it; one that was chosen on a phone gives way, since whoever typed the plate may have
/// chosen it.</summary>
public sealed class RenewPass(PassChange changes)
{
    /// <summary>A clerk renews.</summary>
    /// <exception cref="AccessDeniedException">The actor may not sell.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, PassRenewal request, CancellationToken ct) =>
        RunAsync(actor, PassPermissions.Sell, request, ct);

    /// <summary>A driver renews on the phone.</summary>
    public Task<Result<Done>> BuyAsync(Actor actor, PassRenewal request, CancellationToken ct) =>
        RunAsync(actor, PassPermissions.Buy, request, ct);

    /// <summary>What a renewal that is made now comes to.</summary>
    /// <param name="until">The pass's last day.</param>
    /// <param name="termDay">See <see cref="Pass.TermDay"/>.</param>
    /// <param name="today">The city's date.</param>
    /// <param name="terms">How many terms, 1 or more.</param>
    public static PassOffer Offer(DateOnly until, int? termDay, PassProduct product, DateOnly today, int terms) =>
        today <= until.AddDays(product.GraceDays) ? PassOffer.Of(product, until.AddDays(1), terms, termDay) : PassOffer.Of(product, today, terms);

    async Task<Result<Done>> RunAsync(Actor actor, string permission, PassRenewal request, CancellationToken ct) =>
        await changes.RunAsync(actor, permission, request.PassId, async (s, pass) =>
        {
            await s.LockAsync(CityLock.Passes, ct);
            var open = await s.Db.Set<PassPeriod>().Where(p => p.PassId == pass.Id && (p.State == PassPeriodState.Open || p.Id == request.Id)).ToListAsync(ct);
            if (open.Exists(p => p.Id == request.Id))
                return null;
            if (pass.State is not PassState.Active)
                return new WrongPassState(pass.State);
            if (open.Exists(p => !p.OnLine))
                return new RenewalOpen();
            var product = await s.ProductAsync(pass, ct);
            if (!product.SoldOn(s.City.Zone.Date(s.Now)) || !(permission == PassPermissions.Buy ? product.OnLine : product.OffLine))
                return new NotForSale(product.Name);
            if (Check.Range(nameof(request.Terms), request.Terms, 1, product.MaxTerms) is { } invalid)
                return invalid;
            foreach (var replaced in open)
            {
                replaced.State = PassPeriodState.Lapsed;
                PassOperation.Log(s, pass, PassOperationKind.RenewalReplaced, replaced.Price, $"{replaced.From:yyyy-MM-dd} – {replaced.Until:yyyy-MM-dd}");
            }
            // Only one renewal may be open: the old one must be out of the way before the new one is written.
            if (open.Count > 0 && (await s.SaveAsync(ct)).Error is { } changed)
                return changed;
            return await AddAsync(s, pass, product, request.Terms, request.Id, request.Price, PassOperationKind.Renewed, ct, permission == PassPermissions.Buy);
        }, ct);

    /// <summary>Adds the period to the session, or says why not. Under the lock of sales.</summary>
    internal static async Task<Error?> AddAsync(CitySession s, Pass pass, PassProduct product, int terms, Guid id, Money? shown, PassOperationKind kind,
        CancellationToken ct, bool onLine = false)
    {
        var offer = Offer(pass.Until, pass.TermDay, product, s.City.Zone.Date(s.Now), terms);
        if (offer.Price <= Money.Zero)
            return new InvalidField("Price", "out-of-range");
        if (shown is { } price && price != offer.Price)
            return new AmountChanged(offer.Price, s.City.Currency);
        var plates = await s.Db.Set<PassPlate>().Where(p => p.PassId == pass.Id && p.Plate != null && p.Until == null).Select(p => p.Plate!).ToListAsync(ct);
        if (await PassSales.OverlapAsync(s, pass.Id, await PassSales.LotsAsync(s, product, ct), plates, pass.BerthId,
                offer.From, offer.Until, ct) is { } overlap)
            return overlap;
        s.Db.Add(PassSales.Period(s, pass, offer, terms, id, renewal: true, onLine));
        PassOperation.Log(s, pass, kind, offer.Price, $"{offer.From:yyyy-MM-dd} – {offer.Until:yyyy-MM-dd}");
        return null;
    }
}

/// <summary>Says whether the next term of a pass is laid ready before its end.</summary>
public sealed class SwitchAutoRenew(PassChange changes)
{
    /// <exception cref="AccessDeniedException">The actor may not sell.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid passId, bool on, CancellationToken ct) =>
        await changes.RunAsync(actor, PassPermissions.Sell, passId, (s, pass) =>
        {
            if (pass.State is PassState.Refused or PassState.Lapsed or PassState.Cancelled)
                return Task.FromResult<Error?>(new WrongPassState(pass.State));
            if (pass.AutoRenew != on)
                PassOperation.Log(s, pass, on ? PassOperationKind.AutoRenewOn : PassOperationKind.AutoRenewOff);
            pass.AutoRenew = on;
            return Task.FromResult<Error?>(null);
        }, ct);
}
