using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Service;

/// <summary>Orders about which an appeal is open: nobody is dunned for them, nor turned away, before it is answered.</summary>
public static class AppealedOrders
{
    /// <summary>Their ids, to be part of a larger question.</summary>
    public static IQueryable<Guid> Of(CitySession s) => s.Db.Set<Appeal>().Where(a => a.State == AppealState.Open).Select(a => a.OrderId);
}
