using ParkingSaaS.Core.Files;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Files;

/// <summary>What both stores keep to.</summary>
public abstract class FileStoreTests : IAsyncLifetime
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected IFileStore Store { get; set; } = null!;

    /// <summary>All keys that there are.</summary>
    protected abstract IEnumerable<string> Keys { get; }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    Task SaveAsync(params IEnumerable<string> keys) => Task.WhenAll(keys.Select(k => Store.SaveAsync(k, new byte[] { 1, 2 }, Ct)));

    [Fact]
    public async Task A_file_is_kept_as_it_is_until_it_is_deleted()
    {
        var content = Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31)).ToArray();
        await Store.SaveAsync("alpha/pictures/2026-11-21/a", content, Ct);
        await Store.SaveAsync("alpha/pictures/2026-11-21/a", content, Ct);
        Assert.Equal(content, await Store.ReadAsync("alpha/pictures/2026-11-21/a", Ct));
        Assert.Null(await Store.ReadAsync("alpha/pictures/2026-11-21/b", Ct));
        Assert.Null(await Store.ReadAsync("beta/pictures/2026-11-21/a", Ct));
        Assert.Equal(["alpha/pictures/2026-11-21/a"], Keys);
        for (var i = 0; i < 2; i++)
            await Store.DeleteAsync("alpha/pictures/2026-11-21/a", Ct);
        Assert.Empty(Keys);
    }

    [Fact]
    public async Task Folders_are_named_and_go_with_what_lies_in_them_and_nothing_else()
    {
        Assert.Empty(await Store.FoldersAsync("alpha/pictures", Ct));
        await Store.DeleteFolderAsync("alpha/pictures/2026-11-21", Ct);
        string[] days = ["2026-11-20", "2026-11-21", "2026-11-22"];
        await SaveAsync(days.SelectMany(d => new[] { "a", "b", "c", "d", "e" }.Select(f => $"alpha/pictures/{d}/{f}")));
        await SaveAsync("alpha/pictures/2026-11-2/a", "beta/pictures/2026-11-19/a");
        Assert.Equal(["2026-11-2", .. days], (await Store.FoldersAsync("alpha/pictures", Ct)).Order(StringComparer.Ordinal));
        await Store.DeleteFolderAsync("alpha/pictures/2026-11-2", Ct);
        await Store.DeleteFolderAsync("alpha/pictures/2026-11-21", Ct);
        Assert.Equal(["2026-11-20", "2026-11-22"], (await Store.FoldersAsync("alpha/pictures", Ct)).Order(StringComparer.Ordinal));
        Assert.Equal(11, Keys.Count());
    }
}

/// <summary>On this node's disk.</summary>
public sealed class DiskFilesTests : FileStoreTests
{
    readonly string root = Directory.CreateTempSubdirectory("parking-files-").FullName;

    protected override IEnumerable<string> Keys => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f));

    public override ValueTask InitializeAsync()
    {
        Store = new DiskFiles(root);
        return default;
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task What_could_not_be_written_whole_leaves_nothing()
    {
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.SaveAsync("alpha/a", new byte[1 << 20], given.Token));
        Assert.Empty(Keys);
    }

    [Fact]
    public async Task Where_there_is_no_directory_the_store_says_so()
    {
        await Store.SaveAsync("file", new byte[1], Ct);
        var below = new DiskFiles(Path.Combine(root, "file"));
        await Assert.ThrowsAsync<FileStoreException>(() => below.SaveAsync("a", new byte[1], Ct));
    }

    [Fact]
    public async Task Only_its_owner_may_read_a_file()
    {
        await Store.SaveAsync("alpha/a", new byte[1], Ct);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(root, "alpha/a")));
    }
}

/// <summary>In a store that speaks S3, over the wire.</summary>
public sealed class S3FilesTests : FileStoreTests
{
    FakeS3 server = null!;

    protected override IEnumerable<string> Keys => server.Files.Keys;

    public override async ValueTask InitializeAsync()
    {
        server = await FakeS3.StartAsync();
        Store = new S3Files(server.Place);
    }

    public override async ValueTask DisposeAsync()
    {
        ((S3Files)Store).Dispose();
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_is_refused_and_told_so()
    {
        using var stranger = new S3Files(server.Place with { SecretKey = "guessed" });
        Assert.Contains("SignatureDoesNotMatch", (await Assert.ThrowsAsync<FileStoreException>(() => stranger.SaveAsync("a", new byte[1], Ct))).Message);
        await Assert.ThrowsAsync<FileStoreException>(() => stranger.ReadAsync("a", Ct));
        Assert.Empty(Keys);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_a_fault_and_no_missing_file()
    {
        using var elsewhere = new S3Files(server.Place with { Bucket = "other" });
        await Assert.ThrowsAsync<FileStoreException>(() => elsewhere.ReadAsync("a", Ct));
    }

    [Fact]
    public async Task A_store_that_is_away_says_so()
    {
        using var away = new S3Files(server.Place with { Endpoint = new Uri($"http://127.0.0.1:{Ports.Free()}") });
        await Assert.ThrowsAsync<FileStoreException>(() => away.SaveAsync("a", new byte[1], Ct));
        await Assert.ThrowsAsync<FileStoreException>(() => away.FoldersAsync("a", Ct));
    }
}
