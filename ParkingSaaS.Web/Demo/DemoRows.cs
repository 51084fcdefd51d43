using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>Rows of the demo, which may be filled again over what is there.</summary>
static class DemoRows
{
    /// <summary>The row that fits, or a new one.</summary>
    public static async Task<T> EnsureAsync<T>(this CitySession s, Expression<Func<T, bool>> fits, Func<T> make, CancellationToken ct) where T : class
    {
        var row = await s.Db.Set<T>().FirstOrDefaultAsync(fits, ct);
        if (row is null)
            s.Db.Add(row = make());
        return row;
    }
}
