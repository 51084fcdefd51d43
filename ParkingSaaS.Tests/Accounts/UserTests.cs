using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Accounts;

/// <summary>Who may add and change which account: nobody gives more than they have.</summary>
public sealed class UserTests(Cluster cluster) : PlatformTest(cluster)
{
    TestCity city => City;

    Actor With(string role, Scope scope, Guid? id = null) =>
        Actor.User(city.Code, id ?? Guid.NewGuid(), role, platform.Get<RoleCatalogue>().PermissionsOf(role), scope);

    Actor CityAdmin => With(Roles.City, Scope.WholeCity);
    Actor NorthAdmin => With(Roles.Company, new Scope(CompanyId: city.NorthCompany.Id));

    Task<Result<Guid>> AddAsync(Actor actor, string name, Grant grant) =>
        platform.Get<AddUser>().RunAsync(actor, new NewUser(name, name, "seven-wet-otters", grant), Ct);

    async Task<User> FindAsync(Guid id)
    {
        await using var s = await city.OpenAsync();
        return await s.Db.Set<User>().AsNoTracking().SingleAsync(u => u.Id == id, Ct);
    }

    Grant North(string role, params Guid[] lots) => new(role, null, city.NorthCompany.Id, lots.Length == 0 ? null : lots);
    static readonly Grant WholeCity = new(Roles.City, null, null, []);

    [Fact]
    public async Task A_city_administrator_gives_every_role()
    {
        Assert.True((await AddAsync(CityAdmin, "a", WholeCity)).Ok);
        Assert.True((await AddAsync(CityAdmin, "b", new Grant(Roles.District, city.NorthArea.Id, null, null))).Ok);
        Assert.True((await AddAsync(CityAdmin, "c", North(Roles.Company))).Ok);
        Assert.True((await AddAsync(CityAdmin, "d", North(Roles.Staff))).Ok);
        var id = (await AddAsync(CityAdmin, "e", North(Roles.Attendant, city.North.Id))).Value;
        var user = await FindAsync(id);
        Assert.Equal((Roles.Attendant, city.NorthCompany.Id), (user.Role, user.CompanyId!.Value));
        Assert.Equal([city.North.Id], user.LotIds);
        Assert.Equal(PasswordVerificationResult.Success,
            platform.Get<IPasswordHasher<User>>().VerifyHashedPassword(user, user.PasswordHash!, "seven-wet-otters"));
        Assert.True(user.PasswordIsTemporary);
    }

    [Fact]
    public async Task A_company_gives_staff_and_attendants_of_its_own_only()
    {
        Assert.True((await AddAsync(NorthAdmin, "a", North(Roles.Staff))).Ok);
        Assert.True((await AddAsync(NorthAdmin, "b", North(Roles.Attendant, city.North.Id))).Ok);
        Assert.Equal(new MoreThanYourOwn(), (await AddAsync(NorthAdmin, "c", North(Roles.Company))).Error);
        Assert.Equal(new MoreThanYourOwn(), (await AddAsync(NorthAdmin, "c", WholeCity)).Error);
        Assert.Equal(new MoreThanYourOwn(),
            (await AddAsync(NorthAdmin, "c", new Grant(Roles.District, city.NorthArea.Id, null, null))).Error);
        Assert.Equal(new MoreThanYourOwn(), (await AddAsync(NorthAdmin, "c", new Grant(Roles.Attendant, null, null, null))).Error);
        Assert.Equal(new MoreThanYourOwn(),
            (await AddAsync(NorthAdmin, "c", new Grant(Roles.Attendant, city.NorthArea.Id, null, null))).Error);
        foreach (var company in new[] { city.SouthCompany.Id, platform.Beta.NorthCompany.Id })
            Assert.Equal(new InvalidField("CompanyId", "invalid"),
                (await AddAsync(NorthAdmin, "c", new Grant(Roles.Staff, null, company, null))).Error);
        foreach (var lot in new[] { city.South.Id, platform.Beta.North.Id })
            Assert.Equal(new InvalidField("LotIds", "invalid"), (await AddAsync(NorthAdmin, "c", North(Roles.Staff, lot))).Error);
    }

    [Fact]
    public async Task A_lot_restricted_person_gives_that_lot_only()
    {
        var actor = With(Roles.Company, new Scope(null, city.NorthCompany.Id, city.North.Id));
        Assert.Equal(new MoreThanYourOwn(), (await AddAsync(actor, "a", North(Roles.Attendant))).Error);
        Assert.Equal(new InvalidField("LotIds", "invalid"),
            (await AddAsync(actor, "a", North(Roles.Attendant, city.South.Id))).Error);
        Assert.True((await AddAsync(actor, "a", North(Roles.Attendant, city.North.Id))).Ok);
    }

    [Fact]
    public async Task A_restriction_that_names_no_lot_is_refused_and_leaves_the_one_that_was()
    {
        var id = (await AddAsync(CityAdmin, "a", North(Roles.Attendant, city.North.Id))).Value;
        Assert.Equal(new InvalidField("LotIds", "required"),
            (await platform.Get<ChangeUser>().RunAsync(CityAdmin, new(id, "a", North(Roles.Attendant) with { LotIds = [] }), Ct)).Error);
        Assert.Equal([city.North.Id], (await FindAsync(id)).LotIds);
        Assert.True((await platform.Get<ChangeUser>().RunAsync(CityAdmin, new(id, "a", North(Roles.Attendant)), Ct)).Ok);
        Assert.Empty((await FindAsync(id)).LotIds);
    }

    [Fact]
    public async Task Accounts_out_of_reach_are_not_there()
    {
        var south = (await AddAsync(CityAdmin, "south", new Grant(Roles.Staff, null, city.SouthCompany.Id, null))).Value;
        var colleague = (await AddAsync(CityAdmin, "boss", North(Roles.Company))).Value;
        var before = (await FindAsync(south), await FindAsync(colleague));
        foreach (var (id, error) in new (Guid, Error)[] { (south, new NotFound("user")), (colleague, new MoreThanYourOwn()),
            (Guid.NewGuid(), new NotFound("user")) })
        {
            Assert.Equal(error,
                (await platform.Get<ChangeUser>().RunAsync(NorthAdmin, new(id, "x", North(Roles.Staff)), Ct)).Error);
            Assert.Equal(error, (await platform.Get<ResetPassword>().RunAsync(NorthAdmin, id, "seven-stolen-otters", Ct)).Error);
            Assert.Equal(error, (await platform.Get<SwitchUser>().RunAsync(NorthAdmin, id, true, Ct)).Error);
        }
        var after = (await FindAsync(south), await FindAsync(colleague));
        Assert.Equal((before.Item1.PasswordHash, before.Item1.RowVersion, before.Item2.RowVersion),
            (after.Item1.PasswordHash, after.Item1.RowVersion, after.Item2.RowVersion));
    }

    [Fact]
    public async Task A_city_keeps_an_administrator()
    {
        var last = (await AddAsync(CityAdmin, "a", WholeCity)).Value;
        Assert.Equal(new LastCityAdministrator(), (await platform.Get<SwitchUser>().RunAsync(CityAdmin, last, true, Ct)).Error);
        Assert.Equal(new LastCityAdministrator(),
            (await platform.Get<ChangeUser>().RunAsync(CityAdmin, new(last, "a", North(Roles.Staff)), Ct)).Error);
        var second = (await AddAsync(CityAdmin, "b", WholeCity)).Value;
        Assert.Equal(new YourOwnAccount(),
            (await platform.Get<SwitchUser>().RunAsync(With(Roles.City, Scope.WholeCity, last), last, true, Ct)).Error);
        Assert.True((await platform.Get<SwitchUser>().RunAsync(CityAdmin, last, true, Ct)).Ok);
        Assert.Equal(new LastCityAdministrator(), (await platform.Get<SwitchUser>().RunAsync(CityAdmin, second, true, Ct)).Error);
    }

    [Fact]
    public async Task Names_are_unique_in_a_city_whatever_the_case()
    {
        Assert.True((await AddAsync(CityAdmin, "Ann", North(Roles.Staff))).Ok);
        Assert.Equal(new InvalidField("UserName", "taken"), (await AddAsync(CityAdmin, " aNN ", North(Roles.Staff))).Error);
        var south = With(Roles.Company, new Scope(CompanyId: city.SouthCompany.Id));
        Assert.Equal(new InvalidField("UserName", "taken"),
            (await AddAsync(south, "ann", new Grant(Roles.Staff, null, city.SouthCompany.Id, null))).Error);
    }

    static readonly (string Field, string Rule, Func<NewUser, NewUser> Spoil)[] Unacceptable =
    [
        ("UserName", "required", u => u with { UserName = "" }),
        ("UserName", "too-long", u => u with { UserName = new('x', 65) }),
        ("DisplayName", "required", u => u with { DisplayName = " " }),
        ("Password", "too-short", u => u with { Password = "nine-char" }),
        ("Password", "common-password", u => u with { Password = "Password12345" }),
        ("Password", "name-in-password", u => u with { UserName = "zhangwei", Password = "zhangwei2026" }),
        ("Password", "too-long", u => u with { Password = new('x', 129) }),
        ("Role", "invalid", u => u with { Grant = u.Grant with { Role = "platform" } }),
        ("AreaId", "required", u => u with { Grant = new(Roles.District, null, null, []) }),
        ("AreaId", "invalid", u => u with { Grant = new(Roles.District, Guid.NewGuid(), null, []) }),
        ("CompanyId", "required", u => u with { Grant = new(Roles.Staff, null, null, []) }),
        ("CompanyId", "invalid", u => u with { Grant = new(Roles.City, null, Guid.NewGuid(), []) }),
        ("LotIds", "required", u => u with { Grant = new(Roles.Attendant, null, null, []) }),
        ("LotIds", "invalid", u => u with { Grant = new(Roles.City, null, null, [Guid.NewGuid()]) })
    ];

    [Fact]
    public async Task What_is_unacceptable_is_named() => await Assert.AllAsync(Unacceptable, async row =>
        Assert.Equal(new InvalidField(row.Field, row.Rule), (await platform.Get<AddUser>().RunAsync(CityAdmin,
            row.Spoil(new("n", "n", "seven-wet-otters", WholeCity)), Ct)).Error));

    [Fact]
    public async Task A_clients_secret_is_shown_once_and_kept_as_a_hash()
    {
        var credentials = (await platform.Get<AddApiClient>().RunAsync(CityAdmin, new("Map", ["lots.view"], city.NorthCompany.Id),
            Ct)).Value;
        await using var s = await city.OpenAsync();
        var client = await s.Db.Set<ApiClient>().SingleAsync(Ct);
        Assert.Equal(credentials.ClientId, client.ClientId);
        Assert.True(Secret.Verify(client.SecretHash, credentials.Secret));
        Assert.DoesNotContain(credentials.Secret, client.SecretHash);
        Assert.True((await platform.Get<RevokeApiClient>().RunAsync(CityAdmin, client.Id, Ct)).Ok);
        await s.Db.Entry(client).ReloadAsync(Ct);
        Assert.Equal(TestPlatform.Start, client.RevokedAt);
    }

    [Fact]
    public async Task A_client_gets_nothing_that_its_maker_lacks()
    {
        var narrow = Actor.User(city.Code, Guid.NewGuid(), "n", new HashSet<string> { AccountPermissions.ManageClients },
            new Scope(CompanyId: city.NorthCompany.Id));
        Assert.Equal(new InvalidField("Permissions", "invalid"),
            (await platform.Get<AddApiClient>().RunAsync(narrow, new("x", ["lots.view"], city.NorthCompany.Id), Ct)).Error);
        Assert.Equal(new InvalidField("Permissions", "invalid"),
            (await platform.Get<AddApiClient>().RunAsync(CityAdmin, new("x", ["no.such"], null), Ct)).Error);
        Assert.Equal(new InvalidField("Permissions", "required"),
            (await platform.Get<AddApiClient>().RunAsync(CityAdmin, new("x", [], null), Ct)).Error);
        foreach (Guid? company in new Guid?[] { null, city.SouthCompany.Id, platform.Beta.NorthCompany.Id })
            Assert.Equal(new InvalidField("CompanyId", "invalid"),
                (await platform.Get<AddApiClient>().RunAsync(narrow, new("x", [AccountPermissions.ManageClients], company),
                    Ct)).Error);
        var whole = (await platform.Get<AddApiClient>().RunAsync(CityAdmin, new("x", ["lots.view"], null), Ct)).Ok;
        Assert.True(whole);
        await using var s = await city.OpenAsync();
        Assert.Equal(new NotFound("client"),
            (await platform.Get<RevokeApiClient>().RunAsync(narrow, (await s.Db.Set<ApiClient>().SingleAsync(Ct)).Id, Ct)).Error);
    }
}
