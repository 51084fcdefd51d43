using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Reports;

/// <summary>Reads orders to be replayed, row by row.</summary>
static class ReplayedOrders
{
    const int BatchSize = 2048;

    /// <summary>Whether an order in that state has a fee that stands.</summary>
    public static bool IsPriced(OrderState state) => state is OrderState.AwaitingPayment or OrderState.Arrears or OrderState.Completed;

    /// <summary>The period's orders in batches, each with the car's stays before it where the tariff asks for them.</summary>
    public static async IAsyncEnumerable<List<ReplayedOrder>> BatchesAsync(CitySession s, WhatIfQuestion question, Tariff tariff,
        Dictionary<Guid, ReplayedLot> lots, Dictionary<string, string[]> groups, DateTimeOffset? first, [EnumeratorCancellation] CancellationToken ct)
    {
        Guid[] ids = [.. lots.Keys];
        var orders = s.Db.Set<Order>().AsNoTracking().Where(o => ids.Contains(o.LotId) && o.EnteredAt != null && o.ExitedAt != null);
        // A car's stays come one after the other, from as far before the first of the period as the tariff looks back.
        if (tariff.DaysBack > 0 && first is { } begin)
        {
            var since = s.City.Zone.Date(begin.AddDays(-tariff.DaysBack));
            orders = orders.Where(o => o.State != OrderState.Void && o.BusinessDate >= since && o.BusinessDate <= question.To)
                .OrderBy(o => o.LotId).ThenBy(o => o.Plate).ThenBy(o => o.EnteredAt);
        }
        else
            orders = orders.Where(o => (o.State == OrderState.AwaitingPayment || o.State == OrderState.Arrears || o.State == OrderState.Completed)
                && o.BusinessDate >= question.From && o.BusinessDate <= question.To);
        var rows = orders.Select(o => new
        {
            o.Id,
            o.LotId,
            o.Plate,
            o.Vehicle,
            o.Colour,
            o.State,
            o.BusinessDate,
            Entry = o.EnteredAt!.Value,
            Exit = o.ExitedAt!.Value,
            o.PaidUntil,
            Then = o.Receivable.Minor,
            Paid = o.Received.Minor,
            Marked = o.MarkReason != null,
            Passes = o.FeeLines != null && EF.Functions.JsonContains(o.FeeLines, """{"lines":[{"code":"pass"}]}""") ? o.FeeLines : null,
            Free = o.Receivable.Minor == 0 && o.FeeLines != null && (EF.Functions.JsonContains(o.FeeLines, """{"notes":[{"code":"whiteList"}]}""")
                || EF.Functions.JsonContains(o.FeeLines, """{"notes":[{"code":"specialPlate"}]}""")),
            Waived = o.Anomalies.HasFlag(OrderAnomaly.Corrected) && o.FeeLines != null
                && EF.Functions.JsonContains(o.FeeLines, """{"notes":[{"code":"waived"}]}""")
        }).AsAsyncEnumerable();

        var batch = new List<ReplayedOrder>(BatchSize);
        var before = new List<EarlierStay>();
        (Guid Lot, string? Plate) car = default;
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (car != (row.LotId, row.Plate))
                before.Clear();
            car = (row.LotId, row.Plate);
            if (row.BusinessDate >= question.From && IsPriced(row.State))
            {
                var lot = lots[row.LotId];
                // Who paid in advance and left in time paid up to then; he would have done so under the other prices too.
                var until = row.PaidUntil is { } paid && row.Exit > paid && row.Exit <= paid.AddMinutes(lot.MinutesToLeave) && row.Paid >= row.Then
                    ? paid : row.Exit;
                batch.Add(new ReplayedOrder(row.Id, lot, row.Plate, row.Exit, row.Then, row.Free, row.Waived, row.Passes is null ? [] : Covered(row.Passes),
                    new Stay(row.Entry, until, row.Vehicle, row.Colour, row.Colour.IsNewEnergy(),
                        row.Plate is null ? null : groups.GetValueOrDefault(row.Plate), row.Marked,
                        tariff.DaysBack > 0 && row.Plate is not null ? StayPrice.Earlier(before, row.Entry, tariff.DaysBack) : null)));
            }
            if (tariff.DaysBack > 0 && row.Plate is not null)
                before.Add(new EarlierStay(row.Entry, row.Exit));
            if (batch.Count < BatchSize)
                continue;
            yield return batch;
            batch = new List<ReplayedOrder>(BatchSize);
        }
        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>The time that passes covered, as the order's lines have it.</summary>
    static List<Stretch> Covered(string lines) => Stretches.Union(JsonSerializer.Deserialize<FeeQuote>(lines, TariffJson.Options)!.Lines
        .Where(l => l.Code is FeeLineCode.Pass).Select(l => new Stretch(l.From, l.To)));
}
