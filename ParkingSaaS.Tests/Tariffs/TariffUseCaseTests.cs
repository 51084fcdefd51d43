using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Tariffs from draft to retirement, in a city of two, for people who see all of it and for people who see one lot.</summary>
public sealed class TariffUseCaseTests(Cluster cluster) : PlatformTest(cluster)
{
    Actor Manager => City.User(TariffPermissions.View, TariffPermissions.Manage, TariffPermissions.Assign);
    DateTimeOffset Now => platform.Clock.GetUtcNow();

    Task<Result<Guid>> AddAsync(string name, string? template = "per-entry", Actor? actor = null) =>
        platform.Get<AddTariff>().RunAsync(actor ?? Manager, new NewTariff(name, template), Ct);

    /// <summary>Saves over what is there.</summary>
    async Task<Result<Guid>> SaveAsync(Guid tariff, string definition, Actor? actor = null) =>
        await SaveAsync((await VersionsAsync(tariff))[^1], definition, actor);

    /// <summary>Saves over what was there when somebody looked.</summary>
    Task<Result<Guid>> SaveAsync(TariffVersion newest, string definition, Actor? actor = null) =>
        platform.Get<SaveDraft>().RunAsync(actor ?? Manager, new DraftToSave(newest.TariffId, definition, newest), Ct);

    async Task<Result<Done>> PublishAsync(Guid version, DateTimeOffset? from = null, Actor? actor = null)
    {
        await using var s = await City.OpenAsync();
        return await PublishAsync(await s.Db.Set<TariffVersion>().AsNoTracking().SingleAsync(v => v.Id == version, Ct), from, actor);
    }

    Task<Result<Done>> PublishAsync(TariffVersion draft, DateTimeOffset? from = null, Actor? actor = null) =>
        platform.Get<PublishVersion>().RunAsync(actor ?? Manager, draft, from, Ct);

    Task<Result<Done>> AssignAsync(Guid tariff, Guid lot, Actor? actor = null) =>
        platform.Get<AssignTariff>().RunAsync(actor ?? Manager, tariff, lot, Ct);

    Task<Result<Done>> RetireAsync(Guid tariff, Actor? actor = null) => platform.Get<RetireTariff>().RunAsync(actor ?? Manager, tariff, Ct);

    static string Said(Error? error) => $"{error!.Code} {string.Join(' ', error.Args)}";

    static string PerEntry(string name, decimal price, string more = "") => $$"""
        { "schema": "parkingsaas-tariff/1", "name": "{{name}}",
          "rules": [{ "id": "all", "charge": { "mode": "perEntry", "price": {{price}} }, "per": "day" }] {{more}} }
        """;

    async Task<List<TariffVersion>> VersionsAsync(Guid tariff)
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<TariffVersion>().AsNoTracking().Where(v => v.TariffId == tariff).OrderBy(v => v.Number).ToListAsync(Ct);
    }

    async Task<Guid> PublishedAsync(string name)
    {
        var id = (await AddAsync(name)).Value;
        Assert.True((await PublishAsync((await VersionsAsync(id))[0].Id)).Ok);
        return id;
    }

    [Fact]
    public async Task A_new_tariff_is_a_valid_draft_with_its_own_name() =>
        await Assert.AllAsync([null, "off-street", "on-street", "per-entry", "residential"], async template =>
        {
            var name = "Square, " + (template ?? "empty");
            var id = (await AddAsync($" {name} ", template)).Value;
            var draft = Assert.Single(await VersionsAsync(id));
            Assert.Equal((1, null, null), (draft.Number, draft.EffectiveFrom, draft.PublishedAt));
            Assert.Equal(name, TariffJson.Read(draft.Definition).Tariff!.Name);
            Assert.True((await PublishAsync(draft.Id)).Ok);
        });

    [Fact]
    public async Task A_name_is_taken_once_in_a_city_and_free_in_the_other()
    {
        var id = (await AddAsync("Square")).Value;
        Assert.Equal("field.taken Name", Said((await AddAsync("Square")).Error));
        Assert.Equal("field.required Name", Said((await AddAsync(" ")).Error));
        Assert.Equal("field.too-long Name", Said((await AddAsync(new string('x', 65))).Error));
        Assert.Equal("field.invalid Template", Said((await AddAsync("Round", "nothing")).Error));
        Assert.Equal("/name", Assert.Single(Assert.IsType<TariffInvalid>((await SaveAsync(id, PerEntry("Test", 3))).Error).Problems).Path);
        Assert.True((await AddAsync("Square", actor: platform.Beta.User(TariffPermissions.Manage))).Ok);
        await OtherCityBeginsHereAsync();
    }

    [Fact]
    public async Task What_is_no_tariff_is_refused_with_the_path_of_each_field_and_changes_nothing()
    {
        var id = (await AddAsync("Square")).Value;
        var before = (await VersionsAsync(id))[0].Definition;
        var refused = Assert.IsType<TariffInvalid>((await SaveAsync(id, """
            {"schema":"parkingsaas-tariff/1","name":"Square","colour":1,"rules":[{"id":"a","charge":{"mode":"perEntry","price":"3"}}]}
            """)).Error);
        Assert.Equal(["/colour", "/rules/0/charge/price"], refused.Problems.Select(p => p.Path).Order());
        Assert.Equal("/rules", Assert.Single(Assert.IsType<TariffInvalid>((await SaveAsync(id, "{\"rules\":")).Error).Problems).Path);
        Assert.Equal("/currency", Assert.Single(Assert.IsType<TariffInvalid>(
            (await SaveAsync(id, PerEntry("Square", 3, ""","currency":{"code":"JPY","digits":0}"""))).Error).Problems).Path);
        Assert.Equal("/name", Assert.Single(Assert.IsType<TariffInvalid>(
            (await SaveAsync(id, PerEntry(new string('x', 65), 3))).Error).Problems).Path);
        Assert.Equal(before, Assert.Single(await VersionsAsync(id)).Definition);
    }

    static readonly (string Rules, string More, string Path)[] Mistakes =
    [
        ("""{"id":"a","window":{"from":"08:00","to":"08:00"},"charge":{"mode":"free"}}""", "", "/rules/0/window/to"),
        ("""{"id":"a","charge":{"mode":"perEntry","price":-0.01}}""", "", "/rules/0/charge/price"),
        ("""{"id":"a","charge":{"mode":"timed","stages":[{"price":-1,"perMinutes":60}]}}""", "", "/rules/0/charge/stages/0/price"),
        ("""{"id":"a","charge":{"mode":"free"},"appliesTo":{"dates":[{"from":"2026-10-07","to":"2026-10-01"}]}}""", "", "/rules/0/appliesTo/dates/0/to"),
        ("""{"id":"a","charge":{"mode":"free"}},{"id":"a","charge":{"mode":"free"}}""", "", "/rules/1/id"),
        ("""{"id":"a","charge":{"mode":"free"}}""",
            ""","examples":[{"entry":"2026-11-18T10:00:00","exit":"2026-11-18T09:00:00","fee":0}]""", "/examples/0/exit"),
        ("""{"id":"a","charge":{"mode":"free"}}""", ""","description":"a\u0000b" """, "/description"),
        ("""{"id":"a","charge":{"mode":"free"}}""", ""","source":"a\u0007b" """, "/source")
    ];

    /// <summary>What people get wrong, refused when they save, with the field named.</summary>
    [Fact]
    public async Task A_mistake_is_refused_when_it_is_saved()
    {
        var id = (await AddAsync("Square")).Value;
        await Assert.AllAsync(Mistakes, async row =>
        {
            var refused = await SaveAsync(id,
                $$"""{"schema":"parkingsaas-tariff/1","name":"Square","rules":[{{row.Rules}}]{{row.More}}}""");
            Assert.Equal(row.Path, Assert.Single(Assert.IsType<TariffInvalid>(refused.Error).Problems).Path);
        });
    }

    [Fact]
    public async Task A_draft_of_before_that_is_forbidden_now_is_not_published_and_a_version_in_force_still_prices()
    {
        var id = await PublishedAsync("Square");
        var saved = (await SaveAsync(id, PerEntry("Square", 4))).Value;
        await using (var s = await City.OpenAsync())
        {
            foreach (var version in await s.Db.Set<TariffVersion>().Where(v => v.TariffId == id).ToListAsync(Ct))
                version.Definition = PerEntry("Square", version.Number, ""","description":"a\u0007b","currency":{"code":"XYZ","digits":2}""");
            await s.Db.SaveChangesAsync(Ct);
        }
        Assert.Equal("/description", Assert.Single(Assert.IsType<TariffInvalid>((await PublishAsync(saved)).Error).Problems).Path);
        await using var t = await City.OpenAsync();
        var first = (await VersionsAsync(id))[0];
        Assert.Equal(1, Assert.IsType<EntryCharge>((await new TariffsInForce().RulesAsync(t, first.Id, Ct)).Rules[0].Charge).Price);
    }

    [Fact]
    public async Task A_window_of_the_whole_day_does_not_hide_that_nothing_is_said_of_midnight()
    {
        var id = (await AddAsync("Square")).Value;
        var draft = (await SaveAsync(id, PerEntry("Square", 3).Replace("\"per\": \"day\"", "\"window\": { \"from\": \"00:00\", \"to\": \"24:00\" }"))).Value;
        var problem = Assert.Single(Assert.IsType<TariffInvalid>((await PublishAsync(draft)).Error).Problems);
        Assert.Equal(("/rules/0/per", "rule.afresh"), (problem.Path, problem.Code));
    }

    /// <summary>An example of forty years has no fee, so its tariff is not published.</summary>
    [Fact]
    public async Task An_example_without_a_fee_keeps_a_tariff_from_being_published()
    {
        var id = (await AddAsync("Square")).Value;
        var draft = (await SaveAsync(id, PerEntry("Square", 3,
            ""","examples":[{"entry":"2026-11-18T10:00:00","exit":"2066-11-18T09:00:00","fee":0}]"""))).Value;
        var failed = Assert.Single(Assert.IsType<ExamplesFail>((await PublishAsync(draft)).Error).Failed);
        Assert.Equal(Core.Tariffs.Engine.QuoteProblem.StayTooLong, failed.Quote.Problem);
    }

    [Fact]
    public async Task Saving_renames_the_tariff_and_writes_the_same_draft_again()
    {
        var id = (await AddAsync("Square")).Value;
        Assert.Equal((await SaveAsync(id, PerEntry("Round", 3))).Value, (await SaveAsync(id, PerEntry("Round", 4))).Value);
        var draft = Assert.Single(await VersionsAsync(id));
        Assert.Equal(4, Assert.IsType<EntryCharge>(TariffJson.Read(draft.Definition).Tariff!.Rules[0].Charge).Price);
        await using var s = await City.OpenAsync();
        Assert.Equal("Round", (await s.Db.Set<TariffPlan>().SingleAsync(t => t.Id == id, Ct)).Name);
    }

    [Fact]
    public async Task A_published_version_never_changes_and_the_next_draft_is_another()
    {
        var id = await PublishedAsync("Square");
        var published = Assert.Single(await VersionsAsync(id));
        Assert.Equal((Now, Now, "user"), (published.EffectiveFrom, published.PublishedAt, published.PublishedBy));
        Assert.IsType<NoDraft>((await PublishAsync(published)).Error);

        Assert.NotEqual(published.Id, (await SaveAsync(id, PerEntry("Square", 99))).Value);
        var versions = await VersionsAsync(id);
        Assert.Equal([1, 2], versions.Select(v => v.Number));
        Assert.Equal(published.Definition, versions[0].Definition);
    }

    [Fact]
    public async Task A_draft_that_was_published_meanwhile_is_not_written_over()
    {
        var draft = (await VersionsAsync((await AddAsync("Square")).Value))[0];
        await using var slow = await City.OpenAsync();
        (await slow.Db.Set<TariffVersion>().SingleAsync(v => v.Id == draft.Id, Ct)).Definition = PerEntry("Square", 99);
        Assert.True((await PublishAsync(draft.Id)).Ok);
        Assert.IsType<ChangedMeanwhile>((await slow.SaveAsync(Ct)).Error);
        Assert.Equal(draft.Definition, (await VersionsAsync(draft.TariffId))[0].Definition);
    }

    [Fact]
    public async Task Of_two_who_write_one_draft_the_second_is_told_and_overwrites_nothing()
    {
        var id = (await AddAsync("Square")).Value;
        var looked = (await VersionsAsync(id))[0];
        Assert.True((await SaveAsync(looked, PerEntry("Square", 3))).Ok);
        Assert.IsType<DraftChanged>((await SaveAsync(looked, PerEntry("Square", 4))).Error);
        Assert.IsType<DraftChanged>((await PublishAsync(looked)).Error);
        var draft = Assert.Single(await VersionsAsync(id));
        Assert.Equal((3m, null), (Assert.IsType<EntryCharge>(TariffJson.Read(draft.Definition).Tariff!.Rules[0].Charge).Price, draft.PublishedAt));
        Assert.True((await SaveAsync(draft, PerEntry("Square", 4))).Ok);
    }

    [Fact]
    public async Task Of_two_who_begin_the_next_draft_the_second_is_told()
    {
        var published = (await VersionsAsync(await PublishedAsync("Square")))[0];
        Assert.True((await SaveAsync(published, PerEntry("Square", 3))).Ok);
        Assert.IsType<DraftChanged>((await SaveAsync(published, PerEntry("Square", 4))).Error);
        Assert.Equal(2, (await VersionsAsync(published.TariffId)).Count);
    }

    [Fact]
    public async Task An_example_that_does_not_come_out_holds_publication()
    {
        var id = (await AddAsync("Square")).Value;
        const string example = ""","examples":[{"entry":"2026-11-20T08:00:00","exit":"2026-11-20T09:00:00","fee":{0}}]""";
        var draft = (await SaveAsync(id, PerEntry("Square", 3, example.Replace("{0}", "5")))).Value;
        Assert.Equal(3, Assert.Single(Assert.IsType<ExamplesFail>((await PublishAsync(draft)).Error).Failed).Quote.Amount);
        Assert.Null((await VersionsAsync(id))[0].PublishedAt);
        await SaveAsync(id, PerEntry("Square", 3, example.Replace("{0}", "3")));
        Assert.True((await PublishAsync(draft)).Ok);
    }

    [Fact]
    public async Task What_a_tariff_leaves_open_holds_publication()
    {
        var id = (await AddAsync("Square")).Value;
        var draft = (await SaveAsync(id, PerEntry("Square", 3).Replace(", \"per\": \"day\"", ""))).Value;
        var open = Assert.Single(Assert.IsType<TariffInvalid>((await PublishAsync(draft)).Error).Problems);
        Assert.Equal(("/rules/0/per", "rule.afresh"), (open.Path, open.Code));
        await SaveAsync(id, PerEntry("Square", 3));
        Assert.True((await PublishAsync(draft)).Ok);
    }

    [Fact]
    public async Task A_version_prices_entries_from_its_instant_on_and_never_the_past()
    {
        var id = await PublishedAsync("Square");
        Assert.True((await AssignAsync(id, City.North.Id)).Ok);
        var second = (await SaveAsync(id, PerEntry("Square", 4))).Value;
        Assert.IsType<EffectiveInThePast>((await PublishAsync(second, Now.AddSeconds(-1))).Error);
        Assert.True((await PublishAsync(second, Now.AddDays(1))).Ok);
        var third = (await SaveAsync(id, PerEntry("Square", 5))).Value;
        Assert.True((await PublishAsync(third, Now.AddDays(1))).Ok); // takes the place of the second

        await using var s = await City.OpenAsync();
        var table = await platform.Get<TariffsInForce>().ForLotsAsync(s, [City.North.Id], Ct);
        var first = (await VersionsAsync(id))[0].Id;
        var before = (await s.Db.Set<TariffPlan>().SingleAsync(t => t.Name == "Test", Ct)).Id;
        Assert.Equal((await VersionsAsync(before))[0].Id, table.VersionAt(City.North.Id, Now.AddSeconds(-1)));
        Assert.Equal(first, table.VersionAt(City.North.Id, Now));
        Assert.Equal(first, table.VersionAt(City.North.Id, Now.AddDays(1).AddSeconds(-1)));
        Assert.Equal(third, table.VersionAt(City.North.Id, Now.AddDays(1)));
    }

    [Fact]
    public async Task A_lot_gets_what_is_in_force_and_only_a_lot_within_reach()
    {
        var id = (await AddAsync("Square")).Value;
        var draft = (await VersionsAsync(id))[0].Id;
        Assert.IsType<TariffNotInForce>((await AssignAsync(id, City.North.Id)).Error);
        await PublishAsync(draft, Now.AddHours(1));
        Assert.IsType<TariffNotInForce>((await AssignAsync(id, City.North.Id)).Error);
        platform.Clock.Advance(TimeSpan.FromHours(1));

        var north = City.RestrictedTo(City.North, TariffPermissions.Assign);
        Assert.True((await AssignAsync(id, City.North.Id, north)).Ok);
        Assert.Equal("not-found lot", Said((await AssignAsync(id, City.South.Id, north)).Error));
        Assert.Equal("not-found lot", Said((await AssignAsync(id, platform.Beta.North.Id)).Error));
        Assert.Equal("not-found tariff", Said((await AssignAsync(id, platform.Beta.North.Id, platform.Beta.User(TariffPermissions.Assign))).Error));
        await using var s = await City.OpenAsync();
        var assigned = await s.Db.Set<LotTariff>().Where(a => a.UsedUntil == null).ToDictionaryAsync(a => a.LotId, a => a.TariffId, Ct);
        Assert.Equal(id, assigned[City.North.Id]);
        Assert.NotEqual(id, assigned[City.South.Id]);
    }

    [Fact]
    public async Task Which_tariff_a_lot_used_when_is_kept_and_prices_what_is_told_late()
    {
        var id = await PublishedAsync("Square");
        platform.Clock.Advance(TimeSpan.FromHours(1));
        var changed = Now;
        Assert.True((await AssignAsync(id, City.North.Id)).Ok);
        Assert.True((await AssignAsync(id, City.North.Id)).Ok); // a second click is the same assignment

        await using var s = await City.OpenAsync();
        var test = (await s.Db.Set<TariffPlan>().SingleAsync(t => t.Name == "Test", Ct)).Id;
        var uses = await s.Db.Set<LotTariff>().AsNoTracking().Where(a => a.LotId == City.North.Id).OrderBy(a => a.UsedFrom).ToListAsync(Ct);
        Assert.Equal([(test, changed, null), (id, null, "user")], uses.Select(a => (a.TariffId, a.UsedUntil, a.AssignedBy)));
        Assert.Equal(changed, uses[1].UsedFrom);

        var table = await platform.Get<TariffsInForce>().ForLotsAsync(s, [City.North.Id], Ct);
        Assert.Equal((await VersionsAsync(test))[0].Id, table.VersionAt(City.North.Id, changed.AddMinutes(-1)));
        Assert.Equal((await VersionsAsync(id))[0].Id, table.VersionAt(City.North.Id, changed));
    }

    [Fact]
    public async Task A_tariff_is_retired_once_no_lot_uses_it_and_then_stays_so()
    {
        var id = await PublishedAsync("Square");
        await using var s = await City.OpenAsync();
        var test = (await s.Db.Set<TariffPlan>().SingleAsync(t => t.Name == "Test", Ct)).Id;
        Assert.Equal("tariffs.still-used Test 2", Said((await RetireAsync(test)).Error));
        await AssignAsync(id, City.North.Id);
        await AssignAsync(id, City.South.Id);
        Assert.True((await RetireAsync(test)).Ok);
        Assert.Equal("not-found tariff", Said((await AssignAsync(test, City.North.Id)).Error));
        Assert.Equal("not-found tariff", Said((await SaveAsync(test, PerEntry("Test", 1))).Error));
        Assert.Equal("not-found tariff", Said((await RetireAsync(test)).Error));
        Assert.Single(await VersionsAsync(test));
    }

    [Fact]
    public async Task Who_sees_one_lot_or_only_looks_changes_no_tariff()
    {
        var id = (await AddAsync("Square")).Value;
        var draft = (await VersionsAsync(id))[0];
        var north = City.RestrictedTo(City.North, TariffPermissions.Manage);
        Assert.IsType<TariffsAreTheCitys>((await AddAsync("Other", actor: north)).Error);
        Assert.IsType<TariffsAreTheCitys>((await SaveAsync(id, PerEntry("Square", 1), north)).Error);
        Assert.IsType<TariffsAreTheCitys>((await PublishAsync(draft.Id, actor: north)).Error);
        Assert.IsType<TariffsAreTheCitys>((await RetireAsync(id, north)).Error);

        var viewer = City.User(TariffPermissions.View);
        await Assert.ThrowsAsync<AccessDeniedException>(() => AddAsync("Other", actor: viewer));
        await Assert.ThrowsAsync<AccessDeniedException>(() => SaveAsync(id, PerEntry("Square", 1), viewer));
        await Assert.ThrowsAsync<AccessDeniedException>(() => PublishAsync(draft.Id, actor: viewer));
        await Assert.ThrowsAsync<AccessDeniedException>(() => AssignAsync(id, City.North.Id, viewer));
        await Assert.ThrowsAsync<AccessDeniedException>(() => RetireAsync(id, viewer));
        Assert.Equivalent(draft, Assert.Single(await VersionsAsync(id)));

        var foreign = platform.Beta.User(TariffPermissions.Manage);
        Assert.Equal("not-found tariff", Said((await SaveAsync(id, PerEntry("Square", 1), foreign)).Error));
        Assert.Equal("not-found tariff", Said((await PublishAsync(draft.Id, actor: foreign)).Error));
    }
}
