namespace ParkingSaaS.Core.Lots;

public static class LotPermissions
{
    /// <summary>See lots, with all that belongs to them, within reach.</summary>
    public const string View = "lots.view";

    /// <summary>Add, change and retire lots, and what belongs to them, within reach.</summary>
    public const string Manage = "lots.manage";

    /// <summary>Add, change and remove areas, roads and groups of lots of the city.</summary>
    public const string ManageAreas = "areas.manage";

    /// <summary>Add, change and retire companies of the city.</summary>
    public const string ManageCompanies = "companies.manage";
}
