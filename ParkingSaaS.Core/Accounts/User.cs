using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Somebody who signs in: to a city (kept in its database) or, as administrator of the platform, to none (kept in the
/// control database).</summary>
public sealed class User
{
    public required Guid Id { get; init; }

    /// <summary>What they sign in with; unique in the city, whatever the case.</summary>
    public required string UserName { get; set; }

    /// <summary><see cref="UserName"/> as it is compared.</summary>
    public required string NormalizedUserName { get; set; }

    /// <summary>The name that screens and operation logs show.</summary>
    public required string DisplayName { get; set; }

    /// <summary>The code of a role in <see cref="Roles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>Salted and slow, as ASP.NET Core Identity's hasher writes it; null: nobody can sign in.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Somebody else gave it: until it is changed, nothing else can be done.</summary>
    public bool PasswordIsTemporary { get; set; }

    /// <summary>The company whose sub-account this is; null for the city's own people.</summary>
    public Guid? CompanyId { get; set; }

    /// <summary>Restricts to an area and what is under it.</summary>
    public Guid? AreaId { get; set; }

    /// <summary>Restricts to these lots; empty means no such restriction.</summary>
    public List<Guid> LotIds { get; set; } = [];

    /// <summary>Switched off: cannot sign in, and is signed out.</summary>
    public bool Disabled { get; set; }

    /// <summary>The last successful sign-in.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>Of a sign-in and a change of the account at one moment, the second fails.</summary>
    public uint RowVersion { get; set; }

    /// <summary>The branch that this person sees.</summary>
    public Scope Scope => new(AreaId, CompanyId, LotIds);
}
