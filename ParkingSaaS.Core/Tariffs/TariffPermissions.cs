namespace ParkingSaaS.Core.Tariffs;

/// <summary>The rights that this slice checks. Prices are published by the city, so only its own people change them; a district says
/// which of them its lots use; companies look.</summary>
public static class TariffPermissions
{
    /// <summary>See tariffs, their versions, and which lots within reach use them; try them.</summary>
    public const string View = "tariffs.view";

    /// <summary>Add, change, publish and retire the city's tariffs. Takes somebody who sees the whole city.</summary>
    public const string Manage = "tariffs.manage";

    /// <summary>Say which tariff a lot within reach uses.</summary>
    public const string Assign = "tariffs.assign";
}
