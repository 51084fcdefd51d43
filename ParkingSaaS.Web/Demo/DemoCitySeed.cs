using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Web.Demo;

/// <summary>Fills one city of the demo. What is there already stays, except for its secrets, which are given anew.</summary>
sealed class DemoCitySeed(CitySessions sessions, IPasswordHasher<User> hasher, ILookupNormalizer names, RoleCatalogue roles)
{
    /// <summary>The sign-in name of a city's administrator.</summary>
    public const string CityAdmin = "city";

    /// <summary>Fill a city with the demo.</summary>
    const string Permission = "demo.seed";

    static Actor ActorOf(string city) => Actor.Job(city, "demo", Permission);

    public async Task<DemoFileCity> RunAsync(DemoCity plan, string baseUrl, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(plan.Code), Permission, ct);
        var areas = await AreasAsync(s, plan, ct);
        var roads = await RoadsAsync(s, plan, areas, ct);
        var companies = await CompaniesAsync(s, plan, areas, ct);
        var lots = new List<DemoFileLot>();
        foreach (var lot in plan.Lots)
            lots.Add(await DemoLots.AddAsync(s, lot, areas[lot.Area], lot.Road is null ? null : roads[lot.Road], companies[lot.Company], ct));
        await CalendarAsync(s, ct);
        await DemoTariffs.AddAsync(s, plan, lots, ct);
        await VehiclesAsync(s, lots, ct);
        var signIns = await SignInsAsync(s, plan, areas, companies, lots, ct);
        var api = await ApiAsync(s, plan, baseUrl, ct);
        await s.Db.SaveChangesAsync(ct);
        await DemoPasses.AddAsync(s, plan, lots, ct);
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

    /// <summary>A group, entries of every list, and owners with a debt and a car that has not moved for long. All of them are made up.</summary>
    static async Task VehiclesAsync(CitySession s, List<DemoFileLot> lots, CancellationToken ct)
    {
        if (await s.Db.Set<PlateGroup>().AnyAsync(ct) || await s.Db.Set<Owner>().AnyAsync(ct))
            return;
        var letter = s.City.Code == "shenzhen" ? "粤B" : "浙A";
        var day = s.City.Zone.Date(s.Now);
        var group = new PlateGroup { Id = Guid.CreateVersion7(), Name = "公交车队", Note = "示例", ChangedBy = s.Actor.Name, ChangedAt = s.Now };
        s.Db.Add(group);
        s.Db.AddRange(Enumerable.Range(1, 8).Select(i => new PlateGroupPlate { GroupId = group.Id, Plate = $"{letter}0680{i}D" }));
        foreach (var form in OfficialForm.All.Take(4))
            List(PlateListKind.Special, form.Source).Form = form.Kind;
        List(PlateListKind.White, "公交线路首末站").GroupId = group.Id;
        var guest = List(PlateListKind.White, "物业访客");
        (guest.Pattern, guest.LotIds, guest.Until) = ($"{letter}66Q88", [lots[0].Id], day.AddDays(30));
        List(PlateListKind.Black, "多次逃费，欠费 86 元").Pattern = $"{letter}9K404";

        Plates(Owner("+8613800000001", "李女士", OwnerLanguage.Chinese), ("7W21X", PlateColour.Blue), ("D20260", PlateColour.Green));
        Plates(Owner("+8613800000002", "", OwnerLanguage.Chinese), ("3M55Y", PlateColour.Blue));
        Plates(Owner("+85290000003", "Chris Wong", OwnerLanguage.English), ("8H08Z", PlateColour.Blue));
        Stay("7W21X", lots[2].Id, day: -3, OrderState.Arrears, hours: 2, owed: new Money(900));
        Stay("3M55Y", lots[0].Id, day: -12, OrderState.Parked, hours: 0, Money.Zero);

        PlateRule List(PlateListKind kind, string reason)
        {
            var rule = new PlateRule
            {
                Id = Guid.CreateVersion7(),
                Kind = kind,
                Reason = reason,
                Wild = kind is PlateListKind.Special,
                ChangedBy = s.Actor.Name,
                ChangedAt = s.Now
            };
            s.Db.Add(rule);
            return rule;
        }

        Owner Owner(string phone, string name, OwnerLanguage language)
        {
            var owner = new Owner
            {
                Id = Guid.CreateVersion7(),
                Phone = phone,
                Name = name,
                Language = language,
                CreatedAt = s.Now,
                ChangedBy = s.Actor.Name,
                ChangedAt = s.Now
            };
            s.Db.Add(owner);
            return owner;
        }

        void Plates(Owner owner, params (string Number, PlateColour Colour)[] plates) => s.Db.AddRange(plates.Select((p, i) =>
            new OwnerPlate { Plate = letter + p.Number, OwnerId = owner.Id, Colour = p.Colour, IsDefault = i == 0 }));

        void Stay(string plate, Guid lot, int day, OrderState state, int hours, Money owed)
        {
            var entry = s.Now.AddDays(day);
            s.Db.Add(new Order
            {
                Id = Guid.CreateVersion7(entry),
                LotId = lot,
                Plate = letter + plate,
                Colour = PlateColour.Blue,
                State = state,
                EnteredAt = entry,
                ExitedAt = hours > 0 ? entry.AddHours(hours) : null,
                TariffVersionId = s.Db.Set<TariffVersion>().Local
                    .FirstOrDefault(v => s.Db.Set<LotTariff>().Local.Any(a => a.LotId == lot && a.TariffId == v.TariffId))?.Id,
                Receivable = owed,
                BusinessDate = s.City.Zone.Date(entry),
                CreatedAt = entry
            });
        }
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
            await SignInAsync("attendant", "收费员", Roles.Attendant, booth.Name,
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
