using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Payments.Shifts;

/// <summary>A shift in the list of all. Amounts are in minor units.</summary>
public sealed class ShiftRow
{
    public Guid Id { get; init; }
    public Guid CollectorId { get; init; }
    public string Collector { get; init; } = "";
    public string Lot { get; init; } = "";
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public ShiftState State { get; init; }
    public Guid? HandedInById { get; init; }
    public long Float { get; init; }

    /// <summary>What should lie in the drawer: of an open shift now, of others when they were handed in.</summary>
    public long Expected { get; init; }

    /// <summary>Null while it is open.</summary>
    public long? Counted { get; init; }

    /// <summary>Null while it is open.</summary>
    public long? Difference { get; init; }

    public string Explanation { get; init; } = "";

    /// <summary>The shifts that whoever acts may see: their own, and with <see cref="PaymentPermissions.Shifts"/> those within reach.</summary>
    public static IQueryable<Shift> Visible(CitySession s)
    {
        var (all, me) = (s.Actor.May(PaymentPermissions.Shifts), s.Actor.PersonId);
        return s.Db.Set<Shift>().Where(x => all || x.CollectorId == me);
    }
}

/// <summary>Which shifts a list shows, as its address says; also the query of its workbook.</summary>
public sealed record ShiftFilter
{
    public Guid? Collector { get; init; }
    public Guid? Lot { get; init; }
    public ShiftState? State { get; init; }

    /// <summary>Those that this person may take over.</summary>
    public bool? Waiting { get; init; }

    /// <summary>Those that have been open for longer than anybody works.</summary>
    public bool? Overdue { get; init; }

    /// <summary>Opened at or after this wall-clock time.</summary>
    public DateTime? OpenedFrom { get; init; }

    /// <summary>Opened before this wall-clock time.</summary>
    public DateTime? OpenedTo { get; init; }

    /// <summary>What the address of the list says.</summary>
    public static ShiftFilter Of(ListFilters f) => new()
    {
        Collector = f.Id("collector"),
        Lot = f.Id("lot"),
        State = f.Of<ShiftState>("state"),
        Waiting = f.Is("waiting"),
        Overdue = f.Is("overdue"),
        OpenedFrom = f.At("openedFrom"),
        OpenedTo = f.At("openedTo")
    };

    /// <summary>The shifts within the session's reach that are wanted.</summary>
    public IQueryable<ShiftRow> Apply(CitySession s)
    {
        var (shifts, zone) = (ShiftRow.Visible(s), s.City.Zone);
        if (Collector is { } collector)
            shifts = shifts.Where(x => x.CollectorId == collector);
        if (Lot is { } lot)
            shifts = shifts.Where(x => x.LotId == lot);
        if (State is { } state)
            shifts = shifts.Where(x => x.State == state);
        if (Waiting is true && s.Actor.PersonId is var me)
            shifts = shifts.Where(x => x.State == ShiftState.HandedIn && x.CollectorId != me && x.HandedInById != me);
        if (Overdue is true && s.Now - Shift.Longest is var since)
            shifts = shifts.Where(x => x.State == ShiftState.Open && x.OpenedAt < since);
        if (OpenedFrom is { } from && zone.Instant(from) is var first)
            shifts = shifts.Where(x => x.OpenedAt >= first);
        if (OpenedTo is { } to && zone.Instant(to) is var end)
            shifts = shifts.Where(x => x.OpenedAt < end);
        return shifts.Select(x => new ShiftRow
        {
            Id = x.Id,
            CollectorId = x.CollectorId,
            Collector = x.Collector,
            Lot = s.Db.Set<Lot>().First(l => l.Id == x.LotId).Name,
            OpenedAt = x.OpenedAt,
            ClosedAt = x.ClosedAt,
            State = x.State,
            HandedInById = x.HandedInById,
            Float = x.Float.Minor,
            Expected = x.State != ShiftState.Open ? x.Expected.Minor : x.Float.Minor + s.Db.Set<Payment>()
                .Where(p => p.ShiftId == x.Id && p.State == PaymentState.Succeeded && p.Method == TakePayment.Cash).Sum(p => p.Amount.Minor),
            Counted = x.State == ShiftState.Open ? null : x.Counted.Minor,
            Difference = x.State == ShiftState.Open ? null : x.Counted.Minor - x.Expected.Minor,
            Explanation = x.Explanation
        });
    }
}
