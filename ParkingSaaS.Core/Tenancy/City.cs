using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>How far a city has come.</summary>
public enum CityState
{
    /// <summary>Its database is being made.</summary>
    Creating,

    /// <summary>People and devices may sign in.</summary>
    Active,

    /// <summary>Its database could not be made; adding may be tried again.</summary>
    Failed
}

/// <summary>The colour that a city's pages carry: that of links and main buttons, in a light and a dark shade that are easy to read.</summary>
public enum CityAccent
{
    Blue,
    Teal,
    Green,
    Violet,
    Red,
    Orange,
    Slate
}

/// <summary>A city operator hosted here. Its data lies in a database of its own; this row in the control database says where.</summary>
public sealed class City
{
    /// <summary>Lower-case letters, digits and dashes; the first path segment of its pages and the space of its devices.</summary>
    public required string Code { get; init; }

    /// <summary>The name in the language of the city.</summary>
    public required string Name { get; set; }

    public required string NameEn { get; set; }

    /// <summary>IANA time zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Of all its money. It is chosen when the city is added and never changes: amounts are kept in its smallest unit.</summary>
    public required Currency Currency { get; init; }

    /// <summary>A host name that leads straight to this city, or null.</summary>
    public string? HostName { get; set; }

    /// <summary>The colour of its pages, which the city chooses.</summary>
    public CityAccent Accent { get; set; }

    /// <summary>What its cars' plates begin with, one of <see cref="Provinces.All"/>: drivers need not choose it. Null where no province is usual.</summary>
    public string? Province { get; set; }

    /// <summary>The database's name on the server.</summary>
    public required string Database { get; init; }

    public CityState State { get; set; }

    /// <summary>Why it failed, for the platform administrator.</summary>
    public string? Failure { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    CityZone? zone;

    /// <summary>The city's time zone with its rules.</summary>
    public CityZone Zone => zone ??= new CityZone(TimeZone);
}
