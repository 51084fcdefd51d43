using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>A party's part as entered.</summary>
/// <param name="Percent">More than 0 to 100, with at most two decimals.</param>
public sealed record ShareDetails(Guid PartyId, decimal? Percent);

/// <summary>An agreement as entered.</summary>
/// <param name="From">The first day that it counts for: none that is shared out already.</param>
/// <param name="Shares">At most <see cref="ClearingAgreement.MaxShares"/>, together at most 100 %.</param>
public sealed record AgreementDetails(Guid? LotId, DateOnly? From, IReadOnlyList<ShareDetails> Shares);

/// <summary>Says who gets how much of what a lot takes in from a day on. One that begins on the same day takes the place of what was said.</summary>
public sealed class SaveAgreement(CitySessions sessions)
{
    /// <exception cref="AccessDeniedException">The actor may not share out.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, AgreementDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Clear, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("lot");
        if (Check.All(
                Check.That(request.LotId is not null, nameof(request.LotId), "required"),
                Check.That(request.From is not null, nameof(request.From), "required") ?? Check.Day(nameof(request.From), request.From),
                Problem(request.Shares)) is { } invalid)
            return invalid;
        var (lot, from) = (request.LotId!.Value, request.From!.Value);
        var parties = request.Shares.Select(x => x.PartyId).ToList();
        if (!await s.Db.Set<Lot>().AnyAsync(l => l.Id == lot, ct))
            return new NotFound("lot");
        if (await s.Db.Set<Party>().CountAsync(p => parties.Contains(p.Id), ct) != parties.Count)
            return new NotFound("party");
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Books, ct);
        if (await MakeClearing.LastDayAsync(s, ct) is { } cleared && from <= cleared)
            return new DaysCleared(cleared);
        var agreement = await s.Db.Set<ClearingAgreement>().Include(a => a.Shares).FirstOrDefaultAsync(a => a.LotId == lot && a.From == from, ct);
        if (agreement is null)
            s.Db.Add(agreement = new ClearingAgreement { Id = Guid.CreateVersion7(), LotId = lot, From = from });
        agreement.Shares.RemoveAll(x => !parties.Contains(x.PartyId));
        foreach (var share in request.Shares)
            if (agreement.Shares.Find(x => x.PartyId == share.PartyId) is { } known)
                known.BasisPoints = BasisPoints(share);
            else
                agreement.Shares.Add(new ClearingShare { AgreementId = agreement.Id, PartyId = share.PartyId, BasisPoints = BasisPoints(share) });
        (agreement.ChangedBy, agreement.ChangedAt) = (actor.Name, s.Now);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        return new Done();
    }

    static InvalidField? Problem(IReadOnlyList<ShareDetails> shares)
    {
        const string field = nameof(AgreementDetails.Shares);
        return Check.Most(field, shares.Count, ClearingAgreement.MaxShares)
            ?? Check.That(shares.All(x => x.Percent is > 0 and <= 100 && decimal.Round(x.Percent.Value, 2) == x.Percent), field, "invalid")
            ?? Check.That(shares.DistinctBy(x => x.PartyId).Count() == shares.Count, field, "twice")
            ?? Check.That(shares.Sum(x => x.Percent) <= 100, field, "over-100");
    }

    static int BasisPoints(ShareDetails share) => (int)(share.Percent!.Value * 100);
}
