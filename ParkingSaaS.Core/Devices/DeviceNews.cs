using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>What messages say of the devices themselves and of commands.</summary>
static class DeviceNews
{
    /// <summary>The device spoke: it is here, and may say how it is.</summary>
    public static void Heard(CitySession s, Device device, DeviceReport report, HashSet<LiveNotice> notices)
    {
        device.LastSeenAt = s.Now;
        if (!device.Online)
        {
            (device.Online, device.OfflineSince) = (true, null);
            s.Db.Set<DeviceStateChange>().Add(DeviceStateChange.Of(device.Id, device.LotId, s.Now, online: true, "heard"));
            notices.Add(new LiveNotice(LiveKind.Device, device.LotId, device.Id));
        }
        if (report is not HeartbeatReport beat)
            return;
        device.Battery = beat.Battery ?? device.Battery;
        device.Signal = beat.Signal ?? device.Signal;
        device.Version = beat.Version ?? device.Version;
        if (beat.Faults is not null && !beat.Faults.SequenceEqual(device.Faults))
        {
            device.Faults = [.. beat.Faults];
            var faults = string.Join(", ", beat.Faults);
            s.Db.Set<DeviceStateChange>().Add(new DeviceStateChange
            {
                Id = Guid.CreateVersion7(),
                LotId = device.LotId,
                DeviceId = device.Id,
                At = s.Now,
                State = "faults",
                Detail = faults[..Math.Min(faults.Length, 500)]
            });
            notices.Add(new LiveNotice(LiveKind.Device, device.LotId, device.Id));
        }
        notices.Add(new LiveNotice(LiveKind.Heartbeat, device.LotId, device.Id));
    }

    /// <summary>Notes what devices answered to commands.</summary>
    /// <returns>The commands that have their answer now.</returns>
    public static async Task<List<DeviceCommand>> AnswerCommandsAsync(CitySession s, List<(DeviceEvent Event, Guid)> fresh, HashSet<LiveNotice> notices,
        CancellationToken ct)
    {
        var answered = new List<DeviceCommand>();
        var replies = fresh.Select(f => (f.Event, Reply: f.Event.Report as ReplyReport)).Where(x => x.Reply is not null).ToList();
        if (replies.Count == 0)
            return answered;
        var ids = replies.Select(x => x.Reply!.CommandId).ToArray();
        var commands = await s.Db.Set<DeviceCommand>().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        foreach (var (e, reply) in replies)
            if (commands.TryGetValue(reply!.CommandId, out var command) && command.DeviceId == e.DeviceId
                && command.State is not (CommandState.Executed or CommandState.Failed))
            {
                (command.State, command.StateAt, command.ReplyCode) =
                    (reply.Ok ? CommandState.Executed : CommandState.Failed, s.Now, reply.Code);
                notices.Add(new LiveNotice(LiveKind.Command, command.LotId, command.DeviceId));
                answered.Add(command);
            }
        return answered;
    }
}
