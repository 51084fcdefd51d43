using System.Text.RegularExpressions;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Structure;

/// <summary>No tool of the build holds what <c>.editorconfig</c> says of the length of lines.</summary>
public sealed partial class LineTests
{
    /// <summary>A text that is a key as a whole cannot be broken.</summary>
    [GeneratedRegex("\"[^\"]{120,}\"")]
    private static partial Regex LongText { get; }

    [Fact]
    public void No_line_is_longer_than_agreed()
    {
        var agreed = File.ReadLines(SourceTree.At(".editorconfig")).Single(l => l.StartsWith("max_line_length", StringComparison.Ordinal));
        var most = int.Parse(agreed.Split('=')[1]);
        Assert.Empty(
            from project in Directory.GetDirectories(SourceTree.At(), "ParkingSaaS.*")
            from file in Directory.GetFiles(project, "*.*", SearchOption.AllDirectories)
            where Path.GetExtension(file) is ".cs" or ".razor" && !file.Contains("/obj/") && !file.Contains("/bin/") && !file.Contains("/Migrations/")
            from line in File.ReadLines(file).Index()
            where line.Item.Length > most && !LongText.IsMatch(line.Item)
            select $"{Path.GetRelativePath(SourceTree.At(), file)}:{line.Index + 1} has {line.Item.Length}");
    }
}
