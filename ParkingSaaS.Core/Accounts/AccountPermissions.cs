namespace ParkingSaaS.Core.Accounts;

public static class AccountPermissions
{
    /// <summary>See and change accounts within reach.</summary>
    public const string ManageUsers = "accounts.manage";

    /// <summary>Add and revoke partners' API clients.</summary>
    public const string ManageClients = "clients.manage";

    /// <summary>Save views of lists for oneself.</summary>
    public const string KeepViews = "views.keep";

    /// <summary>Look up the client that shows a secret or a token. Held by the program itself.</summary>
    public const string CheckClients = "clients.check";
}
