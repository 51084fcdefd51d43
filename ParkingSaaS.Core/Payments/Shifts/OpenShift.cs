using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.Shifts;

/// <summary>A collector begins to work in a lot, and says what lies in the drawer.</summary>
public sealed class OpenShift(CitySessions sessions, LiveFeed live)
{
    /// <param name="id">Made up by the form, so that a second click is the same shift.</param>
    /// <param name="cash">What lies in the drawer; nothing up to <see cref="Shift.MaxCash"/>.</param>
    /// <exception cref="AccessDeniedException">The actor may not take cash.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, Guid id, Guid lotId, Money cash, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Cash, ct);
        if (HandInShift.Amount("Float", cash) is { } invalid)
            return invalid;
        if (await s.Db.Set<Shift>().FindAsync([id], ct) is { } known)
            return known.CollectorId == actor.PersonId && known.LotId == lotId ? new Done() : new NotFound("shift");
        if (actor.PersonId is not { } person || !await s.Db.Set<Lot>().AnyAsync(l => l.Id == lotId && l.RetiredAt == null, ct))
            return new NotFound("lot");
        if (await Shift.OpenOf(s, person, lotId).AnyAsync(ct))
            return new ShiftOpenAlready();
        var shift = Shift.Begin(s, id, lotId, person, cash);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [Notice(shift)]);
        return new Done();
    });

    /// <summary>The collector puts right what lay in the drawer at first, as long as the shift is not handed in, or was given back.</summary>
    /// <param name="cash">Nothing up to <see cref="Shift.MaxCash"/>.</param>
    /// <exception cref="AccessDeniedException">The actor has no shifts.</exception>
    public Task<Result<Done>> SetFloatAsync(Actor actor, Guid shiftId, Money cash, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Shift, ct);
        if (HandInShift.Amount("Float", cash) is { } invalid)
            return invalid;
        if (await s.Db.Set<Shift>().FindAsync([shiftId], ct) is not { } shift || shift.CollectorId != actor.PersonId)
            return new NotFound("shift");
        if (!shift.MayGo(ShiftState.HandedIn))
            return new ShiftMoved();
        if (shift.FloatKnown && shift.Float == cash)
            return new Done();
        (shift.Float, shift.FloatKnown) = (cash, true);
        ShiftOperation.Log(s, shift, ShiftOperationKind.FloatSet, cash);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [Notice(shift)]);
        return new Done();
    });

    /// <summary>What open pages hear of a shift.</summary>
    internal static LiveNotice Notice(Shift shift) => new(LiveKind.Shift, shift.LotId, shift.Id);
}
