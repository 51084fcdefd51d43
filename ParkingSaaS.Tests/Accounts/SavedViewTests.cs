using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Accounts;

/// <summary>Views of lists that an account keeps.</summary>
public sealed class SavedViewTests(Cluster cluster) : PlatformTest(cluster)
{
    /// <summary>An account that sees one lot: it keeps views as everybody does.</summary>
    async Task<Actor> SomebodyAsync()
    {
        var user = (await City.SignInAsync(Roles.Attendant, u => u.LotIds = [City.North.Id])).User;
        return Actor.User(City.Code, user.Id, user.DisplayName, new HashSet<string> { AccountPermissions.KeepViews }, user.Scope);
    }

    async Task<List<(string List, string Name, string Query)>> ViewsAsync(Actor actor)
    {
        await using var s = await platform.Get<CitySessions>().OpenAsync(actor, AccountPermissions.KeepViews, Ct);
        return [.. (await SavedViews.Own(s).OrderBy(v => v.List).ThenBy(v => v.Name).ToListAsync(Ct)).Select(v => (v.List, v.Name, v.Query))];
    }

    async Task<Guid> IdAsync(Actor actor, string name)
    {
        await using var s = await platform.Get<CitySessions>().OpenAsync(actor, AccountPermissions.KeepViews, Ct);
        return (await SavedViews.Own(s).SingleAsync(v => v.Name == name, Ct)).Id;
    }

    Task<Result<Done>> SaveAsync(Actor actor, string name, string query = "?state=Arrears", string list = "orders", bool replace = false) =>
        platform.Get<SaveView>().RunAsync(actor, list, name, query, replace, Ct);

    Task<Result<Done>> RenameAsync(Actor actor, Guid id, string name) => platform.Get<RenameView>().RunAsync(actor, id, name, Ct);

    [Fact]
    public async Task A_view_is_kept_under_its_name_and_replaced_under_the_same_where_that_is_meant()
    {
        var me = await SomebodyAsync();
        Assert.True((await SaveAsync(me, " debts ")).Ok);
        Assert.True((await SaveAsync(me, "debts")).Ok); // it shows the same
        Assert.Equal(new ViewExists("debts"), (await SaveAsync(me, "debts", "?state=Arrears&sort=-Owed")).Error);
        Assert.Equal([("orders", "debts", "?state=Arrears")], await ViewsAsync(me));
        Assert.True((await SaveAsync(me, "debts", "?state=Arrears&sort=-Owed", replace: true)).Ok);
        Assert.True((await SaveAsync(me, "debts", "", "passes")).Ok);
        Assert.Equal([("orders", "debts", "?state=Arrears&sort=-Owed"), ("passes", "debts", "")], await ViewsAsync(me));
    }

    [Fact]
    public async Task A_view_is_renamed_and_removed_and_a_second_time_changes_nothing()
    {
        var me = await SomebodyAsync();
        await SaveAsync(me, "a");
        await SaveAsync(me, "b");
        var id = await IdAsync(me, "a");
        Assert.Equal(new InvalidField("Name", "taken"), (await RenameAsync(me, id, "b")).Error);
        Assert.Equal(new InvalidField("Name", "required"), (await RenameAsync(me, id, " ")).Error);
        Assert.True((await RenameAsync(me, id, "c")).Ok);
        Assert.True((await RenameAsync(me, id, "c")).Ok);
        Assert.Equal(["b", "c"], (await ViewsAsync(me)).Select(v => v.Name));
        for (var times = 0; times < 2; times++)
            Assert.True((await platform.Get<RemoveView>().RunAsync(me, id, Ct)).Ok);
        Assert.Equal(["b"], (await ViewsAsync(me)).Select(v => v.Name));
    }

    [Fact]
    public async Task Nobody_reaches_the_views_of_another()
    {
        var (me, other) = (await SomebodyAsync(), await SomebodyAsync());
        await SaveAsync(me, "mine");
        var id = await IdAsync(me, "mine");
        Assert.Empty(await ViewsAsync(other));
        Assert.Equal(new NotFound("view"), (await RenameAsync(other, id, "theirs")).Error);
        await platform.Get<RemoveView>().RunAsync(other, id, Ct);
        Assert.True((await SaveAsync(other, "mine", "?x=1")).Ok);
        Assert.Equal([("orders", "mine", "?state=Arrears")], await ViewsAsync(me));
        await Assert.ThrowsAsync<AccessDeniedException>(() => SaveAsync(City.User(LotPermissions.View), "x"));
    }

    [Fact]
    public async Task Names_queries_and_their_number_have_bounds()
    {
        var me = await SomebodyAsync();
        Assert.Equal(new InvalidField("Name", "required"), (await SaveAsync(me, "")).Error);
        Assert.Equal(new InvalidField("Name", "too-long"), (await SaveAsync(me, new string('x', SavedView.MaxName + 1))).Error);
        Assert.Equal(new InvalidField("Query", "too-long"), (await SaveAsync(me, "x", "?" + new string('x', SavedView.MaxQuery))).Error);
        Assert.Equal(new InvalidField("Query", "invalid"), (await SaveAsync(me, "x", "//elsewhere.example/")).Error);
        for (var i = 0; i < SavedView.Most; i++)
            Assert.True((await SaveAsync(me, $"view {i}")).Ok);
        Assert.Equal(new TooManyViews(SavedView.Most), (await SaveAsync(me, "one more")).Error);
        Assert.True((await SaveAsync(me, "view 0", "", replace: true)).Ok);
        Assert.True((await SaveAsync(me, "one more", "", "passes")).Ok);
    }
}
