namespace ParkingSaaS.Core.Files;

/// <summary>Files in a directory of this node.</summary>
/// <param name="root">The directory, an absolute path; made with the first file.</param>
public sealed class DiskFiles(string root) : IFileStore
{
    /// <summary>What is not yet a whole file ends so.</summary>
    const string Unfinished = ".new";

    /// <inheritdoc/>
    public Task SaveAsync(string key, ReadOnlyMemory<byte> content, CancellationToken ct) => TryAsync(async () =>
    {
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            await using (var file = new FileStream(path + Unfinished, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
            }))
            {
                await file.WriteAsync(content, ct);
                file.Flush(flushToDisk: true);
            }
            File.Move(path + Unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(path + Unfinished);
            throw;
        }
        return true;
    });

    /// <inheritdoc/>
    public Task<byte[]?> ReadAsync(string key, CancellationToken ct) => TryAsync<byte[]?>(async () =>
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(key), ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken ct) => TryAsync(() =>
    {
        if (File.Exists(PathOf(key)))
            File.Delete(PathOf(key));
        return Task.FromResult(true);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FoldersAsync(string folder, CancellationToken ct) => TryAsync(() => Task.FromResult<IReadOnlyList<string>>(
        Directory.Exists(PathOf(folder)) ? [.. Directory.EnumerateDirectories(PathOf(folder)).Select(d => Path.GetFileName(d))] : []));

    /// <inheritdoc/>
    public Task DeleteFolderAsync(string folder, CancellationToken ct) => TryAsync(() =>
    {
        if (Directory.Exists(PathOf(folder)))
            Directory.Delete(PathOf(folder), recursive: true);
        return Task.FromResult(true);
    });

    string PathOf(string key) => Path.Combine(root, key);

    static async Task<T> TryAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileStoreException(e);
        }
    }
}
