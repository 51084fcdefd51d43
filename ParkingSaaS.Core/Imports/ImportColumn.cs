namespace ParkingSaaS.Core.Imports;

/// <summary>A column of a table that is imported.</summary>
/// <param name="Field">What the use case that does the same by hand calls it.</param>
/// <param name="Title">The key of the text that stands above it.</param>
/// <param name="Required">What is new must have it.</param>
public sealed record ImportColumn(string Field, string Title, bool Required = false)
{
    /// <summary>The lot that a row is about, where it is not the file's.</summary>
    public static readonly ImportColumn Lot = new("LotId", "Lot", Required: true);

    /// <summary>What may stand there, as codes; empty where anything may.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>Before a code it makes the key of the text that people write for it: <c>LotKind.</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>What else may stand above it, as other programs write it.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>A column for the values of an enum.</summary>
    public static ImportColumn Of<T>(string field, bool required = false) where T : struct, Enum =>
        new(field, field, required) { Codes = Enum.GetNames<T>(), Prefix = typeof(T).Name + "." };
}
