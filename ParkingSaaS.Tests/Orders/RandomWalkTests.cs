using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Order of events as a property: whatever cameras lose, delay, double and reorder, a car's stays and their fees come out as they
/// were, or marked for a person; never silently wrong. <c>WALK_CARS</c> and <c>WALK_SEED</c> make the walk longer, or another.</summary>
public sealed class RandomWalkTests(Cluster cluster) : DayTest(cluster)
{
    static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Lossy_late_doubling_and_reordering_cameras_end_in_the_same_stays_or_marked_ones()
    {
        var cars = Setting("WALK_CARS", 250);
        var walk = new Walk(Setting("WALK_SEED", 20261128), cars, TestPlatform.Start, TimeSpan.FromHours(24 + cars / 500.0),
            City.EntryCamera, City.ExitCamera);
        await day.TariffAsync(t => t with { Reentry = new() { WithinMinutes = 30 } });
        await DeliverAsync(walk.Deliveries, PayAsync);
        day.Platform.Clock.Advance(TimeSpan.FromHours(3));
        Assert.True((await day.Platform.Get<CloseWaiting>().RunAsync(City.Code, Ct)).Ok);

        var orders = await day.OrdersAsync();
        Assert.Contains(orders, o => o.PaidUntil is not null);
        var count = new Dictionary<string, int>();
        var wrong = new List<string>();
        foreach (var car in orders.Where(o => o.State is not OrderState.Void).GroupBy(o => o.Plate!))
            Judge(walk.Cars[car.Key], [.. car], count, wrong);
        foreach (var plate in walk.Cars.Keys.Except(orders.Select(o => o.Plate!)))
            if (walk.Cars[plate].Any(t => t.In is not null || t.Out is not null))
                wrong.Add($"{plate}: seen, and no order");
        wrong.AddRange(await WrongFeesAsync(orders, City.North));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{cars} cars, {walk.Cars.Values.Sum(c => c.Count)} stays, {walk.Deliveries.Count} deliveries, {orders.Count} orders: "
            + string.Join(", ", count.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key}")));
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(20))}");
        Assert.True(count["right"] > cars);

        // Once more, as a device would that forgot what it sent.
        var again = walk.Deliveries.Select(d =>
            d.Event with { MessageId = d.Event.MessageId + "-again", Report = ((PassageReport)d.Event.Report!) with { Replay = true } });
        foreach (var batch in again.Take(20_000).Chunk(500))
            await day.RecordAsync(batch);
        Assert.Equal(orders.Select(Told), (await day.OrdersAsync()).Select(Told));
    }

    /// <summary>Everything arrives in its time, what comes within a minute together.</summary>
    async Task DeliverAsync(List<ToldHistory.Delivery> deliveries, Func<Task> afterwards)
    {
        for (var i = 0; i < deliveries.Count;)
        {
            var until = deliveries[i].Arrival + Tick;
            List<DeviceEvent> batch = [];
            for (; i < deliveries.Count && batch.Count < 500 && deliveries[i].Arrival <= until; i++)
                batch.Add(deliveries[i].Event);
            day.Platform.Clock.Advance(deliveries[i - 1].Arrival - day.Platform.Clock.GetUtcNow());
            await day.RecordAsync(batch);
            await afterwards();
        }
    }

    /// <summary>A street of berths for some days: <c>WALK_BERTHS</c>, <c>WALK_DAYS</c>.</summary>
    [Fact]
    public async Task A_street_s_stays_come_out_right_or_marked_where_its_reports_allow_it()
    {
        var sensors = await SensorsAsync(Setting("WALK_BERTHS", 12));
        var walk = new BerthWalk(Setting("WALK_SEED", 20261128), sensors, TestPlatform.Start, TimeSpan.FromDays(Setting("WALK_DAYS", 2)));
        await DeliverAsync(walk.Deliveries, () => Task.CompletedTask);

        var orders = await day.OrdersAsync();
        var (count, wrong) = (new Dictionary<string, int>(), new List<string>());
        foreach (var berth in orders.Where(o => o.State is not OrderState.Void).GroupBy(o => o.BerthId!.Value))
            Judge(walk.Berths[berth.Key], [.. berth], count, wrong);
        wrong.AddRange(await WrongFeesAsync(orders, City.South));
        var stays = walk.Berths.Values.Sum(b => b.Count);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{sensors.Count} berths, {stays} stays, {walk.Deliveries.Count} deliveries, {orders.Count} orders: "
            + string.Join(", ", count.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key}")));
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(20))}");
        var unseen = walk.Berths.Values.Sum(b => b.Count(t => t.In is null || t.Out is null));
        Assert.True(count["right"] + count["marked"] > 0.995 * (stays - unseen - sensors.Count));

        var again = walk.Deliveries.Select(d =>
            d.Event with { MessageId = d.Event.MessageId + "-again", Report = ((BerthReport)d.Event.Report!) with { Replay = true } });
        foreach (var batch in again.Take(5_000).Chunk(500))
            await day.RecordAsync(batch);
        Assert.Equal(orders.Select(Told), (await day.OrdersAsync()).Select(Told));
    }

    async Task<List<Device>> SensorsAsync(int count)
    {
        await using var s = await City.OpenAsync();
        List<Device> sensors = [City.Sensor1];
        for (var i = 1; i < count; i++)
        {
            var berth = new Berth { Id = Guid.CreateVersion7(), LotId = City.South.Id, Number = $"w{i}" };
            sensors.Add(new Device
            {
                Id = Guid.CreateVersion7(),
                LotId = City.South.Id,
                Name = $"sensor-w{i}",
                Kind = DeviceKind.BerthSensor,
                Dialect = City.Sensor1.Dialect,
                BerthId = berth.Id,
                SecretHash = City.Sensor1.SecretHash
            });
            s.Db.AddRange(berth, sensors[^1]);
        }
        await s.Db.SaveChangesAsync(Ct);
        return sensors;
    }

    static void Judge(List<BerthWalk.TrueStay> truth, List<Order> orders, Dictionary<string, int> count, List<string> wrong)
    {
        foreach (var order in orders.Where(o => !IsMarked(o) && !o.Anomalies.HasFlag(OrderAnomaly.OtherPlate)))
        {
            var from = truth.FindIndex(t => t.In is not null && t.In == order.EnteredAt);
            var to = order.ExitedAt is null ? truth.Count - 1 : truth.FindIndex(t => t.Out is not null && t.Out == order.ExitedAt);
            var told = from < 0 || to < from ? [] : truth[from..(to + 1)];
            // Where nobody told that the berth was free, and of what plate the next car was, the two are one for all that anybody knows.
            var kind = told.Count == 0 || told[..^1].Exists(t => t.Out is not null && t.In is not null) ? "silently wrong"
                : order.ExitedAt is null ? (told[^1].Out is null ? "still there" : "silently wrong")
                : told.Count == 1 ? "right"
                : told.Count(t => t.PlateTold && t.In is not null) > 1 ? "silently wrong"
                : "one stay, for all that was told";
            count[kind] = count.GetValueOrDefault(kind) + 1;
            if (kind == "silently wrong")
                wrong.Add($"{order.Plate}: {order.State} {order.EnteredAt:ddTHH:mm:ss}–{order.ExitedAt:ddTHH:mm:ss} {order.Anomalies}; in truth "
                    + string.Join(", ", truth.Where(t => t.Out >= order.EnteredAt || t.Out is null).Take(4)
                        .Select(t => $"{t.Plate} {t.In:ddTHH:mm:ss}–{t.Out:ddTHH:mm:ss}")));
        }
        count["marked"] = count.GetValueOrDefault("marked") + orders.Count(o => IsMarked(o) || o.Anomalies.HasFlag(OrderAnomaly.OtherPlate));
        foreach (var stay in truth.Where(t => t is { In: not null, Out: not null }))
            if (!orders.Any(o => o.EnteredAt <= stay.In && (o.ExitedAt ?? DateTimeOffset.MaxValue) >= stay.Out))
                wrong.Add($"{stay.Plate}: {stay.In:ddTHH:mm:ss}–{stay.Out:ddTHH:mm:ss} is nowhere");
    }

    static object Told(Order o) => (o.Id, o.Plate, o.EnteredAt, o.ExitedAt, o.State, o.Receivable, o.Received, o.Anomalies);

    /// <summary>Everybody who stands at the exit pays at once, and one in ten in advance, after twenty minutes.</summary>
    async Task PayAsync()
    {
        List<(Guid Order, Money Owed)> due;
        await using (var s = await City.OpenAsync())
        {
            due = [.. (await s.Db.Set<Order>().AsNoTracking().Where(o => o.State == OrderState.AwaitingPayment).ToListAsync(Ct)).Select(o => (o.Id, o.Owed))];
            var since = s.Now.AddMinutes(-20);
            foreach (var id in await s.Db.Set<Order>()
                .Where(o => o.State == OrderState.Parked && o.Received.Minor == 0 && o.EnteredAt <= since && o.Plate!.EndsWith("7"))
                .Select(o => o.Id).ToListAsync(Ct))
                if ((await day.Platform.Get<OrderPayments>().OwedAsync(s, id, Ct)).Try(out var owing, out _) && owing.Amount > Money.Zero)
                    due.Add((id, owing.Amount));
        }
        var cashier = City.User(PaymentPermissions.Cash);
        foreach (var (order, owed) in due)
            Assert.True((await day.Platform.Get<TakePayment>().CashAsync(cashier, new PaymentRequest(Guid.CreateVersion7(), order, owed), Ct)).Ok);
    }

    static bool IsMarked(Order o) => o.State is OrderState.Unresolved || (o.Anomalies & (OrderAnomaly.Contradicted | OrderAnomaly.Doubtful)) != 0;

    static void Judge(List<Walk.TrueStay> truth, List<Order> orders, Dictionary<string, int> count, List<string> wrong)
    {
        foreach (var order in orders.Where(o => !IsMarked(o)))
        {
            var from = truth.FindIndex(t => t.In is not null && t.In == order.EnteredAt);
            var to = order.ExitedAt is null ? -1 : truth.FindIndex(t => t.Out == order.ExitedAt);
            var kind = from < 0 ? "silently wrong"
                : from == to ? "right"
                : order.ExitedAt is null && order.State is OrderState.Parked && truth[from].Out is null
                    && truth.Skip(from + 1).All(t => t is { In: null, Out: null }) ? "still in, for all that was told"
                // Neither the exit nor the next entry was told: for all that anybody knows this is one stay.
                : to > from && truth[from].Out is null && truth[to].In is null
                    && truth.Skip(from + 1).Take(to - from - 1).All(t => t is { In: null, Out: null }) ? "one stay, for all that was told"
                : "silently wrong";
            count[kind] = count.GetValueOrDefault(kind) + 1;
            if (kind == "silently wrong")
                wrong.Add($"{order.Plate}: {order.State} {order.EnteredAt:ddTHH:mm:ss}–{order.ExitedAt:ddTHH:mm:ss} {order.Anomalies}; in truth "
                    + string.Join(", ", truth.Select(t => $"{t.In:ddTHH:mm:ss}–{t.Out:ddTHH:mm:ss}")) + "; orders "
                    + string.Join(", ", orders.Select(o => $"{o.EnteredAt:ddTHH:mm:ss}–{o.ExitedAt:ddTHH:mm:ss} {o.State} {o.Anomalies}")));
        }
        count["marked"] = count.GetValueOrDefault("marked") + orders.Count(IsMarked);
        foreach (var stay in truth.Where(t => t is { In: not null, Out: not null }))
            if (!orders.Any(o => (o.EnteredAt == stay.In && o.ExitedAt == stay.Out) || IsMarked(o)))
                wrong.Add($"{orders[0].Plate}: {stay.In:ddTHH:mm:ss}–{stay.Out:ddTHH:mm:ss} is nowhere");
    }

    /// <summary>What is not marked costs what it would cost if all had come in order.</summary>
    async Task<List<string>> WrongFeesAsync(List<Order> orders, Lot lot)
    {
        var wrong = new List<string>();
        await using var s = await City.OpenAsync();
        foreach (var order in orders.Where(o => o.State is OrderState.Completed or OrderState.Arrears && !IsMarked(o)))
        {
            var kept = order.Receivable;
            if (!await day.Platform.Get<Pricing>().PriceAsync(s, lot, order, order.ExitedAt!.Value, Ct) || order.Receivable != kept)
                wrong.Add($"{order.Plate}: {order.EnteredAt:ddTHH:mm:ss}–{order.ExitedAt:ddTHH:mm:ss} costs {kept}; orders "
                    + string.Join(", ", orders.Where(o => o.Plate == order.Plate).Select(Told)));
            order.Receivable = kept;
        }
        return wrong;
    }
}
