using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ParkingSaaS.Tests.Structure;

/// <summary>No tool of the build holds what <c>.editorconfig</c> says of the length of lines.</summary>
public sealed partial class LineTests
{
    /// <summary>A text that is a key as a whole cannot be broken.</summary>
    [GeneratedRegex("\"[^\"]{120,}\"")]
    private static partial Regex LongText { get; }

    static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));

    [Fact]
    public void No_line_is_longer_than_agreed()
    {
        var agreed = File.ReadLines(Path.Combine(Root(), ".editorconfig")).Single(l => l.StartsWith("max_line_length", StringComparison.Ordinal));
        var most = int.Parse(agreed.Split('=')[1]);
        Assert.Empty(
            from project in Directory.GetDirectories(Root(), "ParkingSaaS.*")
            from file in Directory.GetFiles(project, "*.*", SearchOption.AllDirectories)
            where Path.GetExtension(file) is ".cs" or ".razor" && !file.Contains("/obj/") && !file.Contains("/bin/") && !file.Contains("/Migrations/")
            from line in File.ReadLines(file).Index()
            where line.Item.Length > most && !LongText.IsMatch(line.Item)
            select $"{Path.GetRelativePath(Root(), file)}:{line.Index + 1} has {line.Item.Length}");
    }
}
