using Microsoft.Extensions.DependencyInjection;

namespace ParkingSaaS.Core.Accounts;

/// <summary>The roles that come with the product. What each may do is said by the slices, through
/// <see cref="RolesSetup.AddPermission"/>.</summary>
public static class Roles
{
    /// <summary>Administrator of the platform; lives in the control database and sees no city's data.</summary>
    public const string Platform = "platform";

    /// <summary>Administrator of a city.</summary>
    public const string City = "city";

    /// <summary>Administrator of a district: an area and what is under it.</summary>
    public const string District = "district";

    /// <summary>Administrator of a company that operates lots; manages its sub-accounts.</summary>
    public const string Company = "company";

    /// <summary>Sub-account of a company: looks, changes little.</summary>
    public const string Staff = "staff";

    /// <summary>On duty in a booth, takes cash.</summary>
    public const string Attendant = "attendant";

    /// <summary>The roles a city's account can have.</summary>
    public static readonly IReadOnlyList<string> InCity = [City, District, Company, Staff, Attendant];
}

/// <summary>One permission and the roles that hold it.</summary>
public sealed record PermissionGrant(string Permission, IReadOnlyList<string> Roles);

/// <summary>All permissions of the installed slices, by role.</summary>
public sealed class RoleCatalogue(IEnumerable<PermissionGrant> grants)
{
    readonly Dictionary<string, IReadOnlySet<string>> byRole = grants
        .SelectMany(g => g.Roles.Select(role => (role, g.Permission)))
        .GroupBy(x => x.role, x => x.Permission)
        .ToDictionary(g => g.Key, g => (IReadOnlySet<string>)g.ToHashSet());

    /// <summary>All permission codes, slice by slice.</summary>
    public IReadOnlyList<string> Permissions { get; } = [.. grants.Select(g => g.Permission).Distinct()];

    /// <summary>The permission codes of a role; none for a role that does not exist.</summary>
    public IReadOnlySet<string> PermissionsOf(string role) => byRole.GetValueOrDefault(role) ?? new HashSet<string>();
}

/// <summary>How a slice brings its permissions.</summary>
public static class RolesSetup
{
    /// <summary>Declares a permission and who holds it.</summary>
    public static IServiceCollection AddPermission(this IServiceCollection services, string permission, params string[] roles) =>
        services.AddSingleton(new PermissionGrant(permission, roles));
}
