using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>Who took cash in the lot that is left to people, by day and by night, in the last weeks: shifts that were taken over, one of them with a
/// difference that was explained, one that waits, and the one that is open.</summary>
sealed class DemoShifts
{
    /// <summary>How long a shift lasts, by day from eight.</summary>
    static readonly TimeSpan Length = TimeSpan.FromHours(12);

    /// <summary>There are shifts of so many days.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    const string AtNight = "夜班收费员", Confirms = "公司管理员";

    static readonly Money Float = new(20_000);

    readonly CityZone zone;
    readonly Guid lotId;
    readonly DateTimeOffset now;
    readonly Guid attendant;
    readonly Guid confirms;
    readonly Guid atNight = Guid.CreateVersion7();
    readonly Dictionary<DateTimeOffset, Shift> byStart = [];

    DemoShifts(CityZone zone, Guid lotId, DateTimeOffset now, Guid attendant, Guid confirms) =>
        (this.zone, this.lotId, this.now, this.attendant, this.confirms) = (zone, lotId, now, attendant, confirms);

    public IEnumerable<Shift> Shifts => byStart.Values;

    public List<ShiftOperation> Operations { get; } = [];

    /// <param name="lotId">The lot that is left to people.</param>
    public static async Task<DemoShifts> ReadAsync(CitySession s, Guid lotId, CancellationToken ct)
    {
        var users = await s.Db.Set<User>().ToDictionaryAsync(u => u.DisplayName, u => u.Id, ct);
        return new DemoShifts(s.City.Zone, lotId, s.Now, users[DemoLedger.Attendant], users[Confirms]);
    }

    /// <summary>Cash was taken.</summary>
    /// <returns>By whom, and in which shift; none where it was so long ago, or elsewhere.</returns>
    public (Guid? Shift, string Collector) Of(Guid lot, DateTimeOffset at, Money amount)
    {
        if (lot != lotId || at < now - Kept)
            return (null, DemoLedger.Attendant);
        var start = zone.StartOf(zone.Date(at - TimeSpan.FromHours(8))).AddHours(8);
        var byDay = at < start + Length;
        if (!byDay)
            start += Length;
        if (!byStart.TryGetValue(start, out var shift))
        {
            byStart[start] = shift = new Shift
            {
                Id = Guid.CreateVersion7(start),
                LotId = lotId,
                CollectorId = byDay ? attendant : atNight,
                Collector = byDay ? DemoLedger.Attendant : AtNight,
                OpenedAt = start,
                Float = Float,
                FloatKnown = true,
                Expected = Float
            };
            Log(shift, ShiftOperationKind.Opened, shift.Collector, start, Float);
        }
        shift.Expected += amount;
        return (shift.Id, shift.Collector);
    }

    /// <summary>All cash is known: what is over is counted.</summary>
    public void End()
    {
        var over = byStart.Values.Where(x => x.OpenedAt + Length < now).OrderByDescending(x => x.OpenedAt).ToList();
        foreach (var shift in byStart.Values.Except(over))
            shift.Expected = Money.Zero; // it is not handed in
        var own = over.FindAll(x => x.CollectorId == attendant);
        foreach (var shift in over)
        {
            var at = shift.OpenedAt + Length;
            var short5 = own.Count > 2 && shift == own[2];
            shift.Counted = short5 ? shift.Expected - new Money(500) : shift.Expected;
            shift.Explanation = short5 ? "找零时多找了 5 元" : "";
            (shift.ClosedAt, shift.HandedInById) = (at, shift.CollectorId);
            shift.Go(ShiftState.HandedIn);
            Log(shift, ShiftOperationKind.HandedIn, shift.Collector, at, shift.Counted, shift.Explanation);
            if (shift == own.FirstOrDefault())
                continue; // it waits
            shift.Go(ShiftState.Confirmed);
            shift.ConfirmedById = confirms;
            Log(shift, ShiftOperationKind.Confirmed, Confirms, at.AddMinutes(20), shift.Counted);
        }
    }

    void Log(Shift shift, ShiftOperationKind kind, string by, DateTimeOffset at, Money amount, string detail = "") => Operations.Add(new ShiftOperation
    {
        Id = Guid.CreateVersion7(at),
        LotId = shift.LotId,
        ShiftId = shift.Id,
        At = at,
        By = by,
        Kind = kind,
        Amount = amount,
        Detail = detail
    });
}
