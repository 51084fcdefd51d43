using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>The demo through the real start, on an empty control database.</summary>
public sealed class DemoTests(Cluster cluster) : IAsyncDisposable
{
    const string Control = "demo_control";

    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly string data = Directory.CreateTempSubdirectory("parking-demo-").FullName;
    readonly CapturedLogs logs = new();

    string File => Path.Combine(data, "demo.json");

    Task<ParkingHost> StartAsync() => ParkingHost.StartAsync(["--environment=Demo", "--Demo=true", $"--Data={data}", "--Port=0", "--Mqtt:Port=0",
        $"--ConnectionStrings:Control={cluster.ConnectionString(Control)}", "--Key=" + cluster.Key.Reveal()], services =>
        {
            services.RemoveAll<ILoggerProvider>();
            services.AddSingleton<ILoggerProvider>(logs);
        }, Ct);

    async Task<JsonElement> ReadAsync() => JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(File, Ct)).RootElement;

    static async Task<int[]> CountAsync(ParkingHost host, string city)
    {
        await using var s = await OpenAsync(host, city);
        return
        [
            await s.Db.Set<Area>().CountAsync(Ct), await s.Db.Set<Company>().CountAsync(Ct),
            await s.Db.Set<Lot>().CountAsync(Ct), await s.Db.Set<Lane>().CountAsync(Ct),
            await s.Db.Set<Road>().CountAsync(Ct), await s.Db.Set<LotZone>().CountAsync(Ct), await s.Db.Set<LotPhoto>().CountAsync(Ct),
            await s.Db.Set<Berth>().CountAsync(Ct), await s.Db.Set<Device>().CountAsync(Ct), await s.Db.Set<User>().CountAsync(Ct),
            await s.Db.Set<ApiClient>().CountAsync(Ct), await s.Db.Set<TariffVersion>().CountAsync(Ct), await s.Db.Set<LotTariff>().CountAsync(Ct)
        ];
    }

    static Task<CitySession> OpenAsync(ParkingHost host, string city) =>
        host.App.Services.GetRequiredService<CitySessions>().OpenAsync(Actor.Job(city, "test", "test"), "test", Ct);

    [Fact]
    public async Task It_is_made_once_and_every_secret_in_its_file_fits()
    {
        string text;
        int[] counts;
        await using (var host = await StartAsync())
        {
            text = await System.IO.File.ReadAllTextAsync(File, Ct);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
            Assert.Equal(["shenzhen", "hangzhou"], host.App.Services.GetRequiredService<CityDirectory>().Active.Select(c => c.Code));
            counts = await CountAsync(host, "shenzhen");
            var file = await ReadAsync();
            foreach (var city in file.GetProperty("cities").EnumerateArray())
                await SecretsFitAsync(host, city);
        }
        await using (var again = await StartAsync())
        {
            Assert.Equal(text, await System.IO.File.ReadAllTextAsync(File, Ct));
            Assert.Equal(counts, await CountAsync(again, "shenzhen"));
        }

        // Whoever loses the file gets new secrets and no second demo.
        System.IO.File.Delete(File);
        await using (var lost = await StartAsync())
        {
            var file = await ReadAsync();
            Assert.NotEqual(text, file.GetRawText());
            Assert.Equal(counts, await CountAsync(lost, "shenzhen"));
            foreach (var city in file.GetProperty("cities").EnumerateArray())
                await SecretsFitAsync(lost, city);
        }
    }

    async Task SecretsFitAsync(ParkingHost host, JsonElement city)
    {
        var code = city.GetProperty("code").GetString()!;
        var hasher = host.App.Services.GetRequiredService<IPasswordHasher<User>>();
        await using var s = await OpenAsync(host, code);

        var users = await s.Db.Set<User>().ToDictionaryAsync(u => u.UserName!, Ct);
        var signIns = city.GetProperty("signIns").EnumerateArray().ToList();
        Assert.Equal(Roles.InCity.Order(), signIns.Select(i => Text(i, "role")).Order());
        foreach (var signIn in signIns)
        {
            var user = users[Text(signIn, "name")];
            Assert.Equal(user.Role, Text(signIn, "role"));
            Assert.Equal(PasswordVerificationResult.Success, hasher.VerifyHashedPassword(user, user.PasswordHash!, Text(signIn, "password")));
            NotLogged(Text(signIn, "password"));
        }
        Assert.True(users["attendant"].LotIds.Count == 1 && users["company"].CompanyId is not null && users["district"].AreaId is not null);

        var api = city.GetProperty("api");
        var client = await s.Db.Set<ApiClient>().SingleAsync(c => c.ClientId == Text(api, "clientId"), Ct);
        Assert.True(Secret.Verify(client.SecretHash, Text(api, "clientSecret")));
        NotLogged(Text(api, "clientSecret"));
        Assert.EndsWith($"/{code}/api/v1/token", Text(api, "tokenUrl"));

        var devices = await s.Db.Set<Device>().ToDictionaryAsync(d => d.Name, Ct);
        var lots = city.GetProperty("lots").EnumerateArray().ToList();
        var all = lots.SelectMany(l => l.GetProperty("allDevices").EnumerateArray()).ToList();
        Assert.Equal(devices.Count, all.Count);
        foreach (var device in all)
        {
            var name = Text(device, "device");
            Assert.Equal($"{code}/{name}", Text(device, "username"));
            Assert.True(Secret.Verify(devices[name].SecretHash, Text(device, "password")));
            NotLogged(Text(device, "password"));
        }
        Assert.Contains(devices.Values, d => d.Dialect == "zhenshi");
        Assert.Contains(lots, l => Text(l, "kind") == "offStreet" && !l.GetProperty("simulated").GetBoolean());
        foreach (var lot in lots)
        {
            string[] kinds = [.. lot.GetProperty("devices").EnumerateObject().Select(d => d.Name).Order()];
            Assert.Equal(Text(lot, "kind") == "onStreet" ? ["berthSensor"] : ["entryCamera", "exitCamera", "gate"], kinds);
        }

        var tariffs = await (from a in s.Db.Set<LotTariff>() join v in s.Db.Set<TariffVersion>() on a.TariffId equals v.TariffId select v).ToListAsync(Ct);
        Assert.Equal(lots.Count, tariffs.Count);
        Assert.All(tariffs, v => Assert.True(v.PublishedAt is not null && v.EffectiveFrom <= s.Now && TariffJson.Read(v.Definition).Tariff is not null));
    }

    void NotLogged(string secret) => Assert.DoesNotContain(logs.Lines, l => l.Contains(secret));

    static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public async ValueTask DisposeAsync()
    {
        foreach (var database in new[] { "city_shenzhen", "city_hangzhou", Control })
            await cluster.DropAsync(database);
        Directory.Delete(data, recursive: true);
    }
}
