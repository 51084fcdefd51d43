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

    /// <summary>See owners, with their numbers masked: all of the city's, or those whose cars have been in lots within reach.</summary>
    public const string ViewOwners = "owners.view";

    /// <summary>See their whole numbers.</summary>
    public const string ViewPhones = "owners.phones";

    /// <summary>Enter, change and erase owners, who are the city's.</summary>
    public const string ManageOwners = "owners.manage";
}
