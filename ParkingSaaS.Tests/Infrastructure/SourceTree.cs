using System.Runtime.CompilerServices;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>The files that the tests were built from, for tests that read code and documents.</summary>
public static class SourceTree
{
    static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../.."));

    /// <summary>A file or folder by its path from the root of the repository; the root without one.</summary>
    public static string At(string path = "") => Path.Combine(Root, path);

    static string Here([CallerFilePath] string path = "") => path;
}
