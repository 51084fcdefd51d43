using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Dialects;
using ParkingSaaS.Devices.Dialects.Zhenshi;
using ParkingSaaS.Devices.External;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices;

/// <summary>Registers the broker and what is behind it.</summary>
public static class DevicesSetup
{
    /// <summary>The host adds a Kestrel endpoint with <see cref="MqttConnectionHandler"/>.</summary>
    /// <param name="services">What it is added to.</param>
    /// <param name="options">Bounds of the broker.</param>
    /// <param name="secrets">How many wrong secrets are borne.</param>
    public static IServiceCollection AddMqttDevices(this IServiceCollection services, MqttBrokerOptions options, WrongSecretLimit secrets) => services
        .AddDialects()
        .AddDoor(secrets)
        .AddSingleton<ConnectedDevices>()
        .AddSingleton<IMqttPolicy, DevicePolicy>()
        .AddSingleton<IMqttStore, KeptSessions>()
        // a camera tells what happened while it was cut off at this pace, and takes no more of the machine than that
        .AddMqttBroker(options with { MessagesPerSecond = 100, MessageBurst = 500 })
        .AddSingleton(sp => new Lazy<MqttBroker>(sp.GetRequiredService<MqttBroker>))
        .AddSingleton<DeviceLink>()
        .AddSingleton<IDeviceLink>(sp => sp.GetRequiredService<DeviceLink>())
        .AddSingleton<INodeWitness>(sp => sp.GetRequiredService<DeviceLink>())
        .AddHostedService<NodeUpkeep>()
        .AddHostedService<DeviceUpkeep>();

    /// <summary>Devices at a broker outside of the program, instead of one inside. With their secrets they upload pictures to us all the same.</summary>
    public static IServiceCollection AddExternalDevices(this IServiceCollection services, BrokerAddress address, WrongSecretLimit secrets) => services
        .AddDialects()
        .AddDoor(secrets)
        .AddSingleton(address)
        .AddSingleton<MqttMetrics>()
        .AddSingleton<ExternalDevices>()
        .AddSingleton(sp => new Lazy<DeviceReports>(sp.GetRequiredService<DeviceReports>))
        .AddSingleton<ExternalLink>()
        .AddSingleton<IDeviceLink>(sp => sp.GetRequiredService<ExternalLink>())
        .AddSingleton<INodeWitness>(sp => sp.GetRequiredService<ExternalLink>())
        .AddHostedService<NodeUpkeep>()
        .AddHostedService(sp => sp.GetRequiredService<ExternalLink>());

    static IServiceCollection AddDoor(this IServiceCollection services, WrongSecretLimit secrets) => services
        .AddSingleton(secrets)
        .AddSingleton<WrongSecrets>()
        .AddSingleton<DeviceDoor>();

    static IServiceCollection AddDialects(this IServiceCollection services) => services
        .AddSingleton<IDialect, StandardDialect>()
        .AddSingleton<IDialect, ZhenshiDialect>()
        .AddSingleton<IMessageReader, MessageReader>()
        .AddSingleton<DeviceReports>()
        .AddHostedService<MessageUpkeep>()
        .AddHostedService<PictureUpkeep>();
}

/// <summary>Opens the cities' sessions when the program starts, sends commands that wait, gives up those whose time is over, and keeps
/// which devices are shown as connected true. What fails in one city holds up neither the others nor the program, and is done at the
/// next tick.</summary>
sealed class DeviceUpkeep(CityDirectory cities, DeviceStates states, CommandProgress commands, DeviceLink link, MqttBroker broker,
    NodeName node, TimeProvider clock, FaultLog faults) : BackgroundService
{
    const string What = "the upkeep of devices";

    // From the start, so that no tick is missed before the loops run.
    readonly PeriodicTimer sending = new(TimeSpan.FromSeconds(1), clock);
    readonly PeriodicTimer expiring = new(TimeSpan.FromSeconds(10), clock);

    public override async Task StartAsync(CancellationToken ct)
    {
        await ForEachCityAsync(city => states.ResetAsync(city.Code, node.Value, ct), ct);
        await ForEachCityAsync(city => broker.OpenAsync(city.Code), ct);
        await base.StartAsync(ct);
    }

    protected override Task ExecuteAsync(CancellationToken ct) => Task.WhenAll(
        AtEachTickAsync(sending, city => link.SendWaitingAsync(city, ct), ct),
        AtEachTickAsync(expiring, city => TidyAsync(city, ct), ct));

    async Task TidyAsync(City city, CancellationToken ct)
    {
        await commands.ExpireAsync(city.Code, ct);
        await link.ReconcileAsync(city, ct);
    }

    async Task AtEachTickAsync(PeriodicTimer timer, Func<City, Task> act, CancellationToken ct)
    {
        while (await timer.WaitForNextTickAsync(ct))
            await ForEachCityAsync(act, ct);
    }

    async Task ForEachCityAsync(Func<City, Task> act, CancellationToken ct)
    {
        foreach (var city in cities.Active)
            try
            {
                await act(city);
                faults.Worked(city.Code, What);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                faults.Failed(city.Code, What, e);
            }
    }

    public override void Dispose()
    {
        sending.Dispose();
        expiring.Dispose();
        base.Dispose();
    }
}
