using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.Tests.Storage;

public sealed class MigrationTests(Cluster cluster)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void No_change_of_a_model_lacks_its_migration()
    {
        using var city = new CityDb(new DbContextOptionsBuilder<CityDb>().UsePostgres().Options);
        using var control = new ControlDb(new DbContextOptionsBuilder<ControlDb>().UsePostgres().Options);
        Assert.False(city.Database.HasPendingModelChanges());
        Assert.False(control.Database.HasPendingModelChanges());
    }

    /// <summary>As databases were before their migrations became one, and as another line of them would be.</summary>
    [Theory]
    [InlineData("ALTER TABLE \"__EFMigrationsHistory\" RENAME COLUMN migration_id TO \"MigrationId\"")]
    [InlineData("UPDATE \"__EFMigrationsHistory\" SET migration_id = '20261121040955_Initial'")]
    public async Task Tables_of_an_older_version_are_refused_with_a_word_and_stay_as_they_are(string older)
    {
        await using var platform = await cluster.NewPlatformAsync();
        var city = platform.Get<CityDirectory>().Get("alpha");
        await ExecuteAsync(platform.ControlConnectionString, older);
        await ExecuteAsync(cluster.SetupConnectionString(city.Database), older);
        var before = await cluster.ContentsAsync(city.Database);
        string[] refused =
        [
            (await Assert.ThrowsAsync<OtherTablesException>(() => platform.Get<ControlDatabase>().MigrateAsync(NullLogger.Instance, Ct))).Message,
            (await Assert.ThrowsAsync<OtherTablesException>(() => platform.Get<CityDatabases>().MigrateAsync(city.Database, Ct))).Message
        ];
        Assert.All(refused, message => Assert.Contains("was made by an older version", message));
        Assert.Equal(before, await cluster.ContentsAsync(city.Database));
    }

    /// <summary>The one migration of today may have said something else yesterday, under the same name.</summary>
    [Theory]
    [InlineData("ALTER TABLE alarms DROP COLUMN note", "lacks alarms.note ")]
    [InlineData("ALTER TABLE alarms ADD COLUMN colour text", "has alarms.colour text")]
    [InlineData("ALTER TABLE alarms ALTER COLUMN value TYPE integer", "has alarms.value integer")]
    [InlineData("DROP TABLE name_translations", "lacks name_translations.")]
    public async Task A_city_with_other_tables_is_not_served_and_the_others_are(string older, string why)
    {
        await using var platform = await cluster.NewPlatformAsync();
        await ExecuteAsync(cluster.SetupConnectionString(platform.Get<CityDirectory>().Get("alpha").Database), older);
        await using var web = await WebHost.StartAsync(platform, Ct);
        Assert.Contains(why, Assert.Single(web.Get<CityDirectory>().Refused, r => r.Key == "alpha").Value);
        Assert.Equal(["beta"], web.Get<CityDirectory>().Active.Select(c => c.Code));
        using var browser = web.Browser();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.GetAsync("/alpha/account/sign-in", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/beta/account/sign-in", Ct)).StatusCode);
        var ready = await browser.GetAsync("/health/ready", Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("\"alpha\":\"other-tables\",\"beta\":\"ok\"", await ready.Content.ReadAsStringAsync(Ct));
        var said = new StringWriter();
        web.Get<StartBlock>().Write(said);
        Assert.Contains(why, said.ToString());
    }

    /// <summary>What is not served of a city is not the platform's either.</summary>
    [Fact]
    public async Task Addresses_of_a_city_that_is_not_served_say_why_in_the_readers_language()
    {
        await using var platform = await cluster.NewPlatformAsync();
        await ExecuteAsync(cluster.SetupConnectionString(platform.Get<CityDirectory>().Get("alpha").Database), "ALTER TABLE alarms DROP COLUMN note");
        await ExecuteAsync(platform.ControlConnectionString, "UPDATE cities SET host_name = 'alpha.test' WHERE code = 'alpha'");
        await using var web = await WebHost.StartAsync(platform, Ct);
        using var browser = web.Browser();
        foreach (var (host, path) in new (string?, string)[]
        {
            (null, "/alpha/"), (null, "/alpha/account/sign-in"), (null, "/alpha/cities"), (null, "/alpha/nothing"), (null, "/alpha/platform/cities"),
            ("alpha.test", "/"), ("alpha.test", "/account/sign-in"), ("alpha.test", "/beta/")
        })
        {
            await SaysAsync(host, path, "en", "alpha: Another version of the program made its tables.");
            await SaysAsync(host, path, "zh-CN", "该城市的表结构由程序的另一版本生成。");
        }
        using var program = await browser.PostAsync("/alpha/api/v1/token", null, Ct);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (program.StatusCode, program.Content.Headers.ContentType?.MediaType));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.PostAsync("/alpha/_blazor/negotiate", null, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/alpha/app.css", Ct)).StatusCode);
        Assert.Equal("/alpha/account/sign-in", (await browser.GetAsync("/alpha/language/en?back=account/sign-in", Ct)).Headers.Location?.OriginalString);

        async Task SaysAsync(string? host, string path, string language, string words)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            ask.Headers.AcceptLanguage.ParseAdd(language);
            using var answer = await browser.SendAsync(ask, Ct);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, path), (answer.StatusCode, path));
            var page = await WebHost.PageAsync(answer, Ct);
            Assert.Contains(words, page.QuerySelector(".plain-card")!.TextContent);
            Assert.DoesNotContain("alarms", page.Source.Text);
            Assert.Equal(host is null ? "/cities" : null, page.QuerySelector(".plain-card a")?.GetAttribute("href")); // its own start says the same again
        }
    }

    [Fact]
    public async Task A_control_database_with_other_tables_ends_the_start()
    {
        await using var platform = await cluster.NewPlatformAsync();
        await ExecuteAsync(platform.ControlConnectionString, "ALTER TABLE cities DROP COLUMN host_name");
        Assert.Contains("(lacks cities.host_name ", (await Assert.ThrowsAsync<OtherTablesException>(
            () => platform.Get<ControlDatabase>().MigrateAsync(NullLogger.Instance, Ct))).Message);
    }

    static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
