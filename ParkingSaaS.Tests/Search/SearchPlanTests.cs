using Npgsql;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Search;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Search;

/// <summary>No search reads a table as a whole that may be large, whatever is typed.</summary>
public sealed class SearchPlanTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly string[] Small = ["lots", "areas", "companies", "lanes", "users"];

    [Theory]
    [InlineData("粤B12345"), InlineData("b12345"), InlineData("234"), InlineData("12"), InlineData("1"), InlineData("粤"), InlineData("粤B"), InlineData("欧阳锋")]
    [InlineData("cam-in"), InlineData("13812345678"), InlineData("5678"), InlineData("100001"), InlineData("0193a5b2-7c1d"), InlineData("Li Wei")]
    public async Task Large_tables_go_by_an_index(string text)
    {
        var search = platform.Get<SearchEverything>();
        using var asked = await ReadCounter.StartAsync(platform.Get<CityDirectory>().Get(City.Code).Database, () => search.RunAsync(City.System, "North", Ct));
        Assert.True((await search.RunAsync(City.System, text, Ct)).Ok);
        Assert.NotEmpty(asked.Asked);
        await using var connection = new NpgsqlConnection(platform.ConnectionString(City.Code));
        await connection.OpenAsync(Ct);
        foreach (var query in asked.Asked)
            Assert.Equal([], (await PlanAsync(connection, query)).Where(line => line.Contains("Seq Scan on ")
                && !Small.Any(table => line.Contains($"Seq Scan on {table} "))));
    }

    /// <summary>How the query would be run on tables that are no longer small enough to be read as a whole.</summary>
    static async Task<List<string>> PlanAsync(NpgsqlConnection connection, NpgsqlCommand query)
    {
        query.CommandText = "SET enable_seqscan = off; EXPLAIN " + query.CommandText;
        query.Connection = connection;
        var plan = new List<string>();
        await using var reader = await query.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
            plan.Add(reader.GetString(0));
        return plan;
    }

    /// <summary>Parts of plates are found by letters and digits: an index on threes of these would be read from end to end for others.</summary>
    [Theory, InlineData("1"), InlineData("粤B"), InlineData("欧阳锋"), InlineData("粤学1")]
    public async Task Orders_are_not_asked_for_what_their_index_does_not_know(string text)
    {
        var search = platform.Get<SearchEverything>();
        using var asked = await ReadCounter.StartAsync(platform.Get<CityDirectory>().Get(City.Code).Database, () => search.RunAsync(City.System, "North", Ct));
        Assert.True((await search.RunAsync(City.User(SearchPermissions.Use, OrderPermissions.View), text, Ct)).Ok);
        Assert.Empty(asked.Asked);
    }
}
