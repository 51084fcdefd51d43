using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices;

/// <summary>Sends committed commands through the broker inside this program, and notes how far they come.</summary>
/// <param name="broker">Lazy, because what the broker asks about devices leads here.</param>
/// <param name="devices">Who is connected.</param>
/// <param name="states">Where they are connected.</param>
/// <param name="progress">Where it is noted.</param>
/// <param name="cities">Where devices of a node that is gone are marked as away.</param>
/// <param name="clock">For expiry.</param>
/// <param name="log">For nodes that are gone.</param>
public sealed class DeviceLink(Lazy<MqttBroker> broker, ConnectedDevices devices, DeviceStates states, CommandProgress progress,
    CityDirectory cities, TimeProvider clock, ILogger<DeviceLink> log) : IDeviceLink, INodeWitness
{
    // Commands that a session holds or a device took, until they expire: those are not sent once more.
    readonly ConcurrentDictionary<Guid, DateTimeOffset> underWay = new();

    // Nodes whose devices were marked as away already.
    readonly HashSet<(string City, string Node)> gone = [];

    /// <inheritdoc/>
    public void Send(City city, IReadOnlyList<DeviceCommand> commands)
    {
        foreach (var command in commands)
            // A device that is not connected gets them when it comes, if that is in time.
            if (devices.Find(command.DeviceId) is { } device && IsConnected(device))
                Send(device, command);
    }

    /// <inheritdoc/>
    public void Disconnect(City city, string device) => broker.Value.Disconnect(city.Code, device);

    internal bool IsConnected(SignedInDevice device) => broker.Value.IsConnected(device.City, device.Name);

    /// <summary>Sends what still waits for devices that are connected here: they had not subscribed, their session ended before
    /// they took it, or another node wrote it.</summary>
    internal async Task SendWaitingAsync(City city, CancellationToken ct)
    {
        foreach (var (id, expiresAt) in underWay)
            if (expiresAt <= clock.GetUtcNow())
                underWay.TryRemove(id, out _);
        if (broker.Value.HasConnections(city.Code))
            Send(city, await progress.WaitingAsync(city.Code, here: true, ct));
    }

    /// <summary>Who is shown as connected here and is not, is away: a disconnect that the database did not take, or a run that was killed.</summary>
    internal Task ReconcileAsync(City city, CancellationToken ct) =>
        states.LostAsync(city.Code, device => broker.Value.IsConnected(city.Code, device), ct);

    /// <inheritdoc/>
    public async Task OnNewsAsync(City city, NodeNews news, CancellationToken ct)
    {
        var known = news.Devices is { } ids ? ids.Select(devices.Find).OfType<SignedInDevice>() : devices.Of(city.Code);
        if (known.Where(IsConnected).ToList() is { Count: > 0 } connected)
            foreach (var (device, moved) in await states.NotHereAsync(city.Code, connected, ct))
                broker.Value.Disconnect(city.Code, device.Name, moved ? MqttReason.SessionTakenOver : MqttReason.AdministrativeAction);
        if (news.Commands)
            await SendWaitingAsync(city, ct);
    }

    /// <inheritdoc/>
    public async Task OnGoneAsync(IReadOnlyCollection<string> nodes, CancellationToken ct)
    {
        gone.RemoveWhere(g => !nodes.Contains(g.Node));
        foreach (var node in nodes)
            foreach (var city in cities.Active.Where(c => !gone.Contains((c.Code, node))))
            {
                log.LogWarning("Node {Node} is gone; its devices in {City} are away", node, city.Code);
                await states.ResetAsync(city.Code, node, ct);
                gone.Add((city.Code, node));
            }
    }

    void Send(SignedInDevice device, DeviceCommand command)
    {
        if (command.ExpiresAt - clock.GetUtcNow() is not { Ticks: > 0 } left
            || devices.DialectOf(device).Write(device.Name, command) is not { } message
            || !underWay.TryAdd(command.Id, command.ExpiresAt))
            return;
        _ = FollowAsync(device, command, broker.Value.Publish(device.City, message.Topic, message.Payload, expiry: left));
    }

    internal void Greet(SignedInDevice device, DateTimeOffset now)
    {
        if (devices.DialectOf(device).Greeting(device.Name, now) is { } message)
            broker.Value.Publish(device.City, message.Topic, message.Payload, retain: true);
    }

    async Task FollowAsync(SignedInDevice device, DeviceCommand command, MqttDelivery delivery)
    {
        if (delivery.Taken)
        {
            progress.Note(device.City, command, CommandState.Sent);
            if (await delivery.Acknowledged)
            {
                progress.Note(device.City, command, CommandState.Acknowledged);
                return;
            }
            progress.Note(device.City, command, CommandState.Queued);
        }
        underWay.TryRemove(command.Id, out _);
    }
}
