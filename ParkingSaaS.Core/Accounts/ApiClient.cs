using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>A partner's program that signs in with client credentials (RFC 6749, section 4.4).</summary>
public sealed class ApiClient
{
    public required Guid Id { get; init; }

    /// <summary>The public half of the credentials; unique in the city.</summary>
    public required string ClientId { get; init; }

    /// <summary>Salted hash of the secret, as <see cref="Common.Secret"/> writes it.</summary>
    public required string SecretHash { get; set; }

    /// <summary>What it is for, in the administrator's words.</summary>
    public required string Name { get; set; }

    /// <summary>Codes of the permissions that its tokens carry.</summary>
    public required List<string> Permissions { get; set; }

    /// <summary>The company whose data it sees; null for the whole city.</summary>
    public Guid? CompanyId { get; set; }

    /// <summary>Once set, new tokens are refused and issued ones stop working.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The branch that it sees.</summary>
    public Scope Scope => new(null, CompanyId);
}
