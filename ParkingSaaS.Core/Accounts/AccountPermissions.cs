namespace ParkingSaaS.Core.Accounts;

/// <summary>The rights that this slice checks.</summary>
public static class AccountPermissions
{
    /// <summary>See and change accounts within reach.</summary>
    public const string ManageUsers = "accounts.manage";

    /// <summary>Add and revoke partners' API clients.</summary>
    public const string ManageClients = "clients.manage";
}
