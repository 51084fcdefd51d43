using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Accounts;

/// <summary>A session holds while its row says so: every change of the account ends it, and so do the limits.</summary>
public sealed class SignInSessionTests(Cluster cluster) : IAsyncLifetime
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    TestPlatform platform = null!;
    TestCity city = null!;
    SignInSessions sessions = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await cluster.NewPlatformAsync();
        city = platform.Alpha;
        sessions = platform.Get<SignInSessions>();
    }

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    Actor Admin => Actor.User(city.Code, Guid.NewGuid(), "a", platform.Get<RoleCatalogue>().PermissionsOf(Roles.City), Scope.WholeCity);

    Actor NorthAdmin => Actor.User(city.Code, Guid.NewGuid(), "n", platform.Get<RoleCatalogue>().PermissionsOf(Roles.Company),
        new Scope(CompanyId: city.NorthCompany.Id));

    Task<SignedIn> NorthStaffAsync() => city.SignInAsync(Roles.Staff, u => u.CompanyId = city.NorthCompany.Id);

    Task<SessionState> AskAsync(SignedIn who, bool active = false) => sessions.FindAsync(who.Key, active, Ct);

    static readonly (SessionEnd Reason, Func<TestPlatform, Actor, User, Task<Result<Done>>> Change)[] Changes =
    [
        (SessionEnd.SwitchedOff, (p, a, u) => p.Get<SwitchUser>().RunAsync(a, u.Id, true, Ct)),
        (SessionEnd.PasswordChanged, (p, a, u) => p.Get<ResetPassword>().RunAsync(a, u.Id, "seven-wet-otters", Ct)),
        (SessionEnd.AccountChanged, (p, a, u) => p.Get<ChangeUser>().RunAsync(a,
            new UserDetails(u.Id, "x", new Grant(Roles.Attendant, null, p.Alpha.NorthCompany.Id, [p.Alpha.North.Id])), Ct))
    ];

    [Fact]
    public async Task A_change_of_the_account_ends_its_sessions_and_those_alone()
    {
        var told = new List<EndedSession>();
        sessions.Ended += told.Add;
        await Assert.AllAsync(Changes, async row =>
        {
            told.Clear();
            var (who, other) = (await NorthStaffAsync(), await NorthStaffAsync());
            Assert.Equal(who.User.Id, (await AskAsync(who)).SignedIn!.User.Id);
            Assert.True((await row.Change(platform, NorthAdmin, who.User)).Ok);
            Assert.Equal(new SessionState(null, row.Reason), await AskAsync(who));
            Assert.Equal([new EndedSession(who.Key, who.User.Id, row.Reason, "192.0.2.7")], told);
            Assert.NotNull((await AskAsync(other)).SignedIn);
        });
    }

    [Fact]
    public async Task A_change_that_is_not_saved_ends_nothing()
    {
        var who = await city.SignInAsync(Roles.City);
        var alone = await platform.Get<SwitchUser>().RunAsync(Admin, who.User.Id, true, Ct);
        Assert.Equal(new LastCityAdministrator(), alone.Error);
        Assert.NotNull((await AskAsync(who)).SignedIn);
    }

    [Theory]
    [InlineData(Roles.Staff, 30)]
    [InlineData(Roles.Attendant, 8 * 60)]
    public async Task Without_a_sign_of_the_person_it_ends(string role, int minutes)
    {
        var who = await city.SignInAsync(role, u => u.CompanyId = city.NorthCompany.Id);
        platform.Clock.Advance(TimeSpan.FromMinutes(minutes - 1));
        Assert.NotNull((await AskAsync(who, active: false)).SignedIn);
        Assert.NotNull((await AskAsync(who, active: true)).SignedIn);
        platform.Clock.Advance(TimeSpan.FromMinutes(minutes - 1));
        // A look by a page is no sign of the person.
        Assert.Equal(minutes == 30 ? null : SessionEnd.TimeLimit, (await AskAsync(who, active: false)).End);
        platform.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(minutes == 30 ? SessionEnd.Idle : SessionEnd.TimeLimit, (await AskAsync(who)).End);
    }

    [Fact]
    public async Task However_busy_it_ends_after_twelve_hours()
    {
        var who = await NorthStaffAsync();
        for (var i = 0; i < 35; i++)
        {
            platform.Clock.Advance(TimeSpan.FromMinutes(20));
            Assert.NotNull((await AskAsync(who, active: true)).SignedIn);
        }
        platform.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(SessionEnd.TimeLimit, (await AskAsync(who, active: true)).End);
    }

    [Fact]
    public async Task Who_manages_accounts_ends_sessions_within_reach()
    {
        var (north, boss) = (await NorthStaffAsync(), await city.SignInAsync(Roles.Company, u => u.CompanyId = city.NorthCompany.Id));
        var south = await city.SignInAsync(Roles.Staff, u => u.CompanyId = city.SouthCompany.Id);
        var end = platform.Get<EndSession>();
        Assert.Equal(new NotFound("session"), (await end.RunAsync(NorthAdmin, south.Session.Id, Ct)).Error);
        Assert.Equal(new MoreThanYourOwn(), (await end.RunAsync(NorthAdmin, boss.Session.Id, Ct)).Error);
        Assert.True((await end.RunAsync(NorthAdmin, north.Session.Id, Ct)).Ok);
        Assert.Equal([SessionEnd.EndedByAdministrator, null, null],
            new[] { (await AskAsync(north)).End, (await AskAsync(boss)).End, (await AskAsync(south)).End });

        await using var s = await platform.Get<CitySessions>().OpenAsync(NorthAdmin, AccountPermissions.ManageUsers, Ct);
        Assert.Equal([boss.Session.Id], await sessions.Open(s.Db.Set<SignInSession>()).Select(x => x.Id).ToListAsync(Ct));
    }

    [Fact]
    public async Task People_see_their_own_sessions_and_end_the_others()
    {
        var here = await NorthStaffAsync();
        var there = new SignInSession
        {
            Id = Guid.CreateVersion7(),
            UserId = here.User.Id,
            StartedAt = TestPlatform.Start,
            LastActiveAt = TestPlatform.Start,
            ExpiresAt = TestPlatform.Start.AddHours(12),
            Address = "",
            UserAgent = ""
        };
        await using (var s = await city.OpenAsync())
        {
            s.Db.Set<SignInSession>().Add(there);
            await s.Db.SaveChangesAsync(Ct);
        }
        Assert.Equal(2, (await sessions.OfAsync(here, Ct)).Count);
        await sessions.EndOthersAsync(here, Ct);
        Assert.Equal([here.Session.Id], (await sessions.OfAsync(here, Ct)).Select(x => x.Id));
        Assert.Equal(SessionEnd.EndedByOwner, (await sessions.FindAsync(new SessionKey(city.Code, there.Id), false, Ct)).End);
    }

    [Fact]
    public async Task One_changes_the_own_password_by_the_old_one_and_stays_signed_in_here()
    {
        var hasher = platform.Get<IPasswordHasher<User>>();
        var who = await city.SignInAsync(Roles.City, u =>
        {
            u.PasswordHash = hasher.HashPassword(u, "the-old-password");
            u.PasswordIsTemporary = true;
        });
        var change = platform.Get<ChangeOwnPassword>();
        Assert.Equal(new WrongOldPassword(), (await change.RunAsync(who, "another", "seven-wet-otters", "x", Ct)).Error);
        Assert.Equal(new SamePassword(), (await change.RunAsync(who, "the-old-password", "the-old-password", "x", Ct)).Error);
        Assert.Equal(new InvalidField("Password", "common-password"), (await change.RunAsync(who, "the-old-password", "1234567890", "x", Ct)).Error);
        Assert.True((await change.RunAsync(who, "the-old-password", "seven-wet-otters", "x", Ct)).Ok);
        var after = (await AskAsync(who)).SignedIn!.User;
        Assert.False(after.PasswordIsTemporary);
        Assert.Equal(PasswordVerificationResult.Success, hasher.VerifyHashedPassword(after, after.PasswordHash!, "seven-wet-otters"));
        for (var i = 0; i < 5; i++)
            await change.RunAsync(who, "another", "seven-wet-otters", "x", Ct);
        Assert.Equal(new SignInDelayed(5), (await change.RunAsync(who, "seven-wet-otters", "eight-dry-otters", "x", Ct)).Error);
    }

    [Fact]
    public async Task What_is_over_is_noted_and_forgotten_after_ninety_days()
    {
        var who = await NorthStaffAsync();
        platform.Clock.Advance(TimeSpan.FromHours(1));
        await sessions.TidyAsync(city.Code, Ct);
        await using (var s = await city.OpenAsync())
            Assert.Equal(SessionEnd.Idle, (await s.Db.Set<SignInSession>().SingleAsync(x => x.Id == who.Session.Id, Ct)).EndReason);
        platform.Clock.Advance(SignInSessions.Kept + TimeSpan.FromHours(1));
        await sessions.TidyAsync(city.Code, Ct);
        await using (var s = await city.OpenAsync())
            Assert.False(await s.Db.Set<SignInSession>().AnyAsync(Ct));
    }
}
