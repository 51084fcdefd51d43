using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Turns what devices report of cars into passages and stays, in the transaction that keeps the messages, and asks gates for what follows.</summary>
sealed class HandleReports(TariffsInForce tariffs, Pricing pricing, Gates gates, CommandSender sender, LiveFeed live) : IReportHandler
{
    /// <inheritdoc/>
    public async Task<Action> HandleAsync(CitySession s, IReadOnlyList<PlacedReport> reports, Func<TimeSpan?, bool> isOff, CancellationToken ct)
    {
        var notices = new HashSet<LiveNotice>();
        var events = await PassagesAsync(s, reports, isOff, notices, ct);
        var window = await StayWindow.LoadAsync(s, tariffs, events, ct);
        var rules = new StayRules(s, window, pricing);
        var passages = new List<Passage>(events.Count);
        foreach (var seen in events)
            passages.Add(await rules.ApplyAsync(seen, ct));
        await MisreadPairs.MarkAsync(s, events, passages, window, rules.Touched, ct);
        var commands = await gates.AddAsync(s, [.. rules.Wanted.Select(w => (w.LaneId, (Order?)w.Order, w.Type))], ct);
        await StayWindow.WriteAsync(s, rules.Touched, s.Db.SaveManyAsync, ct);
        notices.UnionWith(reports.Select(r => new LiveNotice(LiveKind.Passage, r.Device.LotId, r.Device.Id)));
        notices.UnionWith(rules.Touched.Select(o => new LiveNotice(LiveKind.Order, o.LotId, o.Id)));
        return () =>
        {
            sender.Send(s.City, commands);
            live.Publish(s.City.Code, [.. notices]);
        };
    }

    /// <summary>Turns reports into passage events at the place the device is bound to, and keeps the berths' state.</summary>
    static async Task<List<PassageEvent>> PassagesAsync(CitySession s, IReadOnlyList<PlacedReport> reports, Func<TimeSpan?, bool> isOff,
        HashSet<LiveNotice> notices, CancellationToken ct)
    {
        var lotIds = reports.Select(r => r.Device.LotId).Distinct().ToArray();
        var berthIds = reports.Where(r => r.Report is BerthReport).Select(r => r.Device.BerthId!.Value).ToArray();
        var laneIds = reports.Where(r => r.Report is PassageReport).Select(r => r.Device.LaneId!.Value).ToArray();
        var lots = await s.Db.Set<Lot>().AsNoTracking().Where(l => lotIds.Contains(l.Id)).ToDictionaryAsync(l => l.Id, ct);
        var berths = berthIds.Length == 0 ? [] : await s.Db.Set<Berth>().Where(b => berthIds.Contains(b.Id)).ToDictionaryAsync(b => b.Id, ct);
        var lanes = laneIds.Length == 0 ? [] : await s.Db.Set<Lane>().AsNoTracking().Where(l => laneIds.Contains(l.Id)).ToDictionaryAsync(l => l.Id, ct);
        var events = new List<PassageEvent>(reports.Count);
        foreach (var (report, device, messageId) in reports)
        {
            if (report is PassageReport p)
                events.Add(new PassageEvent
                {
                    Lot = lots[device.LotId],
                    Entering = p.Entering ?? Direction(lanes[device.LaneId!.Value], device),
                    At = Instant.Cut(p.At),
                    Live = ExitSettlement.IsLive(p.At, p.Replay, s.Now),
                    Replay = p.Replay,
                    ClockWrong = isOff(RecordEvents.ClockOffset(p, s.Now)),
                    PlateRead = p.Plate,
                    Colour = PassageEvent.ColourOf(p.Colour),
                    VehicleSeen = PassageEvent.VehicleOf(p.Vehicle),
                    LaneId = device.LaneId,
                    DeviceId = device.Id,
                    MessageId = messageId,
                    Confidence = p.Confidence,
                    Images = p.Images,
                    By = device.Name
                });
            else if (report is BerthReport b)
            {
                var berth = berths[device.BerthId!.Value];
                var outdated = berth.StateAt >= Instant.Cut(b.At);
                if (berth.StateAt is null || b.At >= berth.StateAt)
                {
                    (berth.Occupied, berth.StateAt) = (b.Occupied, Instant.Cut(b.At));
                    notices.Add(new LiveNotice(LiveKind.Berth, berth.LotId, berth.Id));
                }
                events.Add(new PassageEvent
                {
                    Lot = lots[device.LotId],
                    Entering = b.Occupied,
                    At = Instant.Cut(b.At),
                    Live = ExitSettlement.IsLive(b.At, b.Replay, s.Now),
                    Replay = b.Replay,
                    ClockWrong = isOff(RecordEvents.ClockOffset(b, s.Now)),
                    PlateRead = b.Plate,
                    BerthId = berth.Id,
                    Outdated = outdated,
                    DeviceId = device.Id,
                    MessageId = messageId,
                    By = device.Name
                });
            }
        }
        return events;
    }

    static bool Direction(Lane lane, Device device) =>
        lane.Direction is LaneDirection.Entry || (lane.Direction is LaneDirection.Both && device.Kind is DeviceKind.EntryCamera);
}
