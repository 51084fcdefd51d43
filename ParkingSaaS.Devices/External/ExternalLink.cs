using System.Buffers;
using System.Collections.Concurrent;
using MQTTnet;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices.External;

/// <summary>Devices at a broker outside of the program. Each node has a session of its own there, and a share of what devices send; the
/// session of a node that is gone is held by another until it comes back, for what lies in it would reach nobody else.</summary>
public sealed class ExternalLink : BackgroundService, IDeviceLink, INodeWitness
{
    const string What = "the upkeep of devices";

    readonly ExternalDevices devices;
    readonly Lazy<DeviceReports> reports; // lazy, because what is recorded leads to commands, and so here
    readonly DeviceSignIn signIn;
    readonly DeviceStates states;
    readonly CommandProgress progress;
    readonly CityDirectory cities;
    readonly NodePresence presence;
    readonly MqttMetrics metrics;
    readonly TimeProvider clock;
    readonly FaultLog faults;
    readonly ILogger<ExternalLink> log;
    readonly Func<string, BrokerConnection> connectionOf;
    readonly BrokerConnection own;
    readonly CancellationTokenSource stopping = new();
    readonly ConcurrentDictionary<string, Task<bool>> adopted = [];

    // From the start, so that no tick is missed before the loops run.
    readonly PeriodicTimer sending;
    readonly PeriodicTimer expiring;

    public ExternalLink(BrokerAddress address, ExternalDevices devices, Lazy<DeviceReports> reports, DeviceSignIn signIn, DeviceStates states,
        CommandProgress progress, CityDirectory cities, NodePresence presence, NodeName node, MqttMetrics metrics, TimeProvider clock,
        FaultLog faults, ILogger<ExternalLink> log)
    {
        (this.devices, this.reports, this.signIn, this.states, this.progress) = (devices, reports, signIn, states, progress);
        (this.cities, this.presence, this.metrics, this.clock, this.faults, this.log) = (cities, presence, metrics, clock, faults, log);
        connectionOf = name => new BrokerConnection(address, "parking-" + name, OnMessageAsync, metrics, clock, log);
        own = connectionOf(node.Value);
        sending = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        expiring = new PeriodicTimer(TimeSpan.FromSeconds(10), clock);
    }

    /// <summary>Whether the broker is there, and gives this node its share.</summary>
    public bool IsConnected => own.IsConnected;

    protected override Task ExecuteAsync(CancellationToken ct)
    {
        ct.Register(stopping.Cancel);
        return Task.WhenAll(
            own.RunAsync(devices.Subscriptions, ct),
            AtEachTickAsync(sending, async city => Send(city, await progress.WaitingAsync(city.Code, here: false, ct)), ct),
            AtEachTickAsync(expiring, city => TidyAsync(city, ct), ct));
    }

    async Task TidyAsync(City city, CancellationToken ct)
    {
        await progress.ExpireAsync(city.Code, ct);
        await states.SilentAsync(city.Code, ExternalDevices.Patience, ct);
    }

    async Task AtEachTickAsync(PeriodicTimer timer, Func<City, Task> act, CancellationToken ct)
    {
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var city in cities.Active)
                try
                {
                    if (IsConnected || timer == expiring)
                        await act(city);
                    faults.Worked(city.Code, What);
                }
                catch (Exception e) when (!ct.IsCancellationRequested)
                {
                    faults.Failed(city.Code, What, e);
                }
    }

    /// <summary>What nobody can use is acknowledged too: it would come again for ever.</summary>
    async ValueTask OnMessageAsync(MqttApplicationMessage message)
    {
        metrics.Received();
        if (await devices.FindAsync(message.Topic, stopping.Token) is not var (device, topic, fresh))
        {
            metrics.Refused(MqttReason.NotAuthorized);
            log.LogWarning("Refused a message on {Topic}: no such device", message.Topic);
            return;
        }
        await reports.Value.AcceptAsync(device, topic, message.Payload.ToArray(), stopping.Token);
        if (fresh && devices.DialectOf(device).Greeting(device.Name, clock.GetUtcNow()) is { } greeting)
            _ = own.TryPublishAsync($"{device.City}/{greeting.Topic}", greeting.Payload, retain: true);
    }

    /// <inheritdoc/>
    public void Send(City city, IReadOnlyList<DeviceCommand> commands)
    {
        foreach (var command in commands)
            _ = SendAsync(city, command);
    }

    /// <summary>All nodes reach all devices; the one that marks the command as sent sends it. What the broker did not take, or nobody would
    /// get, waits again.</summary>
    async Task SendAsync(City city, DeviceCommand command)
    {
        try
        {
            if (!IsConnected || command.ExpiresAt - clock.GetUtcNow() is not { Ticks: > 0 } left
                || await signIn.FindAsync(city.Code, command.DeviceId, stopping.Token) is not { } device
                || devices.DialectOf(device).Write(device.Name, command) is not { } message
                || !await progress.ClaimAsync(city.Code, command, stopping.Token))
                return;
            if (!await own.TryPublishAsync($"{city.Code}/{message.Topic}", message.Payload, left))
                progress.Note(city.Code, command, CommandState.Queued);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            faults.Failed(city.Code, "the sending of commands", e);
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>The outside broker's users are its operator's affair: what a device that may no longer sign in sends is refused.</summary>
    public void Disconnect(City city, string device) => devices.Forget(city.Code, null);

    /// <inheritdoc/>
    public Task OnNewsAsync(City city, NodeNews news, CancellationToken ct)
    {
        if (news.Devices is not { Count: 0 })
            devices.Forget(city.Code, news.Devices);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task OnGoneAsync(IReadOnlyCollection<string> nodes, CancellationToken ct)
    {
        foreach (var (node, held) in adopted)
            // Where there was no session, there is none until the node returns.
            if (held.IsCompleted && (!nodes.Contains(node) || !held.IsCompletedSuccessfully || held.Result) && adopted.TryRemove(node, out _))
                await presence.GiveBackAsync(node, ct);
        foreach (var node in nodes)
            if (!adopted.ContainsKey(node) && await presence.TryTakeOverAsync(node, ct))
            {
                log.LogWarning("Node {Node} is gone; what lies in its session is taken here", node);
                adopted[node] = connectionOf(node).SubstituteAsync(stopping.Token);
            }
    }

    public override async Task StopAsync(CancellationToken ct)
    {
        await stopping.CancelAsync();
        await base.StopAsync(ct);
        await Task.WhenAll(adopted.Values);
    }

    public override void Dispose()
    {
        sending.Dispose();
        expiring.Dispose();
        stopping.Dispose();
        base.Dispose();
    }
}
