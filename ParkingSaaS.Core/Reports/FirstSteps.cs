using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Reports;

/// <summary>What leads from an empty city to its first car, in that order.</summary>
public enum FirstStep
{
    /// <summary>An area, which every lot lies in.</summary>
    Area,

    /// <summary>A company that operates lots; a city may do without.</summary>
    Company,

    Lot,

    /// <summary>Lanes where there are gates, berths along roads: for each lot.</summary>
    Way,

    /// <summary>A published tariff.</summary>
    Tariff,

    /// <summary>A tariff for each lot.</summary>
    Assignment,

    Device,

    /// <summary>A device that has been on line.</summary>
    Connection,

    /// <summary>People besides the one that the city began with; it may do without.</summary>
    People,

    /// <summary>A car that came in.</summary>
    Car
}

/// <summary>How far a step is.</summary>
/// <param name="Missing">How many lots still want it, where it is done lot by lot; else 0.</param>
public sealed record FirstStepState(FirstStep Step, bool Done, int Missing = 0)
{
    /// <summary>A city may do without.</summary>
    public bool Optional => Step is FirstStep.Company or FirstStep.People;
}

/// <summary>What a new city still lacks before its first car comes in. All of it is read from what is there.</summary>
public sealed class FirstSteps(CitySessions sessions)
{
    /// <returns>All steps, in order; null once a car came in.</returns>
    /// <exception cref="AccessDeniedException">The actor may not see the home page.</exception>
    public async Task<IReadOnlyList<FirstStepState>?> RunAsync(Actor actor, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, ReportPermissions.Home, ct);
        if (await s.Db.Set<Order>().AnyAsync(ct))
            return null;
        var lots = s.Db.Set<Lot>().Where(l => l.RetiredAt == null);
        var count = await lots.CountAsync(ct);
        var closed = await lots.CountAsync(l => l.Kind == LotKind.OnStreet ? !s.Db.Set<Berth>().Any(x => x.LotId == l.Id && x.RetiredAt == null)
            : !s.Db.Set<Lane>().Any(x => x.LotId == l.Id && x.RetiredAt == null), ct);
        var free = await lots.CountAsync(l => !s.Db.Set<LotTariff>().Any(x => x.LotId == l.Id && x.UsedUntil == null), ct);
        return
        [
            new(FirstStep.Area, await s.Db.Set<Area>().AnyAsync(ct)),
            new(FirstStep.Company, await s.Db.Set<Company>().AnyAsync(c => c.RetiredAt == null, ct)),
            new(FirstStep.Lot, count > 0),
            new(FirstStep.Way, count > 0 && closed == 0, closed),
            new(FirstStep.Tariff, await s.Db.Set<TariffVersion>().AnyAsync(v => v.PublishedAt != null, ct)),
            new(FirstStep.Assignment, count > 0 && free == 0, free),
            new(FirstStep.Device, await s.Db.Set<Device>().AnyAsync(d => d.RetiredAt == null, ct)),
            new(FirstStep.Connection, await s.Db.Set<Device>().AnyAsync(d => d.RetiredAt == null && d.LastSeenAt != null, ct)),
            new(FirstStep.People, await s.Db.Set<User>().CountAsync(u => !u.Disabled, ct) > 1),
            new(FirstStep.Car, false)
        ];
    }
}
