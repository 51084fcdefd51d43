using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Web.Node;

/// <summary>The installation's key, for one node that was given none by the setting <c>Key</c>: a file in the data directory that only its owner may
/// read, and that is made at the first start.</summary>
static class KeyFile
{
    /// <summary>Where it lies.</summary>
    public static string PathIn(string data) => Path.Combine(data, "key");

    /// <exception cref="StartUpException">Others may read it, or it is none.</exception>
    public static async Task<MasterKey> ReadAsync(string data, CancellationToken ct)
    {
        var path = PathIn(data);
        if (!File.Exists(path))
            await PrivateFile.WriteNewAsync(path, MasterKey.Generate().Reveal(), ct);
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(path) & others) != UnixFileMode.None)
            throw new StartUpException($"The key of this installation may be read by its owner only: chmod 600 {path}");
        return MasterKey.TryParse((await File.ReadAllTextAsync(path, ct)).Trim())
            ?? throw new StartUpException($"{path} holds no key: 32 bytes as Base64 are wanted");
    }
}
