namespace ParkingSaaS.Core.Imports;

/// <summary>What an empty cell of a file means for what is there already.</summary>
public enum EmptyCells
{
    /// <summary>What is there stays.</summary>
    Keep,

    /// <summary>What is there goes, where it may be left out.</summary>
    Clear
}

/// <summary>A table that somebody hands over: a heading, and a row for each thing.</summary>
/// <param name="Text">A <see cref="Common.TextTable"/>, at most <see cref="TableImport.MaxLength"/> characters.</param>
/// <param name="Words">What people call the text of that key in each language of the screens: headings, and words for kinds.</param>
/// <param name="LotId">The lot that it is for: rows name it or none; null where each must name one.</param>
/// <param name="Empty">What empty cells mean. What the file has no column for always stays.</param>
public sealed record ImportFile(string? Text, Func<string, IReadOnlyList<string>> Words, Guid? LotId = null, EmptyCells Empty = EmptyCells.Keep)
{
    /// <summary>Where all of it holds, for <see cref="TableImport.InLots"/>: at least one lot; null for the whole city.</summary>
    public IReadOnlyList<Guid>? LotIds { get; init; }
}
