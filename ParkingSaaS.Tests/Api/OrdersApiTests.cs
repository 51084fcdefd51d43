using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Api;

/// <summary>Orders and lots as partners see them.</summary>
public sealed class OrdersApiTests(Cluster cluster) : PlatformTest(cluster)
{
    ApiPlatform api = null!;
    TestCity city => City;
    string token = "";

    protected override async Task PrepareAsync()
    {
        api = Own(await ApiPlatform.StartAsync(platform));
        await api.AddClientAsync(city, "partner");
        token = await api.TokenAsync(city, "partner");
    }

    /// <summary>A stay that began so many minutes after nine o'clock, in the city's time.</summary>
    static Order Stay(Lot lot, string plate, int minute, OrderState state = OrderState.Completed) => new()
    {
        Id = Guid.CreateVersion7(),
        LotId = lot.Id,
        Plate = plate,
        EnteredAt = TestPlatform.Start.AddMinutes(minute),
        ExitedAt = state is OrderState.Parked ? null : TestPlatform.Start.AddMinutes(minute + 60),
        State = state,
        Receivable = new Money(1250),
        Received = new Money(state is OrderState.Completed ? 1250 : 0),
        BusinessDate = new DateOnly(2026, 11, 21),
        CreatedAt = TestPlatform.Start.AddMinutes(minute)
    };

    async Task AddAsync(TestCity to, params Order[] orders)
    {
        await using var s = await to.OpenAsync();
        s.Db.AddRange(orders);
        await s.Db.SaveChangesAsync(Ct);
    }

    async Task<JsonElement> OrdersAsync(string query = "", string? with = null) =>
        await ApiPlatform.ReadAsync(await api.GetAsync("/alpha/api/v1/orders" + query, with ?? token));

    async Task<string[]> PlatesAsync(string query = "", string? with = null) =>
        [.. (await OrdersAsync(query, with)).GetProperty("items").EnumerateArray().Select(o => o.GetProperty("plate").GetString()!)];

    [Fact]
    public async Task An_order_has_money_as_text_and_times_on_the_citys_clock()
    {
        var order = Stay(city.North, "粤B12345", 0);
        await AddAsync(city, order);
        var answer = await OrdersAsync();
        Assert.Equal(["items", "next"], answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("next").ValueKind);
        var item = Assert.Single(answer.GetProperty("items").EnumerateArray());
        Assert.Equal(["id", "plate", "lot", "enteredAt", "exitedAt", "state", "receivable", "received"],
            item.EnumerateObject().Select(p => p.Name));
        Assert.Equal([order.Id.ToString(), "粤B12345", city.North.Id.ToString(), "2026-11-21T09:00:00+08:00", "2026-11-21T10:00:00+08:00",
            "completed", "12.50", "12.50"], item.EnumerateObject().Select(p => p.Value.GetString()));
    }

    /// <summary>The list, its sums and its workbook are made of the same rows.</summary>
    [Fact]
    public async Task A_struck_out_order_asks_for_nothing_here_and_in_the_list()
    {
        var order = Stay(city.North, "粤B12345", 0, OrderState.Arrears);
        await AddAsync(city, order);
        Assert.True((await platform.Get<VoidOrder>().RunAsync(city.User(OrderPermissions.Void), order.Id, "no car", Ct)).Ok);
        var item = Assert.Single((await OrdersAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(("void", "0.00", "0.00"),
            (item.GetProperty("state").GetString(), item.GetProperty("receivable").GetString(), item.GetProperty("received").GetString()));
        await using var s = await city.OpenAsync();
        var row = await OrderFilter.Rows(s, s.Db.Set<Order>()).SingleAsync(Ct);
        Assert.Equal((0, 0, 0), (row.Receivable, row.Received, row.Owed));
        // What it was is not forgotten.
        Assert.Equal(new Money(1250), (await s.Db.Set<OrderOperation>().SingleAsync(o => o.Kind == OrderOperationKind.Voided, Ct)).Amount);
    }

    [Fact]
    public async Task States_are_named_in_camel_case()
    {
        await AddAsync(city,
            Stay(city.North, "A1", 0, OrderState.AwaitingPayment), Stay(city.North, "A2", 60, OrderState.Parked));
        Assert.Equal(["parked", "awaitingPayment"],
            (await OrdersAsync()).GetProperty("items").EnumerateArray().Select(o => o.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Orders_are_found_by_plate_lot_and_time()
    {
        await AddAsync(city, Stay(city.North, "粤B12345", 0), Stay(city.South, "粤B12345", 60), Stay(city.South, "A2", 120));
        await AddAsync(platform(), Stay(platform().North, "粤B12345", 0));
        await OtherCityBeginsHereAsync();
        Assert.Equal(["A2", "粤B12345", "粤B12345"], await PlatesAsync());
        Assert.Equal(["粤B12345", "粤B12345"], await PlatesAsync("?plate=" + Uri.EscapeDataString("粤b·123-45")));
        Assert.Empty(await PlatesAsync("?plate=B12345"));
        Assert.Equal(["A2", "粤B12345"], await PlatesAsync($"?lot={city.South.Id}"));
        Assert.Equal(["A2", "粤B12345"], await PlatesAsync("?from=2026-11-21T10:00:00%2B08:00"));
        Assert.Equal(["粤B12345"], await PlatesAsync("?to=2026-11-21T10:00:00+08:00")); // the plus as people forget to encode it
        Assert.Equal(["粤B12345"], await PlatesAsync("?from=2026-11-21T10:00&to=2026-11-21T11:00"));
        Assert.Equal(["A2"], await PlatesAsync("?from=2026-11-21T03:00:00Z"));
        Assert.Equal(3, (await PlatesAsync("?from=2026-11-21&to=2026-11-22")).Length);
        Assert.Empty(await PlatesAsync("?from=2036-11-21"));

        TestCity platform() => api.Platform.Beta;
    }

    [Fact]
    public async Task Page_after_page_shows_every_order_once()
    {
        // Several of the same instant, so that the place is told by more than the time.
        await AddAsync(city, [.. Enumerable.Range(0, 25).Select(i => Stay(city.North, $"P{i}", i / 5))]);
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await OrdersAsync("?limit=7" + (next is null ? "" : "&after=" + next));
            var plates = page.GetProperty("items").EnumerateArray().Select(o => o.GetProperty("plate").GetString()!).ToList();
            if (seen.Count == 7)
                await AddAsync(city, Stay(city.North, "NEW", 60)); // comes in while somebody pages
            seen.AddRange(plates);
            next = page.GetProperty("next").GetString();
            Assert.True(next is null || plates.Count == 7);
        }
        while (next is not null);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"P{i}").Order(), seen.Order());
    }

    [Fact]
    public async Task A_page_holds_fifty_unless_asked_and_two_hundred_at_most()
    {
        await AddAsync(city, [.. Enumerable.Range(0, 201).Select(i => Stay(city.North, $"P{i}", i))]);
        Assert.Equal(50, (await PlatesAsync()).Length);
        Assert.Equal(200, (await PlatesAsync("?limit=200")).Length);
    }

    static readonly (string Query, string Parameter)[] Unusable =
    [
        ("plate=" + new string('A', 500), "plate"),
        ("plate=", "plate"),
        ("lot=7", "lot"),
        ("from=yesterday", "from"),
        ("from=2026-13-01", "from"),
        ("to=0001-01-01", "to"),
        ("to=9999-12-31T23:59:59-14:00", "to"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("after=nonsense", "after"),
        ("after=" + new string('x', 2000), "after"),
        ("after=OTk5OTk5OTk5OTk5OTk5OTk5OS54", "after"),
        ("plate=%00", "plate")
    ];

    [Fact]
    public async Task What_cannot_be_meant_is_refused_by_name() => await Assert.AllAsync(Unusable, async row =>
    {
        var refusal = await ApiPlatform.RefusalAsync(await api.GetAsync("/alpha/api/v1/orders?" + row.Query, token));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid", row.Parameter),
            (refusal.Status, refusal.Code, Assert.Single(refusal.Paths)));
    });

    [Fact]
    public async Task A_client_of_a_company_sees_its_lots_only()
    {
        await api.AddClientAsync(city, "north", city.NorthCompany.Id);
        var north = await api.TokenAsync(city, "north");
        await AddAsync(city, Stay(city.North, "N1", 0), Stay(city.South, "S1", 0, OrderState.Parked));
        Assert.Equal(["N1"], await PlatesAsync("", north));
        Assert.Empty(await PlatesAsync($"?lot={city.South.Id}", north));
        Assert.Empty(await PlatesAsync("?plate=S1", north));
        Assert.Empty(await PlatesAsync($"?lot={api.Platform.Beta.North.Id}", north));
        Assert.Equal(["North"], await LotNamesAsync(north));
        Assert.Equal(["North", "South"], await LotNamesAsync(token));
    }

    async Task<string[]> LotNamesAsync(string with) => [.. (await ApiPlatform.ReadAsync(await api.GetAsync("/alpha/api/v1/lots", with)))
        .GetProperty("items").EnumerateArray().Select(l => l.GetProperty("name").GetString()!)];

    [Fact]
    public async Task A_lot_tells_how_many_places_are_left()
    {
        await AddAsync(city, Stay(city.South, "S1", 0, OrderState.Parked), Stay(city.South, "S2", 0));
        var lots = (await ApiPlatform.ReadAsync(await api.GetAsync("/alpha/api/v1/lots", token))).GetProperty("items");
        Assert.Equal($$"""{"id":"{{city.South.Id}}","name":"South","kind":"onStreet","capacity":2,"occupied":1,"free":1}""", lots[1].GetRawText());
    }

    [Fact]
    public async Task Each_address_asks_for_its_permission()
    {
        (string Path, string Permission)[] addresses = [("orders", OrderPermissions.View), ("lots", LotPermissions.View)];
        await Assert.AllAsync(addresses, async address =>
        {
            var client = "without-" + address.Path;
            await api.AddClientAsync(city, client, permissions: [.. ApiPlatform.Everything.Except([address.Permission])]);
            var refused = await ApiPlatform.RefusalAsync(
                await api.GetAsync($"/alpha/api/v1/{address.Path}", await api.TokenAsync(city, client)));
            Assert.Equal((HttpStatusCode.Forbidden, "permission-missing"), (refused.Status, refused.Code));
        });
    }

    [Fact]
    public async Task There_are_no_other_addresses_and_methods()
    {
        (HttpMethod Method, string Path, HttpStatusCode Status, string Code)[] others =
        [
            (HttpMethod.Get, "nothing", HttpStatusCode.NotFound, "not-found"),
            (HttpMethod.Delete, "orders", HttpStatusCode.MethodNotAllowed, "method-not-allowed")
        ];
        await Assert.AllAsync(others, async other =>
        {
            var refused = await ApiPlatform.RefusalAsync(
                await api.SendAsync(new(other.Method, $"/alpha/api/v1/{other.Path}"), token));
            Assert.Equal((other.Status, other.Code), (refused.Status, refused.Code));
        });
    }
}
