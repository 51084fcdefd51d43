namespace ParkingSaaS.Core.Vehicles;

/// <summary>The rights that this slice checks.</summary>
public static class VehiclePermissions
{
    /// <summary>See the lists of plates, and cars that do not move.</summary>
    public const string ViewLists = "lists.view";

    /// <summary>Put plates on lists for lots within reach, and take them off. For the whole city it takes somebody who sees all of it.</summary>
    public const string ManageLists = "lists.manage";

    /// <summary>Enter and change groups of plates, which are the city's.</summary>
    public const string ManageGroups = "groups.manage";
}
