using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>What an alarm is raised for, and never two at a time.</summary>
readonly record struct AlarmCause(AlarmKind Kind, Guid? LotId, Guid? DeviceId = null, Guid? OrderId = null)
{
    public static AlarmCause Of(Alarm alarm) => new(alarm.Kind, alarm.LotId, alarm.DeviceId, alarm.OrderId);
}

/// <summary>A cause that is there now.</summary>
/// <param name="Since">Since when; where nobody knows, since it is looked.</param>
/// <param name="Value">See <see cref="Alarm.Value"/>.</param>
/// <param name="Norm">See <see cref="Alarm.Norm"/>.</param>
readonly record struct AlarmFinding(AlarmCause Cause, DateTimeOffset Since, long? Value, long? Norm);

/// <summary>Finds what is wrong now. Each question returns only that: of a city's devices, stays and payments those that are well never leave the
/// database.</summary>
static class AlarmCauses
{
    /// <summary>The causes of a rule's kind. What is retired is none.</summary>
    public static Task<List<AlarmFinding>> OfAsync(CitySession s, AlarmRule rule, ClockPolicy clocks, CancellationToken ct) => rule.Kind switch
    {
        AlarmKind.DeviceOffline => OfflineAsync(s, rule, ct),
        AlarmKind.GateFailed => GateFailedAsync(s, ct),
        AlarmKind.ClockWrong => ClockWrongAsync(s, clocks, ct),
        AlarmKind.BatteryLow => BatteryLowAsync(s, rule, ct),
        AlarmKind.LotFull => LotFullAsync(s, rule, ct),
        AlarmKind.StayTooLong => StayTooLongAsync(s, rule, ct),
        AlarmKind.IncomeUnusual => UnusualIncome.FindAsync(s, rule, ct),
        AlarmKind.ShiftOpen => ShiftOpenAsync(s, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(rule))
    };

    static IQueryable<Device> InUse(CitySession s) => s.Db.Set<Device>()
        .Where(d => d.RetiredAt == null && s.Db.Set<Lot>().Any(l => l.Id == d.LotId && l.RetiredAt == null));

    static async Task<List<AlarmFinding>> OfflineAsync(CitySession s, AlarmRule rule, CancellationToken ct)
    {
        var since = s.Now.AddMinutes(-rule.Threshold!.Value);
        var devices = await InUse(s).Where(d => d.OfflineSince <= since).Select(d => new { d.Id, d.LotId, d.OfflineSince }).ToListAsync(ct);
        return devices.ConvertAll(d => new AlarmFinding(new(rule.Kind, d.LotId, d.Id), d.OfflineSince!.Value, null, rule.Threshold));
    }

    static async Task<List<AlarmFinding>> GateFailedAsync(CitySession s, CancellationToken ct)
    {
        var disobeying = DeviceFault.Disobeying(s).Select(d => d.Id);
        var devices = await InUse(s).Where(d => disobeying.Contains(d.Id)).Select(d => new { d.Id, d.LotId }).ToListAsync(ct);
        return devices.ConvertAll(d => new AlarmFinding(new(AlarmKind.GateFailed, d.LotId, d.Id), s.Now, null, null));
    }

    static async Task<List<AlarmFinding>> ClockWrongAsync(CitySession s, ClockPolicy clocks, CancellationToken ct)
    {
        var limit = (int)clocks.Tolerance.TotalSeconds;
        var devices = await InUse(s).Where(d => d.ClockOffset > limit || d.ClockOffset < -limit)
            .Select(d => new { d.Id, d.LotId, d.ClockOffset }).ToListAsync(ct);
        return devices.ConvertAll(d => new AlarmFinding(new(AlarmKind.ClockWrong, d.LotId, d.Id), s.Now, d.ClockOffset, limit));
    }

    static async Task<List<AlarmFinding>> BatteryLowAsync(CitySession s, AlarmRule rule, CancellationToken ct)
    {
        var devices = await InUse(s).Where(d => d.Battery < rule.Threshold).Select(d => new { d.Id, d.LotId, d.Battery }).ToListAsync(ct);
        return devices.ConvertAll(d => new AlarmFinding(new(rule.Kind, d.LotId, d.Id), s.Now, d.Battery, rule.Threshold));
    }

    static async Task<List<AlarmFinding>> LotFullAsync(CitySession s, AlarmRule rule, CancellationToken ct)
    {
        var full = await s.Db.Set<Order>().Where(Order.IsInLot).GroupBy(o => o.LotId).Select(g => new { LotId = g.Key, Cars = g.Count() })
            .Join(s.Db.Set<Lot>().Where(l => l.RetiredAt == null && l.Capacity > 0), x => x.LotId, l => l.Id, (x, l) => new { x.LotId, x.Cars, l.Capacity })
            .Where(x => x.Cars * 100 >= x.Capacity * rule.Threshold).ToListAsync(ct);
        return full.ConvertAll(x => new AlarmFinding(new(rule.Kind, x.LotId), s.Now, x.Cars, x.Capacity));
    }

    static async Task<List<AlarmFinding>> ShiftOpenAsync(CitySession s, CancellationToken ct)
    {
        var since = s.Now - Shift.Longest;
        var lots = await s.Db.Set<Shift>().Where(x => x.State == ShiftState.Open && x.OpenedAt < since).GroupBy(x => x.LotId)
            .Select(g => new { LotId = g.Key, First = g.Min(x => x.OpenedAt), Shifts = g.Count() }).ToListAsync(ct);
        return lots.ConvertAll(x => new AlarmFinding(new(AlarmKind.ShiftOpen, x.LotId), x.First + Shift.Longest, x.Shifts, null));
    }

    static async Task<List<AlarmFinding>> StayTooLongAsync(CitySession s, AlarmRule rule, CancellationToken ct)
    {
        var since = s.Now.AddDays(-rule.Threshold!.Value);
        var stays = await FreezeStays.WithoutPass(s, s.Db.Set<Order>().Where(Order.IsInLot).Where(o => o.EnteredAt <= since))
            .Select(o => new { o.Id, o.LotId }).ToListAsync(ct);
        return stays.ConvertAll(o => new AlarmFinding(new(rule.Kind, o.LotId, OrderId: o.Id), s.Now, null, rule.Threshold));
    }
}
