using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Payments.Shifts;

/// <summary>A shift with what it holds.</summary>
/// <param name="Lot">The lot's name.</param>
/// <param name="Sums">By method, cash first, what came late last.</param>
/// <param name="Now">When it was read.</param>
public sealed record ShiftView(City City, string Lot, Shift Shift, IReadOnlyList<ShiftSum> Sums, DateTimeOffset Now)
{
    /// <summary>What should lie in the drawer: as it is now, and from the hand-in on as it was counted against.</summary>
    public Money Expected => Shift.State is ShiftState.HandedIn or ShiftState.Confirmed ? Shift.Expected : ShiftSum.Expected(Shift, Sums);

    /// <summary>It has been open for longer than anybody works.</summary>
    public bool Overdue => Shift.State is ShiftState.Open && Now - Shift.OpenedAt > Shift.Longest;

    /// <summary>Reads it for whoever acts: one's own, and with <see cref="PaymentPermissions.Shifts"/> those within reach; null where there is none.</summary>
    public static async Task<ShiftView?> ReadAsync(CitySession s, Guid id, CancellationToken ct)
    {
        var (all, me) = (s.Actor.May(PaymentPermissions.Shifts), s.Actor.PersonId);
        return await s.Db.Set<Shift>().AsNoTracking().FirstOrDefaultAsync(x => x.Id == id && (all || x.CollectorId == me), ct) is { } shift
            ? new ShiftView(s.City, await s.Db.Set<Lot>().Where(l => l.Id == shift.LotId).Select(l => l.Name).FirstAsync(ct), shift,
                await ShiftSum.OfAsync(s, shift, ct), s.Now)
            : null;
    }
}
