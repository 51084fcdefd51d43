using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Lots;

public sealed class LotRow
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public LotKind Kind { get; init; }
    public string Area { get; init; } = "";
    public string? Road { get; init; }
    public string? Company { get; init; }
    public int Capacity { get; init; }

    /// <summary>Cars in now.</summary>
    public int Parked { get; init; }

    /// <summary>Places left; never below zero, however cars were counted.</summary>
    public int Free { get; init; }

    public bool Retired { get; init; }

    /// <summary>The lots within reach.</summary>
    /// <param name="retired">Those out of use as well.</param>
    /// <param name="areas">In one of these areas only; null for all.</param>
    /// <param name="road">Along this road only; null for all.</param>
    /// <param name="company">Of this company only; null for all.</param>
    public static IQueryable<LotRow> Of(CitySession s, bool retired, Guid[]? areas = null, Guid? road = null, Guid? company = null) =>
        from lot in s.Db.Set<Lot>()
        where (retired || lot.RetiredAt == null) && (areas == null || areas.Contains(lot.AreaId)) && (road == null || lot.RoadId == road)
            && (company == null || lot.CompanyId == company)
        let parked = s.Db.Set<Order>().Where(Order.IsInLot).Count(o => o.LotId == lot.Id)
        select new LotRow
        {
            Id = lot.Id,
            Name = lot.Name,
            Kind = lot.Kind,
            Area = s.Db.Set<Area>().First(a => a.Id == lot.AreaId).Name,
            Road = s.Db.Set<Road>().Where(r => r.Id == lot.RoadId).Select(r => r.Name).FirstOrDefault(),
            Company = s.Db.Set<Company>().Where(c => c.Id == lot.CompanyId).Select(c => c.Name).FirstOrDefault(),
            Capacity = lot.Capacity,
            Parked = parked,
            Free = lot.Capacity > parked ? lot.Capacity - parked : 0,
            Retired = lot.RetiredAt != null
        };
}
