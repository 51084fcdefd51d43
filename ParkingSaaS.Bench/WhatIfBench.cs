using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;
using Npgsql;
using NpgsqlTypes;

/// <summary>
/// A year's orders replayed under another tariff, one that looks at the car's earlier stays, and beside them in turns the mere reading
/// of the columns that a replay needs.
/// </summary>
internal static class WhatIfBench
{
    private const int Rounds = 5;
    private const int Cars = 20_000;
    private static readonly DateTimeOffset Begin = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly First = new(2025, 11, 1);
    private static readonly DateOnly Last = new(2026, 10, 31);

    public static Task<int> RunAsync(int orders) => BenchCity.RunAsync(lots: 20, lanes: 1, async city =>
    {
        await using var raw = NpgsqlDataSource.Create(city.ConnectionString());
        var watch = Stopwatch.StartNew();
        await FillAsync(city, raw, orders);
        Console.WriteLine($"{orders:N0} orders written in {watch.Elapsed.TotalSeconds:0} s");
        await MeasureAsync(city, raw);
    });

    /// <summary>Orders of a year in the lots of the city, priced by its tariff, with their lines. Cars come back.</summary>
    private static async Task FillAsync(BenchCity city, NpgsqlDataSource raw, int orders)
    {
        await using var s = await city.OpenAsync();
        var lots = await s.Db.Set<Lot>().Select(l => l.Id).ToListAsync();
        var version = await s.Db.Set<TariffVersion>().Select(v => v.Id).SingleAsync();
        var tariff = TariffTemplate.All.Single(t => t.Id == "off-street").Tariff;
        var random = new Random(1);
        await using var connection = await raw.OpenConnectionAsync();
        await using (var rows = await connection.BeginBinaryImportAsync("""
            COPY orders (id, lot_id, plate, colour, vehicle, state, anomalies, entered_at, exited_at, tariff_version_id, receivable_minor, discount_minor,
                written_off_minor, received_minor, fee_lines, business_date, created_at) FROM STDIN (FORMAT BINARY)
            """))
        {
            for (var i = 0; i < orders; i++)
            {
                var entry = Begin.AddSeconds(365L * 86400 * i / orders - 8 * 3600);
                var stay = new Stay(entry, entry.AddSeconds(600 + random.NextInt64(8 * 3600)), (VehicleKind)(random.Next(10) / 9));
                var quote = FeeEngine.Quote(tariff, DayTypes.Weekends, s.City.Zone.Rules, stay);
                await rows.StartRowAsync();
                await rows.WriteAsync(Guid.CreateVersion7(entry));
                await rows.WriteAsync(lots[random.Next(lots.Count)]);
                await rows.WriteAsync($"粤B{random.Next(Cars):00000}");
                await rows.WriteAsync("Blue");
                await rows.WriteAsync(stay.Vehicle.ToString());
                await rows.WriteAsync("Completed");
                await rows.WriteAsync(0);
                await rows.WriteAsync(entry);
                await rows.WriteAsync(stay.Exit);
                await rows.WriteAsync(version);
                await rows.WriteAsync(quote.Total.Minor);
                await rows.WriteAsync(0L);
                await rows.WriteAsync(0L);
                await rows.WriteAsync(quote.Total.Minor);
                await rows.WriteAsync(JsonSerializer.Serialize(quote, TariffJson.Options), NpgsqlDbType.Jsonb);
                await rows.WriteAsync(s.City.Zone.Date(stay.Exit));
                await rows.WriteAsync(entry);
            }
            await rows.CompleteAsync();
        }
        await using var analyze = raw.CreateCommand("VACUUM ANALYZE orders");
        analyze.CommandTimeout = 600;
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task MeasureAsync(BenchCity city, NpgsqlDataSource raw)
    {
        var plain = await AddAsync(city, "on-street", null);
        var back = await AddAsync(city, "off-street", new Reentry { WithinMinutes = 240 });
        var (whatIf, actor) = (city.Services.GetRequiredService<WhatIf>(), BenchCity.Actor);
        var (plains, backs, reads) = (new List<double>(), new List<double>(), new List<double>());
        Console.WriteLine($"{"round",-8}{"replay s",12}{"with re-entry s",18}{"reading only s",16}");
        // The first round warms up and does not count.
        for (var round = 0; round <= Rounds; round++)
        {
            var (alone, earlier, read) =
                (await TimeAsync(() => ReplayAsync(plain)), await TimeAsync(() => ReplayAsync(back)), await TimeAsync(() => ReadAsync(raw)));
            Console.WriteLine($"{(round == 0 ? "warm-up" : round),-8}{alone,12:0.00}{earlier,18:0.00}{read,16:0.00}");
            if (round == 0)
                continue;
            plains.Add(alone);
            backs.Add(earlier);
            reads.Add(read);
        }
        var (p, b, r) = (Measure.At(plains, 0.5), Measure.At(backs, 0.5), Measure.At(reads, 0.5));
        Console.WriteLine($"medians: replay {p:0.00} s, with re-entry {b:0.00} s, reading only {r:0.00} s; ratios {p / r:0.00} and {b / r:0.00}");

        async Task ReplayAsync(Guid version)
        {
            var result = (await whatIf.RunAsync(actor, new WhatIfQuestion(version, First, Last), null, CancellationToken.None)).Value;
            if (result.Total.Orders == 0)
                throw new InvalidOperationException("Nothing was replayed");
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>What no replay can do without: the columns come over one connection and are looked at.</summary>
    private static async Task ReadAsync(NpgsqlDataSource raw)
    {
        await using var command = raw.CreateCommand("""
            SELECT id, lot_id, plate, vehicle, colour, state, business_date, entered_at, exited_at, paid_until, receivable_minor, received_minor
            FROM orders WHERE business_date BETWEEN $1 AND $2
            """);
        command.Parameters.AddWithValue(First);
        command.Parameters.AddWithValue(Last);
        await using var rows = await command.ExecuteReaderAsync();
        var sum = 0L;
        while (await rows.ReadAsync())
            sum += rows.GetInt64(10) + rows.GetFieldValue<DateTimeOffset>(7).Ticks + rows.GetString(2).Length;
        if (sum == 0)
            throw new InvalidOperationException("Nothing was read");
    }

    private static async Task<Guid> AddAsync(BenchCity city, string template, Reentry? reentry)
    {
        await using var s = await city.OpenAsync();
        var plan = new TariffPlan { Id = Guid.CreateVersion7(), Name = $"{template}{(reentry is null ? "" : " with re-entry")}" };
        var version = new TariffVersion
        {
            Id = Guid.CreateVersion7(),
            TariffId = plan.Id,
            Number = 1,
            Definition = TariffJson.Write(TariffTemplate.All.Single(t => t.Id == template).Tariff with { Reentry = reentry })
        };
        s.Db.AddRange(plan, version);
        await s.Db.SaveChangesAsync();
        return version.Id;
    }
}
