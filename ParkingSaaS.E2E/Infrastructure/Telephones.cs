using System.Text.RegularExpressions;

namespace ParkingSaaS.E2E.Infrastructure;

/// <summary>Whole numbers of mobile telephones, which are for those who may see them.</summary>
public static partial class Telephones
{
    /// <summary>Fails where the page or the file shows one.</summary>
    public static void AssertNoneIsWhole(string text) => Assert.DoesNotMatch(Whole, Id.Replace(text, ""));

    [GeneratedRegex(@"(?<!\d)1[3-9]\d{9}(?!\d)")]
    private static partial Regex Whole { get; }

    /// <summary>Ids are full of digits.</summary>
    [GeneratedRegex(@"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-f]{32}")]
    private static partial Regex Id { get; }
}
