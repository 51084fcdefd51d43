using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>Fills a platform with two cities to try out, and writes <c>demo.json</c>. That file comes last and is the sign that the
/// demo stands: without it, everything that is missing is made and every secret is given anew, for none could be looked up.</summary>
sealed class DemoSeed(Settings settings, CityDirectory directory, AddCity addCity, DemoCitySeed seedCity, ResetAdministrator administrator,
    ILogger<DemoSeed> log)
{
    /// <summary>Where the file lies.</summary>
    public string File => DemoFile.PathIn(settings.Data);

    static Actor Self => Actor.PlatformJob("demo", TenancyPermissions.ManageCities);

    /// <summary>Makes the demo unless it stands already.</summary>
    /// <exception cref="StartUpException">A city of it was made by another version: there would be nothing to try out.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        if (directory.Refused.Values.FirstOrDefault() is { } refused)
            throw new StartUpException(refused);
        var baseUrl = $"http://localhost:{settings.Port}";
        var file = await DemoFile.ReadAsync(File, ct);
        if (file is null || file.Cities.Any(c => directory.Find(c.Code) is null))
            file = await MakeAsync(baseUrl, ct);
        else if (file.BaseUrl == baseUrl && file.MqttPort == settings.MqttPort)
            return;
        await file.At(baseUrl, settings.MqttPort).WriteAsync(File, ct);
    }

    async Task<DemoFile> MakeAsync(string baseUrl, CancellationToken ct)
    {
        log.LogInformation("Making the demo cities");
        var password = Passphrase.New();
        await administrator.RunAsync(FirstSignIn.Name, password, temporary: false, ct);
        foreach (var plan in DemoPlan.Cities)
            await AddAsync(plan, ct);
        // Each keeps a processor busy here and one in the database, by turns.
        var cities = await Task.WhenAll(DemoPlan.Cities.Select(plan => Task.Run(() => seedCity.RunAsync(plan, baseUrl, ct), ct)));
        // A year's rows took hundreds of megabytes, which nobody needs again.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        return new DemoFile(baseUrl, settings.MqttPort, new DemoPlatform(FirstSignIn.Name, password), cities);
    }

    async Task AddAsync(DemoCity plan, CancellationToken ct)
    {
        if (directory.Find(plan.Code) is not null)
            return;
        var request = new NewCity(plan.Code, plan.Name, plan.NameEn, "Asia/Shanghai", "CNY", null, DemoCitySeed.CityAdmin, Passphrase.New(),
            plan.Plates[..1]);
        var added = await addCity.RunAsync(Self, request, null, ct);
        if (added.Error is { } error)
            throw new StartUpException($"The demo city {plan.Code} could not be added: {error.Code} {string.Join(", ", error.Args)}");
    }
}
