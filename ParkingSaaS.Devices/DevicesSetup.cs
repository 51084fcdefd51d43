using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Dialects;
using ParkingSaaS.Devices.Dialects.Zhenshi;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices;

/// <summary>Registers the broker and what is behind it.</summary>
public static class DevicesSetup
{
    /// <summary>The host adds a Kestrel endpoint with <see cref="MqttConnectionHandler"/>.</summary>
    public static IServiceCollection AddMqttDevices(this IServiceCollection services) => services
        .AddSingleton<IDialect, StandardDialect>()
        .AddSingleton<IDialect, ZhenshiDialect>()
        .AddSingleton<ConnectedDevices>()
        .AddSingleton<IMqttPolicy, DevicePolicy>()
        .AddMqttBroker()
        .AddSingleton(sp => new Lazy<MqttBroker>(sp.GetRequiredService<MqttBroker>))
        .AddSingleton<DeviceLink>()
        .AddSingleton<IDeviceLink>(sp => sp.GetRequiredService<DeviceLink>())
        .AddHostedService<DeviceUpkeep>();
}

/// <summary>Marks all devices as away when the program starts, and gives up commands whose time is over.</summary>
sealed class DeviceUpkeep(CityDirectory cities, DeviceStates states, CommandProgress commands, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public override async Task StartAsync(CancellationToken ct)
    {
        foreach (var city in cities.Active)
            await states.ResetAsync(city.Code, ct);
        await base.StartAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var city in cities.Active)
                await commands.ExpireAsync(city.Code, ct);
    }
}
