namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>Somebody who gets a part of what lots take in: who owns the ground, who operates the lot, the city's treasury.</summary>
public sealed class Party
{
    public const int MaxText = 64;

    public required Guid Id { get; init; }

    /// <summary>Unique in the city.</summary>
    public string Name { get; set; } = "";

    /// <summary>In whose name the account is.</summary>
    public string AccountHolder { get; set; } = "";

    /// <summary>The bank with its branch.</summary>
    public string Bank { get; set; } = "";

    /// <summary>Digits, without spaces.</summary>
    public string AccountNumber { get; set; } = "";

    /// <summary>Who changed it last.</summary>
    public string ChangedBy { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}
