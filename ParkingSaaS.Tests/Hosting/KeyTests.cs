using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>The key of the installation, from the setting and from the data directory.</summary>
public sealed class KeyTests(Cluster cluster) : IDisposable
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly string data = Directory.CreateTempSubdirectory("parking-key-").FullName;

    string KeyPath => Path.Combine(data, "key");

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task The_first_start_makes_it_for_its_owner_only_and_later_ones_read_it()
    {
        var first = await KeyFile.ReadAsync(data, Ct);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Equal(first.Reveal(), (await KeyFile.ReadAsync(data, Ct)).Reveal());
        Assert.Equal(first.Reveal(), await File.ReadAllTextAsync(KeyPath, Ct));
        Assert.Equal([KeyPath], Directory.GetFileSystemEntries(data));
    }

    [Fact]
    public async Task One_that_others_may_read_or_that_is_none_is_refused()
    {
        await KeyFile.ReadAsync(data, Ct);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", (await Assert.ThrowsAsync<StartUpException>(() => KeyFile.ReadAsync(data, Ct))).Message);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(KeyPath, "c2hvcnQ=", Ct);
        Assert.Contains("holds no key", (await Assert.ThrowsAsync<StartUpException>(() => KeyFile.ReadAsync(data, Ct))).Message);
    }

    [Theory]
    [InlineData("c2hvcnQ=")]
    [InlineData("not Base64 at all")]
    public async Task A_setting_that_is_no_key_stops_the_start(string key)
    {
        var refused = await Assert.ThrowsAsync<StartUpException>(
            () => ParkingHost.StartAsync(["--environment=Test", $"--Data={data}", "--Key=" + key], null, Ct));
        Assert.Contains("Key is 32 bytes", refused.Message);
        Assert.DoesNotContain(key, refused.Message);
    }

    [Fact]
    public async Task A_node_with_another_key_does_not_start_and_spoils_nothing()
    {
        await using var platform = await cluster.NewPlatformAsync();
        await using (await WebHost.StartAsync(platform, Ct))
        {
            // The program protects a cookie: then there is a key to be sealed.
        }
        await using (var db = platform.Get<ControlDatabase>().Open())
            Assert.All(await db.Set<ProtectionKey>().ToListAsync(Ct), k => Assert.DoesNotContain("<", k.Xml));
        var refused = await Assert.ThrowsAsync<StartUpException>(() => WebHost.StartAsync(platform, Ct, null, "--Key=" + MasterKey.Generate().Reveal()));
        Assert.Contains("is not the one that", refused.Message);
        await using var again = await WebHost.StartAsync(platform, Ct);
        Assert.DoesNotContain(again.Logs.Lines, l => l.Contains(cluster.Key.Reveal()));
    }
}
