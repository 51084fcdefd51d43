using MQTTnet;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Tests.Devices;

/// <summary>A flood of wrong secrets is not heard, and shuts out nobody who has the right one.</summary>
public sealed class WrongSecretsTests(Cluster cluster)
{
    const string Home = "192.0.2.1", Stranger = "203.0.113.9", Device = "alpha/cam-in";
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly FakeTime time = new();

    WrongSecrets Secrets => field ??= new WrongSecrets(new WrongSecretLimit(60), time);

    int Try(string address, Func<int, string> device, int times)
    {
        var heard = 0;
        for (var i = 0; i < times; i++)
            if (Secrets.Hears(address, device(i)))
            {
                heard++;
                Secrets.Wrong(address, device(i));
            }
        return heard;
    }

    [Fact]
    public void A_device_from_an_address_an_address_and_a_device_have_their_limits_and_a_minute_later_anew()
    {
        Assert.Equal(10, Try(Stranger, _ => Device, 1000));
        Assert.Equal(50, Try(Stranger, i => $"alpha/cam-{i}", 1000));
        Assert.False(Secrets.Hears(Stranger, "beta/cam"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(10, Try(Stranger, _ => Device, 1000));
    }

    [Fact]
    public void From_many_addresses_a_device_is_heard_once_of_each_beyond_its_limit()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(10, Try($"198.51.100.{i}", _ => Device, 20));
        for (var i = 3; i < 50; i++)
            Assert.Equal(1, Try($"198.51.100.{i}", _ => Device, 20));
    }

    [Fact]
    public void A_stranger_shuts_the_device_out_nowhere()
    {
        Secrets.Right(Home, Device);
        Try(Stranger, _ => Device, 1000);
        for (var i = 0; i < 50; i++)
            Try($"198.51.100.{i}", _ => Device, 20);
        Assert.True(Secrets.Hears(Home, Device));
        Assert.True(Secrets.Hears("192.0.2.77", Device)); // it has just got a new address
        // A neighbour behind the same address has spent all that the address may.
        Try(Home, i => $"alpha/other-{i}", 1000);
        Assert.True(Secrets.Hears(Home, Device));
        Assert.False(Secrets.Hears(Home, "alpha/never-seen"));
    }

    [Fact]
    public async Task At_the_broker_wrong_secrets_are_told_to_wait_and_the_device_signs_in()
    {
        await using var platform = await cluster.NewPlatformAsync();
        await using var web = await WebHost.StartAsync(platform, Ct, settings: "--Limits:WrongSecretsPerMinute=12");
        var secret = Secret.Generate();
        await using (var s = await platform.Alpha.OpenAsync())
        {
            var camera = s.Db.Set<Device>().Single(d => d.Id == platform.Alpha.EntryCamera.Id);
            camera.SecretHash = Secret.Hash(secret);
            await s.Db.SaveChangesAsync(Ct);
        }
        await using (var known = await ConnectAsync(web, Device, secret)) { }

        Assert.Equal([MqttReason.BadUserNameOrPassword, MqttReason.BadUserNameOrPassword, MqttReason.ConnectionRateExceeded],
            [await RefusedAsync(web, "alpha/other"), await RefusedAsync(web, "alpha/other"), await RefusedAsync(web, "alpha/other")]);
        for (var i = 0; i < 10; i++)
            await RefusedAsync(web, $"alpha/other-{i}");
        Assert.Equal(MqttReason.ConnectionRateExceeded, await RefusedAsync(web, "alpha/one-more"));
        // Once for the device's name and once for the address, however many try on.
        Assert.Equal(2, web.Logs.Lines.Count(line => line.Contains("RateLimited city=alpha") && line.Contains("wrong secrets")));
        await using var device = await ConnectAsync(web, Device, secret);
        platform.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(MqttReason.BadUserNameOrPassword, await RefusedAsync(web, "alpha/other"));
    }

    static Task<DeviceClient> ConnectAsync(WebHost web, string user, string secret) => DeviceClient.ConnectAsync(
        MqttClients.Options("127.0.0.1", web.MqttPort, "x", user, secret).Silent(), ct: Ct);

    static async Task<MqttReason> RefusedAsync(WebHost web, string user) =>
        (await Assert.ThrowsAsync<DeviceRefusedException>(() => ConnectAsync(web, user, "wrong"))).Reason;

    [Fact]
    public async Task Connections_of_one_address_are_bounded_and_given_back()
    {
        await using var host = await MqttHost.StartAsync(new MqttBrokerOptions { MaxConnectionsPerAddress = 2 });
        await using (var first = await host.ConnectAsync("sz/cam1"))
        await using (var second = await host.ConnectAsync("sz/cam2"))
            await Assert.ThrowsAnyAsync<Exception>(() => host.ConnectAsync("sz/cam3"));
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await using var again = await host.ConnectAsync("sz/cam3");
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        });
    }
}
