namespace ParkingSaaS.Core.Lots;

/// <summary>The rights that this slice checks.</summary>
public static class LotPermissions
{
    /// <summary>See lots, lanes and berths within reach.</summary>
    public const string View = "lots.view";

    /// <summary>Add, change and retire lots, lanes and berths within reach.</summary>
    public const string Manage = "lots.manage";

    /// <summary>Add, change and remove areas of the city.</summary>
    public const string ManageAreas = "areas.manage";

    /// <summary>Add, change and retire companies of the city.</summary>
    public const string ManageCompanies = "companies.manage";
}
