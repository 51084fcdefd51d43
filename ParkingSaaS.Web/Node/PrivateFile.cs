namespace ParkingSaaS.Web.Node;

/// <summary>Files with secrets in them.</summary>
static class PrivateFile
{
    /// <summary>Writes a file that only its owner may read. It appears whole or not at all.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken ct) =>
        File.Move(await WriteAsideAsync(path, text, ct), path, overwrite: true);

    /// <summary>Like <see cref="WriteAsync"/>, but where the file is there already, written meanwhile by somebody else, it stays.</summary>
    public static async Task WriteNewAsync(string path, string text, CancellationToken ct)
    {
        var fresh = await WriteAsideAsync(path, text, ct);
        try
        {
            File.Move(fresh, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(fresh);
        }
    }

    static async Task<string> WriteAsideAsync(string path, string text, CancellationToken ct)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        await using (var stream = new FileStream(fresh, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
        }))
        await using (var writer = new StreamWriter(stream))
            await writer.WriteAsync(text.AsMemory(), ct);
        return fresh;
    }
}
