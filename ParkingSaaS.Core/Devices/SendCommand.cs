using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>A command by hand.</summary>
/// <param name="Type">One of <see cref="SendCommand.Offered"/>.</param>
/// <param name="Text">What the display shows, 1–64 characters; for <see cref="DeviceCommand.ShowText"/> only.</param>
public sealed record ManualCommand(Guid DeviceId, string Type, string? Text = null);

/// <summary>Tells a device to do something now. Whether it did shows in the command's state.</summary>
public sealed class SendCommand(CitySessions sessions, CommandSender sender, LiveFeed live)
{
    /// <summary>What a device can be told: gates move; cameras, where there is no gate, move the barrier themselves, and those whose dialect
    /// says so have a display.</summary>
    public static IReadOnlyList<string> Offered(DeviceKind kind, string dialect) => kind switch
    {
        DeviceKind.Gate => [DeviceCommand.OpenGate, DeviceCommand.CloseGate],
        DeviceKind.EntryCamera or DeviceKind.ExitCamera => DeviceDialect.ShowsText(dialect)
            ? [DeviceCommand.OpenGate, DeviceCommand.CloseGate, DeviceCommand.ShowText]
            : [DeviceCommand.OpenGate, DeviceCommand.CloseGate],
        _ => []
    };

    /// <summary>Keeps the command and sends it.</summary>
    /// <returns>The command's id.</returns>
    public async Task<Result<Guid>> RunAsync(Actor actor, ManualCommand request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, DevicePermissions.Command, ct);
        if (await s.Db.Set<Device>().AsNoTracking().FirstOrDefaultAsync(d => d.Id == request.DeviceId && d.RetiredAt == null, ct) is not { } device)
            return new NotFound("device");
        if (!Offered(device.Kind, device.Dialect).Contains(request.Type))
            return new CannotDo(device.Name);
        var text = request.Type == DeviceCommand.ShowText ? request.Text?.Trim() : null;
        if (request.Type == DeviceCommand.ShowText && Check.Required(nameof(request.Text), text, 64) is { } invalid)
            return invalid;
        var command = DeviceCommand.For(s, device, request.Type, text, orderId: null);
        s.Db.Set<DeviceCommand>().Add(command);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        sender.Send(s.City, [command]);
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Command, device.LotId, device.Id)]);
        return command.Id;
    }
}
