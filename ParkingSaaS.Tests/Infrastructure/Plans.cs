using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>How the database would answer a query.</summary>
static class Plans
{
    /// <summary>The plan of a query on a table that is no longer small enough to be read as a whole.</summary>
    public static async Task<string> OfAsync<T>(CitySession s, IQueryable<T> query)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await using var command = query.CreateDbCommand();
        command.CommandText = "SET LOCAL enable_seqscan = off; EXPLAIN " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var plan = new List<string>();
        while (await reader.ReadAsync(ct))
            plan.Add(reader.GetString(0));
        return string.Join('\n', plan);
    }
}
