using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.Shifts;

/// <summary>What somebody says to a shift that was handed in.</summary>
/// <param name="Counted">How much was handed in, as shown.</param>
/// <param name="TakenOver">Yes, or given back to be counted or explained once more.</param>
/// <param name="Note">Why it is given back; otherwise it may be empty. At most <see cref="HandInShift.MaxText"/> characters.</param>
public sealed record ShiftDecision(Guid ShiftId, Money Counted, bool TakenOver, string? Note);

/// <summary>Somebody who neither took the money nor handed it in takes it over, or gives it back.</summary>
public sealed class DecideShift(CitySessions sessions, LiveFeed live)
{
    /// <exception cref="AccessDeniedException">The actor may not take shifts over.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, ShiftDecision decision, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.ConfirmShift, ct);
        if (await s.Db.Set<Shift>().FindAsync([decision.ShiftId], ct) is not { } shift || actor.PersonId is not { } person)
            return new NotFound("shift");
        if (decision.TakenOver && shift.State is ShiftState.Confirmed && shift.ConfirmedById == person)
            return new Done();
        if (shift.State is not ShiftState.HandedIn || shift.Counted != decision.Counted)
            return new ShiftMoved();
        if (person == shift.CollectorId || person == shift.HandedInById)
            return new OwnShift();
        if ((decision.TakenOver ? Check.Optional(nameof(decision.Note), decision.Note, HandInShift.MaxText)
                : Check.Required(nameof(decision.Note), decision.Note, HandInShift.MaxText)) is { } invalid)
            return invalid;
        shift.Go(decision.TakenOver ? ShiftState.Confirmed : ShiftState.GivenBack);
        if (decision.TakenOver)
            shift.ConfirmedById = person;
        ShiftOperation.Log(s, shift, decision.TakenOver ? ShiftOperationKind.Confirmed : ShiftOperationKind.GivenBack, shift.Counted, decision.Note);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [OpenShift.Notice(shift)]);
        return new Done();
    });
}
