namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Temporary directories that other users may enter: as root, the database server runs as another user.</summary>
static class Shared
{
    /// <summary>A new, empty one.</summary>
    public static string Directory(string prefix)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory(prefix);
        directory.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead;
        return directory.FullName;
    }
}
