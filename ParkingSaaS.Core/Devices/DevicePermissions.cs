namespace ParkingSaaS.Core.Devices;

/// <summary>The rights that this slice checks.</summary>
public static class DevicePermissions
{
    /// <summary>See devices, their state and their raw messages.</summary>
    public const string View = "devices.view";

    /// <summary>Add, rebind and retire devices, and renew their secrets.</summary>
    public const string Manage = "devices.manage";

    /// <summary>Send commands by hand.</summary>
    public const string Command = "devices.command";
}
