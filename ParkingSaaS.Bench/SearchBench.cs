using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Search;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

/// <summary>
/// The search of a city with a year's orders, by texts of several kinds, and beside it in turns the mere look-up of an order by its primary key.
/// </summary>
internal static class SearchBench
{
    private const int Rounds = 100;

    /// <summary>Three offices of a hundred thousand numbers.</summary>
    private const int Cars = 300_000;

    /// <summary>Of devices, berths, owners and passes each.</summary>
    private const int Others = 100_000;

    private static readonly string[] Rights =
    [
        SearchPermissions.Use, OrderPermissions.View, LotPermissions.View, DevicePermissions.View, PassPermissions.View, VehiclePermissions.ViewOwners,
        VehiclePermissions.ViewPhones, AccountPermissions.ManageUsers
    ];

    public static Task<int> RunAsync(int orders) => BenchCity.RunAsync(lots: 20, lanes: 1, async city =>
    {
        await using var raw = NpgsqlDataSource.Create(city.ConnectionString());
        var watch = Stopwatch.StartNew();
        await FillAsync(raw, orders);
        Console.WriteLine($"{orders:N0} orders, {Others:N0} each of devices, berths, owners and passes written in {watch.Elapsed.TotalSeconds:0} s");
        await MeasureAsync(city, raw);
    });

    /// <summary>The server makes the rows: orders evenly over a year, each with a camera's passage, of cars that come back.</summary>
    private static async Task FillAsync(NpgsqlDataSource raw, int orders)
    {
        string[] statements =
        [
            $"""
            INSERT INTO orders (id, lot_id, plate, colour, vehicle, state, anomalies, entered_at, exited_at, receivable_minor, discount_minor,
                written_off_minor, received_minor, fee_lines, business_date, created_at)
            SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
                    || '7' || substr(md5(i::text), 1, 3) || '8' || substr(md5(i::text), 4, 15))::uuid,
                lots.ids[1 + i % 20], '粤' || substr('BCD', 1 + car / 100000, 1) || lpad((car % 100000)::text, 5, '0'), 'Blue', 'Small', 'Completed', 0,
                at, at + interval '2 hours', 900, 0, 0, 900, jsonb_build_object('lines', repeat('as long as the lines of a fee ', 20)), at::date, at
            FROM (SELECT i, timestamptz '2025-11-20' + i * interval '365 days' / {orders} AS at, (random() * {Cars - 1})::int AS car
                FROM generate_series(1, {orders}) i) made, (SELECT array_agg(id ORDER BY name) AS ids FROM lots) lots
            """,
            """
            INSERT INTO passages (id, lot_id, device_id, entering, at, plate, images, replay, outcome, order_id)
            SELECT gen_random_uuid(), o.lot_id, d.id, true, o.entered_at, o.plate, '{}', false, 'Opened', o.id
            FROM orders o JOIN devices d ON d.lot_id = o.lot_id AND d.kind = 'EntryCamera'
            """,
            Other("devices (id, lot_id, name, kind, dialect, secret_hash, online, credentials_version, faults)",
                "'sz-cam-' || lpad(i::text, 6, '0'), 'Gate', 'standard', '', false, 0, '{}'"),
            Other("berths (id, lot_id, number, type, occupied)", "chr(65 + i % 26) || lpad((i / 26)::text, 4, '0'), 'Standard', false"),
            Other("passes (id, lot_id, product_id, holder, phone, vehicle, places, \"from\", until, state, sold_by, on_line, auto_renew, created_at,"
                + " refund_minor)",
                $"(SELECT id FROM pass_products), {Person}, '+86139' || lpad((i * 7919 % 100000000)::text, 8, '0'), 'Small', 1, date '2026-11-01', "
                + "date '2026-11-30', 'Active', '', false, false, now(), 0"),
            $"""
            INSERT INTO owners (id, phone, name, note, language, created_at, changed_by, changed_at)
            SELECT gen_random_uuid(), '+86138' || lpad((i * 7919 % 100000000)::text, 8, '0'), {Person}, '', 'Chinese', now(), '', now()
            FROM generate_series(0, {Others - 1}) i
            """,
            $"""
            INSERT INTO owner_plates (plate, owner_id, colour, vehicle, is_default)
            SELECT '粤B' || lpad((row_number() OVER () - 1)::text, 5, '0'), id, 'Blue', 'Small', true FROM owners
            """,
            "VACUUM ANALYZE"
        ];
        await using (var product = raw.CreateCommand("""
            INSERT INTO pass_products (id, name, scope, lot_ids, binding, term, "natural", max_terms, max_plates, places, vehicles, plate_group_ids, on_line,
                off_line, reviewed, max_days_ahead, offer_percent, offer_days, grace_days, changed_by, changed_at, price_minor)
            VALUES (gen_random_uuid(), 'Bench', 'City', '{}', 'Plates', 'Month', false, 1, 1, 1, '{}', '{}', false, true, false, 1, 0, 0, 0, '', now(), 30000)
            """))
            await product.ExecuteNonQueryAsync();
        foreach (var statement in statements)
        {
            await using var command = raw.CreateCommand(statement);
            command.CommandTimeout = 1800;
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>A thousand names, each of a hundred people.</summary>
    private const string Person =
        "substr('赵钱孙李周吴郑王冯陈', 1 + i % 10, 1) || substr('伟芳娜敏静丽强磊军洋', 1 + i / 10 % 10, 1) || substr('一二三四五六七八九十', 1 + i / 100 % 10, 1)";

    private static string Other(string table, string values) => $"""
        INSERT INTO {table}
        SELECT gen_random_uuid(), lots.ids[1 + i % 20], {values}
        FROM generate_series(0, {Others - 1}) i, (SELECT array_agg(id ORDER BY name) AS ids FROM lots) lots
        """;

    private static async Task MeasureAsync(BenchCity city, NpgsqlDataSource raw)
    {
        var (ids, lot) = (new List<Guid>(), Guid.Empty);
        await using (var some = raw.CreateCommand("SELECT id, lot_id FROM orders TABLESAMPLE BERNOULLI (1) LIMIT 1000"))
        await using (var rows = await some.ExecuteReaderAsync())
            while (await rows.ReadAsync())
                (ids, lot) = ([.. ids, rows.GetGuid(0)], rows.GetGuid(1));
        var random = new Random(1);
        string Digits(int count) => random.NextInt64((long)Math.Pow(10, count)).ToString($"D{count}", CultureInfo.InvariantCulture);
        string Plate() => $"粤{"BCD"[random.Next(3)]}{Digits(5)}";
        (string Kind, Func<string> Text)[] kinds =
        [
            ("a plate", Plate),
            ("a plate, O for 0", () => Plate().Replace('0', 'O')),
            ("its five digits", () => Digits(5)),
            ("four digits", () => Digits(4)),
            ("three digits", () => Digits(3)),
            ("a plate's beginning of 3", () => Plate()[..3]),
            ("a plate's beginning of 4", () => Plate()[..4]),
            ("a plate of nobody", () => $"粤Z{Digits(5)}"),
            ("one character", () => "粤"),
            ("two characters", () => Plate()[1..3]),
            ("an order's id", () => $"{ids[random.Next(ids.Count)]}"),
            ("its first eight digits", () => $"{ids[random.Next(ids.Count)]}"[..8]),
            ("a lot", () => $"Lot {random.Next(20)}"),
            ("a berth", () => $"A{random.Next(Others / 26):0000}"),
            ("a device", () => $"sz-cam-0{Digits(5)}"),
            ("what all devices have", () => "cam"),
            ("a person's name", () => $"{"赵钱孙李周吴郑王冯陈"[random.Next(10)]}{"伟芳娜敏静丽强磊军洋"[random.Next(10)]}三"),
            ("a telephone", () => $"138{random.Next(Others) * 7919L % 100_000_000:D8}"),
            ("a pass's number", () => $"{100_001 + random.Next(Others)}")
        ];
        var all = Actor.User(BenchCity.Code, Guid.NewGuid(), "all", Rights.ToHashSet(), Scope.WholeCity);
        var one = Actor.User(BenchCity.Code, Guid.NewGuid(), "one", Rights.ToHashSet(), new Scope(null, null, lot));
        Console.WriteLine($"{"",-44}{"hits",6}{"p50 ms",9}{"p95 ms",9}{"max ms",9}{"primary key p50",17}{"p95",7}");
        foreach (var (who, actor) in new[] { ("", all), ("one lot of twenty: ", one) })
            foreach (var (kind, text) in kinds)
                await MeasureAsync(city, raw, who + kind, actor, text, ids);
    }

    private static async Task MeasureAsync(BenchCity city, NpgsqlDataSource raw, string kind, Actor actor, Func<string> text, List<Guid> ids)
    {
        var search = city.Services.GetRequiredService<SearchEverything>();
        var (searches, keys, hits) = (new List<double>(), new List<double>(), 0);
        // The first tenth warms up and does not count.
        for (var round = -Rounds / 10; round < Rounds; round++)
        {
            var (typed, id) = (text(), ids[(round + Rounds) % ids.Count]);
            var watch = Stopwatch.StartNew();
            var found = (await search.RunAsync(actor, typed, CancellationToken.None)).Value.Count;
            var searched = watch.Elapsed.TotalMilliseconds;
            watch.Restart();
            await LookUpAsync(raw, id);
            if (round < 0)
                continue;
            hits += found;
            searches.Add(searched);
            keys.Add(watch.Elapsed.TotalMilliseconds);
        }
        Console.WriteLine($"{kind,-44}{(double)hits / Rounds,6:0.0}{Measure.At(searches, 0.5),9:0.0}{Measure.At(searches, 0.95),9:0.0}{searches.Max(),9:0.0}"
            + $"{Measure.At(keys, 0.5),17:0.00}{Measure.At(keys, 0.95),7:0.00}");
    }

    /// <summary>What no search can do without: a row comes by an index.</summary>
    private static async Task LookUpAsync(NpgsqlDataSource raw, Guid id)
    {
        await using var command = raw.CreateCommand("SELECT plate, lot_id, state, entered_at FROM orders WHERE id = $1");
        command.Parameters.AddWithValue(id);
        await using var rows = await command.ExecuteReaderAsync();
        if (!await rows.ReadAsync())
            throw new InvalidOperationException("The order is not there");
    }
}
