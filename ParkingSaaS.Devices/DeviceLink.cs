using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices;

/// <summary>Sends committed commands through the broker inside this program, and notes how far they come.</summary>
/// <param name="broker">Lazy, because what the broker asks about devices leads here.</param>
/// <param name="devices">Who is connected.</param>
/// <param name="progress">Where it is noted.</param>
/// <param name="clock">For expiry.</param>
/// <param name="log">For faults.</param>
public sealed class DeviceLink(Lazy<MqttBroker> broker, ConnectedDevices devices, CommandProgress progress, TimeProvider clock,
    ILogger<DeviceLink> log) : IDeviceLink
{
    /// <inheritdoc/>
    public void Send(City city, IReadOnlyList<DeviceCommand> commands)
    {
        foreach (var group in commands.GroupBy(c => c.DeviceId))
            // A device that is not connected gets them when it comes, if that is in time.
            if (devices.Find(group.Key) is { } device && IsConnected(device))
                Send(device, [.. group]);
    }

    internal bool IsConnected(SignedInDevice device) => broker.Value.IsConnected(device.City, device.Name);

    internal void Send(SignedInDevice device, IReadOnlyList<DeviceCommand> commands)
    {
        foreach (var command in commands)
            if (command.ExpiresAt - clock.GetUtcNow() is { Ticks: > 0 } left
                && devices.DialectOf(device).Write(device.Name, command) is { } message)
                _ = FollowAsync(device, command, broker.Value.Publish(device.City, message.Topic, message.Payload, expiry: left));
    }

    internal void Greet(SignedInDevice device, DateTimeOffset now)
    {
        if (devices.DialectOf(device).Greeting(device.Name, now) is { } message)
            broker.Value.Publish(device.City, message.Topic, message.Payload, retain: true);
    }

    async Task FollowAsync(SignedInDevice device, DeviceCommand command, MqttDelivery delivery)
    {
        try
        {
            if (!delivery.Taken)
                return;
            await progress.MarkAsync(device.City, command, CommandState.Sent, CancellationToken.None);
            if (await delivery.Acknowledged)
                await progress.MarkAsync(device.City, command, CommandState.Acknowledged, CancellationToken.None);
        }
        catch (Exception e)
        {
            log.LogError(e, "The progress of command {Command} could not be noted", command.Id);
        }
    }
}
