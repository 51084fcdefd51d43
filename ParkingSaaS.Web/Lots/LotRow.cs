using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Lots;

/// <summary>A lot in the list.</summary>
public sealed class LotRow
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public LotKind Kind { get; init; }
    public string Area { get; init; } = "";
    public string? Company { get; init; }
    public int Capacity { get; init; }

    /// <summary>Cars in now.</summary>
    public int Parked { get; init; }

    /// <summary>Places left; never below zero, however cars were counted.</summary>
    public int Free { get; init; }

    public bool Retired { get; init; }

    /// <summary>The lots within reach.</summary>
    public static IQueryable<LotRow> Of(CitySession s, bool retired) =>
        from lot in s.Db.Lots
        where retired || lot.RetiredAt == null
        let parked = s.Db.Orders.Count(o => o.LotId == lot.Id && o.State == OrderState.Parked)
        select new LotRow
        {
            Id = lot.Id,
            Name = lot.Name,
            Kind = lot.Kind,
            Area = s.Db.Areas.First(a => a.Id == lot.AreaId).Name,
            Company = s.Db.Companies.Where(c => c.Id == lot.CompanyId).Select(c => c.Name).FirstOrDefault(),
            Capacity = lot.Capacity,
            Parked = parked,
            Free = lot.Capacity > parked ? lot.Capacity - parked : 0,
            Retired = lot.RetiredAt != null
        };
}
