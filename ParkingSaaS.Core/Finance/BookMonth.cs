namespace ParkingSaaS.Core.Finance;

/// <summary>A month of the books that is closed: its days are proven no more and get no further entry. What is put right later stands in the month in which it
/// is put right.</summary>
public sealed class BookMonth
{
    /// <summary>Its first day.</summary>
    public required DateOnly Month { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }

    /// <summary>Who closed it.</summary>
    public required string ClosedBy { get; init; }

    /// <summary>How many entries it has.</summary>
    public required long Entries { get; init; }

    /// <summary>How many differences it was closed with; see <see cref="BookDifferences"/>.</summary>
    public required int Differences { get; init; }

    /// <summary>Why it was closed with differences; empty where it has none.</summary>
    public required string Note { get; init; }
}
