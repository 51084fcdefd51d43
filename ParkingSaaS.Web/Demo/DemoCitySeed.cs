using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Web.Demo;

/// <summary>Fills one city of the demo. What is there already stays, except for its secrets, which are given anew.</summary>
sealed class DemoCitySeed(Settings settings, CitySessions sessions, IPasswordHasher<User> hasher, ILookupNormalizer names, RoleCatalogue roles,
    DemoHistory history)
{
    /// <summary>The sign-in name of a city's administrator.</summary>
    public const string CityAdmin = "city";

    /// <summary>Fill a city with the demo.</summary>
    const string Permission = "demo.seed";

    static Actor ActorOf(string city) => Actor.Job(city, "demo", Permission);

    public async Task<DemoFileCity> RunAsync(DemoCity plan, string baseUrl, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(plan.Code), Permission, ct);
        var cars = new DemoCars(plan, settings.SimulatorSeed);
        var areas = await AreasAsync(s, plan, ct);
        var roads = await RoadsAsync(s, plan, areas, ct);
        var companies = await CompaniesAsync(s, plan, areas, ct);
        var lots = new List<DemoFileLot>();
        foreach (var lot in plan.Lots)
            lots.Add(await DemoLots.AddAsync(s, lot, areas[lot.Area], lot.Road is null ? null : roads[lot.Road], companies[lot.Company], ct));
        await CalendarAsync(s, ct);
        await DemoNames.AddAsync(s, ct);
        await DemoTariffs.AddAsync(s, plan, lots, ct);
        await DemoVehicles.AddAsync(s, plan, cars, lots, ct);
        await DemoClearing.AddAsync(s, plan, lots, settings.DemoDays, ct);
        var signIns = await SignInsAsync(s, plan, areas, companies, lots, ct);
        var api = await ApiAsync(s, plan, baseUrl, ct);
        await s.Db.SaveChangesAsync(ct);
        await DemoPasses.AddAsync(s, plan, cars, lots, settings.DemoDays, ct);
        await s.Db.SaveChangesAsync(ct);
        if (settings.DemoDays > 0)
            await history.RunAsync(ActorOf(plan.Code), Permission, plan, cars, ct);
        await DemoService.AddAsync(s, plan, ct);
        await DemoMessages.AddAsync(s, plan, settings.Messages, ct);
        await s.Db.SaveChangesAsync(ct);
        return new DemoFileCity(plan.Code, plan.Name, plan.NameEn, signIns, api, lots);
    }

    /// <summary>A calendar with the published arrangements of all years that come with the product.</summary>
    static async Task CalendarAsync(CitySession s, CancellationToken ct)
    {
        if (await s.Db.Set<DayCalendar>().AnyAsync(ct))
            return;
        var calendar = new DayCalendar { Id = Guid.CreateVersion7(), Name = "法定节假日", IsDefault = true, ChangedAt = s.Now };
        s.Db.Add(calendar);
        foreach (var template in HolidayTemplate.All)
        {
            s.Db.Add(new CalendarYear { CalendarId = calendar.Id, Year = template.Year });
            s.Db.AddRange(template.Days.Select(d => new CalendarDay { CalendarId = calendar.Id, Date = d.Date, Kind = d.Kind, Name = d.Name }));
        }
    }

    static async Task<Dictionary<string, Guid>> AreasAsync(CitySession s, DemoCity plan, CancellationToken ct)
    {
        var ids = new Dictionary<string, Guid>();
        var top = await AreaAsync(plan.Name, null);
        foreach (var (district, below) in plan.Areas)
            await AreaAsync(below, await AreaAsync(district, top));
        return ids;

        async Task<Guid> AreaAsync(string name, Guid? parent) => ids[name] = (await s.EnsureAsync(a => a.Name == name && a.ParentId == parent,
            () => new Area { Id = Guid.CreateVersion7(), Name = name, ParentId = parent }, ct)).Id;
    }

    static async Task<Dictionary<string, Guid>> RoadsAsync(CitySession s, DemoCity plan, Dictionary<string, Guid> areas, CancellationToken ct)
    {
        var ids = new Dictionary<string, Guid>();
        foreach (var (name, area) in plan.Roads)
        {
            var areaId = areas[area];
            ids[name] = (await s.EnsureAsync(r => r.Name == name && r.AreaId == areaId,
                () => new Road { Id = Guid.CreateVersion7(), Name = name, AreaId = areaId }, ct)).Id;
        }
        return ids;
    }

    static async Task<Dictionary<string, Guid>> CompaniesAsync(CitySession s, DemoCity plan, Dictionary<string, Guid> areas,
        CancellationToken ct)
    {
        var ids = new Dictionary<string, Guid>();
        foreach (var (name, district) in plan.Companies)
            ids[name] = (await s.EnsureAsync(c => c.Name == name,
                () => new Company { Id = Guid.CreateVersion7(), Name = name, AreaId = areas[district] }, ct)).Id;
        return ids;
    }

    async Task<List<DemoSignIn>> SignInsAsync(CitySession s, DemoCity plan, Dictionary<string, Guid> areas,
        Dictionary<string, Guid> companies, List<DemoFileLot> lots, CancellationToken ct)
    {
        var district = plan.Areas[0].District;
        // The attendant and the staff belong to the company that operates the lot left to people.
        var company = plan.Lots[0].Company;
        var booth = lots[0];
        return
        [
            await SignInAsync(CityAdmin, "城市管理员", Roles.City, plan.Name, _ => { }),
            await SignInAsync("district", district + "管理员", Roles.District, district, u => u.AreaId = areas[district]),
            await SignInAsync("company", "公司管理员", Roles.Company, company, u => u.CompanyId = companies[company]),
            await SignInAsync("staff", "公司员工", Roles.Staff, company, u => u.CompanyId = companies[company]),
            await SignInAsync("attendant", DemoLedger.Attendant, Roles.Attendant, booth.Name,
                u => (u.CompanyId, u.LotIds) = (companies[company], [booth.Id]))
        ];

        async Task<DemoSignIn> SignInAsync(string name, string display, string role, string sees, Action<User> restrict)
        {
            var normalized = names.NormalizeName(name);
            var user = await s.EnsureAsync(u => u.NormalizedUserName == normalized, () => new User
            {
                Id = Guid.CreateVersion7(),
                UserName = name,
                NormalizedUserName = normalized,
                DisplayName = display,
                Role = role
            }, ct);
            user.DisplayName = display;
            restrict(user);
            var password = Passphrase.New();
            user.PasswordHash = hasher.HashPassword(user, password);
            user.PasswordIsTemporary = false;
            return new DemoSignIn(role, name, password, sees);
        }
    }

    async Task<DemoApi> ApiAsync(CitySession s, DemoCity plan, string baseUrl, CancellationToken ct)
    {
        const string id = "demo-partner";
        var secret = Secret.Generate();
        var client = await s.EnsureAsync(c => c.ClientId == id, () => new ApiClient
        {
            Id = Guid.CreateVersion7(),
            ClientId = id,
            Name = "Demo",
            SecretHash = "",
            // Everything that a city's own people may do; those who call the API meet the API's own, fewer, addresses.
            Permissions = [.. roles.PermissionsOf(Roles.City).Order(StringComparer.Ordinal)],
            CreatedAt = s.Now
        }, ct);
        client.SecretHash = Secret.Hash(secret);
        return new DemoApi(DemoFile.TokenUrl(baseUrl, plan.Code), id, secret);
    }
}
