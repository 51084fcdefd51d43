namespace ParkingSaaS.Core.Tenancy;

/// <summary>What a branch of the hierarchy sees. Every restriction that is given narrows; none given means the whole city.</summary>
/// <param name="AreaId">The area and all below it.</param>
/// <param name="CompanyId">The lots that this company operates.</param>
/// <param name="LotIds">These lots only; empty means no restriction by lot.</param>
public sealed record Scope(Guid? AreaId = null, Guid? CompanyId = null, params IReadOnlyList<Guid> LotIds)
{
    /// <summary>Everything in the city.</summary>
    public static readonly Scope WholeCity = new();

    /// <summary>True when nothing narrows.</summary>
    public bool IsWholeCity => AreaId is null && CompanyId is null && LotIds.Count == 0;
}

/// <summary>Who acts, in which city, with which rights and over what. Pages, devices and jobs all come through one of these;
/// there is no ambient city.</summary>
public sealed record Actor
{
    Actor(string? city, string kind, string id, string name, IReadOnlySet<string> permissions, Scope scope) =>
        (this.city, Kind, Id, Name, Permissions, Scope) = (city, kind, id, name, permissions, scope);

    readonly string? city;

    /// <summary>The code of the city acted in.</summary>
    /// <exception cref="InvalidOperationException">A platform administrator acts in no city.</exception>
    public string City => city ?? throw new InvalidOperationException("This actor belongs to the platform, not to a city");

    /// <summary>True for one that acts for the platform, in no city.</summary>
    public bool OfPlatform => city is null;

    /// <summary><c>user</c>, <c>client</c>, <c>driver</c>, <c>channel</c>, <c>job</c> or <c>platform</c>.</summary>
    public string Kind { get; }

    /// <summary>The user's or client's id, the channel's code, or the job's name.</summary>
    public string Id { get; }

    /// <summary>The name that operation logs show.</summary>
    public string Name { get; }

    /// <summary>The account of a person who signed in to a city; null for everybody else.</summary>
    public Guid? PersonId => Kind == "user" ? Guid.Parse(Id) : null;

    /// <summary>The branch that this actor sees.</summary>
    public Scope Scope { get; }

    /// <summary>The address that a person acts from, for the security log; null where nobody knows.</summary>
    public string? Address { get; init; }

    /// <summary>The code of the city acted in; null at the platform.</summary>
    public string? CityOrNone => city;

    /// <summary>What the actor may do. There is none that may everything.</summary>
    public IReadOnlySet<string> Permissions { get; }

    public bool May(string permission) => Permissions.Contains(permission);

    /// <summary>A person who signed in to a city.</summary>
    public static Actor User(string city, Guid id, string name, IReadOnlySet<string> permissions, Scope scope) =>
        new(city, "user", id.ToString(), name, permissions, scope);

    /// <summary>A program of a partner that holds an access token.</summary>
    public static Actor Client(string city, string clientId, IReadOnlySet<string> permissions, Scope scope) =>
        new(city, "client", clientId, clientId, permissions, scope);

    /// <summary>A driver on the phone page: nobody signed in, so only what those permissions name.</summary>
    public static Actor Driver(string city, params string[] permissions) =>
        new(city, "driver", "driver", "driver", permissions.ToHashSet(), Scope.WholeCity);

    /// <summary>A payment channel that calls back.</summary>
    public static Actor Channel(string city, string code, params string[] permissions) =>
        new(city, "channel", code, code, permissions.ToHashSet(), Scope.WholeCity);

    /// <summary>A part of the program, named after what it does. Each is made in one place, which says what it may.</summary>
    public static Actor Job(string city, string name, params string[] permissions) =>
        new(city, "job", name, name, permissions.ToHashSet(), Scope.WholeCity);

    /// <summary>A platform administrator: adds cities, and sees the data of none.</summary>
    public static Actor Platform(Guid id, string name) =>
        new(null, "platform", id.ToString(), name, new HashSet<string> { TenancyPermissions.ManageCities }, Scope.WholeCity);

    /// <summary>A part of the program that works in the control database.</summary>
    public static Actor PlatformJob(string name, params string[] permissions) =>
        new(null, "job", name, name, permissions.ToHashSet(), Scope.WholeCity);
}

/// <summary>The rights that this slice checks. A permission is a code <c>slice.verb</c>; each slice lists its own.</summary>
public static class TenancyPermissions
{
    /// <summary>Add a city and see how far it came.</summary>
    public const string ManageCities = "cities.manage";

    /// <summary>Choose how the own city's pages look.</summary>
    public const string ChangeLook = "cities.look";

    /// <summary>Make the platform's first administrator. Held by the program itself.</summary>
    public const string FirstAdministrator = "platform.first-administrator";
}

/// <summary>The actor lacks a permission. Screens hide what cannot be done, so this means a forged request or a fault.</summary>
public sealed class AccessDeniedException(Actor actor, string permission)
    : Exception($"{actor.Kind} {actor.Id} lacks {permission}")
{
    public string Permission => permission;
}
