using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>The demo through the real start, on an empty control database.</summary>
public sealed class DemoTests(Cluster cluster) : IAsyncDisposable
{
    // Each test has its own: connections to one that was dropped lie in a pool.
    readonly string control = "demo_control_" + Guid.NewGuid().ToString("N");

    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly string data = Directory.CreateTempSubdirectory("parking-demo-").FullName;
    readonly CapturedLogs logs = new();

    string File => Path.Combine(data, "demo.json");

    Task<ParkingHost> StartAsync(int days = 2, params string[] settings) => ParkingHost.StartAsync(
        [.. settings, "--environment=Demo", "--Demo=true", $"--DemoDays={days}", $"--Data={data}", "--Port=0", "--Mqtt:Port=0",
        $"--ConnectionStrings:Control={cluster.ConnectionString(control)}", "--Key=" + cluster.Key.Reveal()], services =>
        {
            services.RemoveAll<ILoggerProvider>();
            services.AddSingleton<ILoggerProvider>(logs);
        }, Ct);

    async Task<JsonElement> ReadAsync() => JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(File, Ct)).RootElement;

    static async Task<int[]> CountAsync(ParkingHost host, string city, DateTimeOffset made)
    {
        await using var s = await OpenAsync(host, city);
        return
        [
            await s.Db.Set<Area>().CountAsync(Ct), await s.Db.Set<Company>().CountAsync(Ct),
            await s.Db.Set<Lot>().CountAsync(Ct), await s.Db.Set<Lane>().CountAsync(Ct),
            await s.Db.Set<Road>().CountAsync(Ct), await s.Db.Set<LotZone>().CountAsync(Ct), await s.Db.Set<LotPhoto>().CountAsync(Ct),
            await s.Db.Set<Berth>().CountAsync(Ct), await s.Db.Set<Device>().CountAsync(Ct), await s.Db.Set<User>().CountAsync(Ct),
            await s.Db.Set<ApiClient>().CountAsync(Ct), await s.Db.Set<TariffVersion>().CountAsync(Ct), await s.Db.Set<LotTariff>().CountAsync(Ct),
            // What the simulator adds is newer.
            await s.Db.Set<Order>().CountAsync(o => o.CreatedAt < made, Ct), await s.Db.Set<Pass>().CountAsync(Ct), await s.Db.Set<Owner>().CountAsync(Ct)
        ];
    }

    static Task<CitySession> OpenAsync(ParkingHost host, string city) =>
        host.App.Services.GetRequiredService<CitySessions>().OpenAsync(Actor.Job(city, "test", "test"), "test", Ct);

    [Fact]
    public async Task It_is_made_once_and_every_secret_in_its_file_fits()
    {
        string text;
        int[] counts;
        var made = TimeProvider.System.GetUtcNow();
        await using (var host = await StartAsync())
        {
            text = await System.IO.File.ReadAllTextAsync(File, Ct);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
            Assert.Equal(["shenzhen", "hangzhou"], host.App.Services.GetRequiredService<CityDirectory>().Active.Select(c => c.Code));
            counts = await CountAsync(host, "shenzhen", made);
            var file = await ReadAsync();
            foreach (var city in file.GetProperty("cities").EnumerateArray())
                await SecretsFitAsync(host, city);
        }
        await using (var again = await StartAsync())
        {
            Assert.Equal(text, await System.IO.File.ReadAllTextAsync(File, Ct));
            Assert.Equal(counts, await CountAsync(again, "shenzhen", made));
        }

        // Whoever loses the file gets new secrets and no second demo.
        System.IO.File.Delete(File);
        await using (var lost = await StartAsync())
        {
            var file = await ReadAsync();
            Assert.NotEqual(text, file.GetRawText());
            Assert.Equal(counts, await CountAsync(lost, "shenzhen", made));
            foreach (var city in file.GetProperty("cities").EnumerateArray())
                await SecretsFitAsync(lost, city);
        }
    }

    /// <summary>A page that is being read when the program stops finds its services gone.</summary>
    [Fact]
    public async Task What_pages_miss_once_the_program_has_stopped_is_no_fault()
    {
        await using var host = await StartAsync(1, "--Simulator:Speed=0");
        var circuit = host.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Components.Server.Circuits.CircuitHost");
        circuit.LogError("while it runs");
        circuit.LogInformation("chatter");
        await host.DisposeAsync();
        circuit.LogError("after it has stopped");
        Assert.Equal(["while it runs"], logs.Lines.Where(l => l.Contains("CircuitHost")).Select(l => l.Split(": ")[1].Trim()));
    }

    [Fact]
    public async Task The_history_says_the_same_wherever_one_asks()
    {
        const int days = 70;
        await using var host = await StartAsync(days, "--Simulator:Speed=0");
        foreach (var city in new[] { "shenzhen", "hangzhou" })
        {
            await NothingIsInconsistentAsync(city);
            await TotalsAgreeAsync(host, city, days);
        }
    }

    async Task NothingIsInconsistentAsync(string city)
    {
        await using var source = NpgsqlDataSource.Create(cluster.CityConnectionString("city_" + city));
        foreach (var (what, where) in Inconsistent)
        {
            await using var command = source.CreateCommand("SELECT count(*) FROM " + where);
            Assert.True(await command.ExecuteScalarAsync(Ct) is 0L, $"{city}: {what}");
        }
    }

    /// <summary>What must not be, and where it would be.</summary>
    static readonly (string What, string Where)[] Inconsistent =
    [
        ("more or less received than was paid", """
            orders o WHERE received_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM payments p
              WHERE p.payable_id = o.id AND p.state = 'Succeeded' AND p.lot_id = o.lot_id)
            """),
        ("a payment for nothing", """
            payments p WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = p.payable_id) AND NOT EXISTS (SELECT FROM pass_periods x WHERE x.id = p.payable_id)
              AND NOT EXISTS (SELECT FROM passes x WHERE x.id = p.payable_id)
            """),
        ("a state that its money or times belie", """
            orders WHERE NOT CASE state
              WHEN 'Completed' THEN exited_at IS NOT NULL AND entered_at IS NOT NULL AND received_minor = receivable_minor
              WHEN 'Arrears' THEN exited_at IS NOT NULL AND received_minor < receivable_minor
              WHEN 'Parked' THEN exited_at IS NULL AND received_minor = 0
              WHEN 'Unresolved' THEN (exited_at IS NULL OR entered_at IS NULL) AND received_minor = 0
              ELSE false END
            """),
        ("an explanation of another fee", """
            orders WHERE exited_at IS NOT NULL AND entered_at IS NOT NULL AND coalesce(fee_lines->>'total', '0')::numeric * 100 <> receivable_minor
            """),
        ("another business date", "orders WHERE business_date <> (coalesce(exited_at, entered_at) AT TIME ZONE 'Asia/Shanghai')::date"),
        ("a payment on another day", "payments WHERE business_date <> (paid_at AT TIME ZONE 'Asia/Shanghai')::date"),
        ("something in the future", """
            (SELECT created_at AS at FROM orders UNION ALL SELECT exited_at FROM orders UNION ALL SELECT paid_at FROM payments
             UNION ALL SELECT at FROM passages UNION ALL SELECT at FROM order_operations UNION ALL SELECT at FROM pass_operations) t WHERE at > now()
            """),
        ("an exit before the entry", "orders WHERE exited_at <= entered_at"),
        ("a car in two places", """
            (SELECT entered_at, lag(coalesce(exited_at, 'infinity')) OVER (PARTITION BY plate ORDER BY entered_at) AS before
             FROM orders WHERE state <> 'Unresolved') t WHERE entered_at < before
            """),
        ("two cars on a berth", """
            (SELECT entered_at, lag(coalesce(exited_at, 'infinity')) OVER (PARTITION BY berth_id ORDER BY entered_at) AS before
             FROM orders WHERE berth_id IS NOT NULL) t WHERE entered_at < before
            """),
        ("a berth whose sensor says otherwise", """
            berths b WHERE occupied <> EXISTS (SELECT FROM orders o WHERE o.berth_id = b.id AND o.state = 'Parked')
            """),
        ("an entry that nothing saw", """
            orders o WHERE entered_at IS NOT NULL AND NOT EXISTS (SELECT FROM passages p WHERE p.order_id = o.id AND p.lot_id = o.lot_id AND p.entering
              AND p.at = o.entered_at AND p.lane_id IS NOT DISTINCT FROM o.entry_lane_id AND p.berth_id IS NOT DISTINCT FROM o.berth_id)
            """),
        ("an exit that nothing saw", """
            orders o WHERE exited_at IS NOT NULL AND NOT EXISTS (SELECT FROM passages p WHERE p.order_id = o.id AND p.lot_id = o.lot_id AND NOT p.entering
              AND p.at = o.exited_at AND p.lane_id IS NOT DISTINCT FROM o.exit_lane_id)
            """),
        ("a passage of no order, or of no message", """
            passages p WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = p.order_id)
              OR (message_id IS NOT NULL AND NOT EXISTS (SELECT FROM device_messages m WHERE m.id = p.message_id AND m.device_id = p.device_id))
            """),
        ("a gate that was not told to let in who is in", """
            orders o WHERE state = 'Parked' AND anomalies = 0 AND entry_lane_id IS NOT NULL AND entered_at > now() - interval '2 days'
              AND entered_at < now() - interval '4 hours' AND NOT EXISTS (SELECT FROM device_commands c JOIN device_messages m ON m.received_at = c.created_at
                JOIN passages p ON p.message_id = m.id WHERE c.order_id = o.id AND c.type = 'gate.open' AND p.order_id = o.id AND p.entering)
            """),
        ("a log that ends in another state", """
            (SELECT DISTINCT ON (order_id) order_id, state FROM order_operations ORDER BY order_id, at DESC) l JOIN orders o ON o.id = l.order_id
            WHERE o.state <> l.state
            """),
        ("a lot fuller than it can be", """
            lots l WHERE capacity < (SELECT count(*) FROM orders o WHERE o.lot_id = l.id AND o.state IN ('Parked', 'AwaitingPayment'))
            """),
        ("a paid term that nobody paid", """
            pass_periods x WHERE state = 'Paid' AND list_price_minor - discount_minor <> (SELECT sum(amount_minor) FROM payments p WHERE p.payable_id = x.id)
            """),
        ("a pass paid to another day", """
            passes x WHERE state = 'Active' AND until <> (SELECT max(until) FROM pass_periods p WHERE p.pass_id = x.id AND p.state = 'Paid')
            """)
    ];

    static async Task TotalsAgreeAsync(ParkingHost host, string city, int days)
    {
        await using var s = await OpenAsync(host, city);
        var actor = Actor.Job(city, "test", ReportPermissions.Income, ReportPermissions.Home, ReportPermissions.WhatIf, LotPermissions.View);
        var today = s.City.Zone.Date(s.Now);
        var first = today.AddDays(1 - days);
        var of = host.App.Services;

        // Every day has its money, by more than one method, and the report is the sum of the payments.
        var income = (await of.GetRequiredService<DailyIncome>().RunAsync(actor, today.AddDays(-365), today, null, Ct)).Value;
        Assert.Equal(await s.Db.Set<Payment>().SumAsync(p => p.Amount.Minor, Ct), income.Sum(r => r.Amount.Minor));
        Assert.Equal(days - 1, income.Where(r => r.Date >= first && r.Date < today && r.Amount > Money.Zero).Select(r => r.Date).Distinct().Count());
        Assert.Equal(["cash", "demo", "transfer"], income.Select(r => r.Method).Distinct().Order());

        // The cars in are the same in all figures, and every lot was used.
        var parked = await s.Db.Set<Order>().CountAsync(Order.IsInLot, Ct);
        var home = await of.GetRequiredService<TodayFigures>().RunAsync(actor, Ct);
        Assert.Equal(parked, home.Places.Parked);
        Assert.Equal(parked, (await of.GetRequiredService<OccupancyFigures>().RunAsync(actor, null, StringComparer.Ordinal, Ct)).Total.Parked);
        Assert.Equal(4, await s.Db.Set<Order>().Select(o => o.LotId).Distinct().CountAsync(Ct));
        Assert.InRange(await s.Db.Set<Order>().CountAsync(Ct), 150 * days, 300 * days);

        // A person finds a handful of cases, of every kind.
        Assert.InRange(home.NeedDecision, 4, 9);
        Assert.True(await s.Db.Set<Order>().AnyAsync(o => o.State == OrderState.Arrears, Ct));

        // Its own tariff charges every stay of a lot once more what it was charged.
        foreach (var lot in await s.Db.Set<LotTariff>().ToListAsync(Ct))
        {
            var version = await s.Db.Set<TariffVersion>().Where(v => v.TariffId == lot.TariffId).Select(v => v.Id).SingleAsync(Ct);
            var again = (await of.GetRequiredService<WhatIf>().RunAsync(actor, new WhatIfQuestion(version, first, today, lot.LotId), null, Ct)).Value;
            Assert.Equal(again.Total.Orders, again.Total.Unchanged);
            Assert.True(again.Total.Then > Money.Zero);
        }
    }

    async Task SecretsFitAsync(ParkingHost host, JsonElement city)
    {
        var code = city.GetProperty("code").GetString()!;
        var hasher = host.App.Services.GetRequiredService<IPasswordHasher<User>>();
        await using var s = await OpenAsync(host, code);

        var users = await s.Db.Set<User>().ToDictionaryAsync(u => u.UserName!, Ct);
        var signIns = city.GetProperty("signIns").EnumerateArray().ToList();
        Assert.Equal(Roles.InCity.Order(), signIns.Select(i => Text(i, "role")).Order());
        foreach (var signIn in signIns)
        {
            var user = users[Text(signIn, "name")];
            Assert.Equal(user.Role, Text(signIn, "role"));
            Assert.Equal(PasswordVerificationResult.Success, hasher.VerifyHashedPassword(user, user.PasswordHash!, Text(signIn, "password")));
            NotLogged(Text(signIn, "password"));
        }
        Assert.True(users["attendant"].LotIds.Count == 1 && users["company"].CompanyId is not null && users["district"].AreaId is not null);

        var api = city.GetProperty("api");
        var client = await s.Db.Set<ApiClient>().SingleAsync(c => c.ClientId == Text(api, "clientId"), Ct);
        Assert.True(Secret.Verify(client.SecretHash, Text(api, "clientSecret")));
        NotLogged(Text(api, "clientSecret"));
        Assert.EndsWith($"/{code}/api/v1/token", Text(api, "tokenUrl"));

        var devices = await s.Db.Set<Device>().ToDictionaryAsync(d => d.Name, Ct);
        var lots = city.GetProperty("lots").EnumerateArray().ToList();
        var all = lots.SelectMany(l => l.GetProperty("allDevices").EnumerateArray()).ToList();
        Assert.Equal(devices.Count, all.Count);
        foreach (var device in all)
        {
            var name = Text(device, "device");
            Assert.Equal($"{code}/{name}", Text(device, "username"));
            Assert.True(Secret.Verify(devices[name].SecretHash, Text(device, "password")));
            NotLogged(Text(device, "password"));
        }
        Assert.Contains(devices.Values, d => d.Dialect == "zhenshi");
        Assert.Contains(lots, l => Text(l, "kind") == "offStreet" && !l.GetProperty("simulated").GetBoolean());
        foreach (var lot in lots)
        {
            string[] kinds = [.. lot.GetProperty("devices").EnumerateObject().Select(d => d.Name).Order()];
            Assert.Equal(Text(lot, "kind") == "onStreet" ? ["berthSensor"] : ["entryCamera", "exitCamera", "gate"], kinds);
        }

        var tariffs = await (from a in s.Db.Set<LotTariff>() join v in s.Db.Set<TariffVersion>() on a.TariffId equals v.TariffId select v).ToListAsync(Ct);
        Assert.Equal(lots.Count, tariffs.Count);
        Assert.All(tariffs, v => Assert.True(v.PublishedAt is not null && v.EffectiveFrom <= s.Now && TariffJson.Read(v.Definition).Tariff is not null));
    }

    void NotLogged(string secret) => Assert.DoesNotContain(logs.Lines, l => l.Contains(secret));

    static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public async ValueTask DisposeAsync()
    {
        foreach (var database in new[] { "city_shenzhen", "city_hangzhou", control })
            await cluster.DropAsync(database);
        Directory.Delete(data, recursive: true);
    }
}
