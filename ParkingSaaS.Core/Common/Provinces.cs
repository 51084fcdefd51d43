namespace ParkingSaaS.Core.Common;

/// <summary>The characters that plates of the mainland begin with, one for each province (GA 36-2018).</summary>
public static class Provinces
{
    public const string All = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

    /// <summary>The same, to choose from.</summary>
    public static readonly IReadOnlyList<string> Each = [.. All.Select(c => c.ToString())];

    /// <summary>Whether the text is one of them and nothing else.</summary>
    public static bool Has(string? text) => text is { Length: 1 } && All.Contains(text);
}
