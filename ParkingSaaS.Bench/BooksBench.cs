using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ParkingSaaS.Core.Finance;

/// <summary>The proof of a month of the ledger, day by day, beside a single sum over the same entries: a charge and a payment for each of its orders.</summary>
internal static class BooksBench
{
    private const int Days = 30;

    public static Task<int> RunAsync(int entries) => BenchCity.RunAsync(lots: 20, lanes: 1, async city =>
    {
        await using var source = NpgsqlDataSource.Create(city.ConnectionString());
        var perDay = entries / 2 / Days;
        for (var day = 0; day < Days; day++)
            await FillAsync(source, day, perDay);
        await RunAsync(source, "VACUUM (ANALYZE) orders, payments, postings");
        var summed = await RunAsync(source, "SELECT lot_id, debit, credit, sum(amount_minor) FROM postings GROUP BY 1, 2, 3");
        city.Clock.Reach(SteppedClock.Start.AddDays(Days + 1));
        var clock = Stopwatch.StartNew();
        var proven = await city.Services.GetRequiredService<ProveBooks>().RunAsync(BenchCity.Code, CancellationToken.None);
        var proof = clock.Elapsed.TotalSeconds;
        await using var differences = source.CreateCommand("SELECT sum(differences) FROM book_proofs");
        Console.WriteLine($"{perDay * 2L * Days:N0} entries of {Days} days in {perDay * Days:N0} orders; {proven} days proven, "
            + $"{await differences.ExecuteScalarAsync()} differences");
        Console.WriteLine($"one sum over all entries {summed:0.0} s, the proof {proof:0.0} s, {proof / summed:0.0} of it");
    });

    /// <summary>A day of stays of ¥7.00 that are paid in cash.</summary>
    private static Task<double> FillAsync(NpgsqlDataSource source, int day, int orders) => RunAsync(source, $"""
        WITH n AS (
          SELECT g, lpad(to_hex({(long)day * 100_000_000} + g), 32, '0')::uuid AS id, timestamptz '2026-11-21 01:00+00' + {day} * interval '1 day' AS at,
            date '2026-11-21' + {day} AS day, (SELECT array_agg(id) FROM lots) AS lots
          FROM generate_series(1, {orders}) g),
        o AS (
          INSERT INTO orders (id, lot_id, plate, colour, vehicle, state, anomalies, entered_at, exited_at, business_date, created_at,
            receivable_minor, received_minor, discount_minor, written_off_minor)
          SELECT id, lots[1 + g % 20], '粤B' || lpad((g % 100000)::text, 5, '0'), 'Blue', 'Small', 'Completed', 0, at - interval '1 hour', at, day, at,
            700, 700, 0, 0 FROM n),
        p AS (
          INSERT INTO payments (id, lot_id, payable_id, kind, method, state, created_at, paid_at, business_date, reference, quoted_at, amount_minor)
          SELECT id, lots[1 + g % 20], id, 'order', 'cash', 'Succeeded', at, at, day, '', at, 700 FROM n)
        INSERT INTO postings (id, lot_id, at, day, debit, credit, kind, payable_id, payment_id, amount_minor)
        SELECT lpad(to_hex({(long)day * 100_000_000} + 2 * g + e), 32, '0')::uuid, lots[1 + g % 20], at, day,
          CASE e WHEN 0 THEN 'receivable' ELSE 'money:cash' END, CASE e WHEN 0 THEN 'income' ELSE 'receivable' END, 'order', id,
          CASE e WHEN 0 THEN NULL ELSE id END, 700 FROM n, generate_series(0, 1) e
        """);

    /// <returns>Seconds.</returns>
    private static async Task<double> RunAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 3600;
        var clock = Stopwatch.StartNew();
        await command.ExecuteNonQueryAsync();
        return clock.Elapsed.TotalSeconds;
    }
}
