using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.Shifts;

/// <summary>What was counted at the end of a shift.</summary>
/// <param name="Expected">What should lie in the drawer, as shown.</param>
/// <param name="Counted">What lies there; nothing up to <see cref="Shift.MaxCash"/>.</param>
/// <param name="Explanation">Why that differs, or why somebody else hands it in; at most <see cref="HandInShift.MaxText"/> characters.</param>
public sealed record HandIn(Guid ShiftId, Money Expected, Money Counted, string? Explanation);

/// <summary>Ends a shift: its cash is counted and held beside what was taken. A shift that was given back is handed in once more. For a collector who has
/// left, somebody who takes shifts over does it, and says why.</summary>
public sealed class HandInShift(CitySessions sessions, LiveFeed live)
{
    /// <summary>The longest explanation or reason, in characters.</summary>
    public const int MaxText = 200;

    /// <exception cref="AccessDeniedException">The actor has no shifts.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, HandIn request, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Shift, ct);
        if (await s.Db.Set<Shift>().FindAsync([request.ShiftId], ct) is not { } shift
            || shift.CollectorId != actor.PersonId && !actor.May(PaymentPermissions.ConfirmShift))
            return new NotFound("shift");
        if (shift.State is ShiftState.HandedIn && shift.HandedInById == actor.PersonId && shift.Counted == request.Counted)
            return new Done();
        if (!shift.MayGo(ShiftState.HandedIn))
            return new ShiftMoved();
        var expected = ShiftSum.Expected(shift, await ShiftSum.OfAsync(s, shift, ct));
        if (expected != request.Expected)
            return new ExpectedChanged(expected, s.City.Currency);
        var explain = request.Counted != expected || shift.CollectorId != actor.PersonId;
        if (Check.All(Amount(nameof(request.Counted), request.Counted),
                explain ? Check.Required(nameof(request.Explanation), request.Explanation, MaxText)
                    : Check.Optional(nameof(request.Explanation), request.Explanation, MaxText)) is { } invalid)
            return invalid;
        shift.Go(ShiftState.HandedIn);
        shift.ClosedAt ??= s.Now;
        (shift.Expected, shift.Counted, shift.HandedInById) = (expected, request.Counted, actor.PersonId);
        shift.Explanation = request.Explanation?.Trim() ?? "";
        ShiftOperation.Log(s, shift, ShiftOperationKind.HandedIn, shift.Counted, shift.Explanation);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [OpenShift.Notice(shift)]);
        return new Done();
    });

    /// <summary>An amount of a drawer.</summary>
    internal static InvalidField? Amount(string field, Money amount) =>
        Check.That(amount >= Money.Zero && amount <= Shift.MaxCash, field, "out-of-range");
}
