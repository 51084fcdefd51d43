using Microsoft.AspNetCore.Identity;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Accounts;

/// <summary>Wrong passwords make the next try wait, where they come from; an owner gets in where they usually are.</summary>
public sealed class SignInUserTests(Cluster cluster) : IAsyncLifetime
{
    const string Right = "correct-horse-7", Office = "192.0.2.1", Stranger = "198.51.100.9";
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    TestPlatform platform = null!;
    User li = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await cluster.NewPlatformAsync();
        li = (await platform.Alpha.SignInAsync(Roles.City, u =>
        {
            (u.UserName, u.NormalizedUserName) = ("li", "LI");
            u.PasswordHash = platform.Get<IPasswordHasher<User>>().HashPassword(u, Right);
        })).User;
    }

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    SignInUser With(IPasswordHasher<User> hasher) => new(platform.Get<AccountDatabases>(), hasher, platform.Get<ILookupNormalizer>(), new SignInPolicy(),
        platform.Get<SecurityLog>(), platform.Clock);

    async Task<string> TryAsync(string from, string password = "wrong-password", string name = "li", SignInUser? signIn = null) =>
        (await (signIn ?? platform.Get<SignInUser>()).RunAsync(new SignInRequest("alpha", name, password, from, from, "test"), Ct)).Error switch
        {
            null => "in",
            SignInDelayed delayed => $"wait {delayed.Seconds}",
            var error => error.Code
        };

    async Task<List<string>> TryAsync(int times, string from, string name = "li")
    {
        List<string> answers = [];
        for (var i = 0; i < times; i++)
            answers.Add(await TryAsync(from, name: name));
        return answers;
    }

    [Fact]
    public async Task The_delay_is_the_addresss_own_and_grows()
    {
        Assert.Equal(Enumerable.Repeat("sign-in.wrong", 5), await TryAsync(5, Stranger));
        foreach (var seconds in new[] { 5, 10, 20, 40, 80, 160, 320, 640, 900, 900 })
        {
            Assert.Equal($"wait {seconds}", await TryAsync(Stranger, Right));
            Assert.Equal("in", await TryAsync(Office, Right));
            platform.Clock.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal("sign-in.wrong", await TryAsync(Stranger));
        }
        platform.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        Assert.Equal("in", await TryAsync(Stranger, Right));
        Assert.Equal(Enumerable.Repeat("sign-in.wrong", 5), await TryAsync(5, Stranger));
    }

    [Fact]
    public async Task Guessing_from_everywhere_keeps_no_owner_out_of_their_office()
    {
        Assert.Equal("in", await TryAsync(Office, Right));
        for (var i = 0; i < 20; i++)
            Assert.Equal("sign-in.wrong", await TryAsync($"203.0.113.{i}"));
        Assert.Equal("wait 5", await TryAsync("203.0.113.99"));
        Assert.Equal("wait 5", await TryAsync(Stranger, Right));
        Assert.Equal("in", await TryAsync(Office, Right));
        platform.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal("in", await TryAsync(Stranger, Right));
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_answered_with_the_same_words_after_the_same_work()
    {
        var hasher = new CountingHasher();
        var signIn = With(hasher);
        var known = new List<(string, int)>();
        var unknown = new List<(string, int)>();
        for (var i = 0; i < 7; i++)
        {
            known.Add((await TryAsync(Stranger, name: "li", signIn: signIn), hasher.Take()));
            unknown.Add((await TryAsync(Stranger, name: "nobody", signIn: signIn), hasher.Take()));
        }
        Assert.Equal(known, unknown);
        Assert.Equal(("sign-in.wrong", 1), known[0]);
        Assert.Equal(("wait 5", 0), known[6]);
    }

    [Fact]
    public async Task Tries_at_one_moment_are_counted_one_after_the_other()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => TryAsync(Stranger)));
        Assert.InRange(answers.Count(a => a == "sign-in.wrong"), 1, 5);
        Assert.StartsWith("wait ", await TryAsync(Stranger, Right));
    }

    [Fact]
    public async Task As_many_windows_as_there_are_free_tries_get_in_at_one_moment()
    {
        for (var round = 0; round < 5; round++)
        {
            var desk = $"192.0.2.{100 + round}";
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => TryAsync(desk, Right))), answer => Assert.Equal("in", answer));
        }
    }

    [Fact]
    public async Task A_new_password_lifts_the_delay()
    {
        await TryAsync(5, Stranger);
        Assert.Equal("wait 5", await TryAsync(Stranger, Right));
        var admin = Actor.User("alpha", Guid.NewGuid(), "a", platform.Get<RoleCatalogue>().PermissionsOf(Roles.City), Scope.WholeCity);
        Assert.True((await platform.Get<ResetPassword>().RunAsync(admin, li.Id, "seven-wet-otters", Ct)).Ok);
        Assert.Equal("in", await TryAsync(Stranger, "seven-wet-otters"));
    }

    [Fact]
    public async Task What_can_be_no_name_or_password_is_wrong()
    {
        (string Name, string Password)[] tries = [("", Right), ("l\0i", Right), ("li", new string('x', 100_000))];
        await Assert.AllAsync(tries, async row => Assert.Equal("sign-in.wrong", await TryAsync(Office, row.Password, row.Name)));
    }

    [Fact]
    public async Task Two_may_sign_in_at_once_but_none_with_what_no_longer_holds()
    {
        var meeting = new MeetingHasher();
        var signIn = With(meeting);
        meeting.Meanwhile = async () => Assert.Equal("in", await TryAsync(Office, Right));
        Assert.Equal("in", await TryAsync(Office, Right, signIn: signIn));

        var admin = Actor.User("alpha", Guid.NewGuid(), "a", platform.Get<RoleCatalogue>().PermissionsOf(Roles.City), Scope.WholeCity);
        meeting.Meanwhile = async () => Assert.True((await platform.Get<ResetPassword>().RunAsync(admin, li.Id, "seven-wet-otters", Ct)).Ok);
        Assert.Equal("changed-meanwhile", await TryAsync(Office, Right, signIn: signIn));
    }

    /// <summary>While a password is looked at, something else happens.</summary>
    sealed class MeetingHasher : PasswordHasher<User>
    {
        public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Task.Run(Meanwhile, Ct).InTimeAsync().GetAwaiter().GetResult();
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    sealed class CountingHasher : PasswordHasher<User>
    {
        int verified;

        public int Take() => Interlocked.Exchange(ref verified, 0);

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref verified);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
