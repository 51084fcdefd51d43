namespace ParkingSaaS.Core.Vehicles;

public static class VehiclePermissions
{
    /// <summary>See the lists of plates, and cars that do not move.</summary>
    public const string ViewLists = "lists.view";

    /// <summary>Put plates on lists for lots within reach, and take them off. For the whole city it takes somebody who sees all of it.</summary>
    public const string ManageLists = "lists.manage";

    /// <summary>See groups of plates and which cars are in them.</summary>
    public const string ViewGroups = "groups.view";

    /// <summary>Enter and change groups of plates, which are the city's.</summary>
    public const string ManageGroups = "groups.manage";

    /// <summary>See owners, with their numbers masked: all of the city's, or those whose cars a device saw in lots within reach.</summary>
    public const string ViewOwners = "owners.view";

    /// <summary>See whole telephone numbers, of owners and of those who hold passes.</summary>
    public const string ViewPhones = "owners.phones";

    /// <summary>Enter, change and erase owners, who are the city's.</summary>
    public const string ManageOwners = "owners.manage";
}
