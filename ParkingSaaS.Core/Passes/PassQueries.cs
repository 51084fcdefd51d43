using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>What use cases and pages ask alike.</summary>
public static class PassQueries
{
    /// <summary>What a pass within reach was sold as, also where its product no longer names a lot that the actor sees.</summary>
    public static Task<PassProduct> ProductAsync(this CitySession s, Pass pass, CancellationToken ct) =>
        s.Db.Set<PassProduct>().AsNoTracking().IgnoreQueryFilters([CityDb.ScopeFilter]).FirstAsync(p => p.Id == pass.ProductId, ct);
}
