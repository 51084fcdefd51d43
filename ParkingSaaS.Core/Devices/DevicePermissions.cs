namespace ParkingSaaS.Core.Devices;

public static class DevicePermissions
{
    /// <summary>See devices, their state and their messages.</summary>
    public const string View = "devices.view";

    /// <summary>Add, change and retire devices; renew secrets.</summary>
    public const string Manage = "devices.manage";

    /// <summary>Tell a device by hand to do something.</summary>
    public const string Command = "devices.command";

    /// <summary>Correct messages that were refused, and have them processed again.</summary>
    public const string Replay = "devices.replay";

    /// <summary>Sign devices in and keep their state. Held by the program itself.</summary>
    public const string Connect = "devices.connect";

    /// <summary>Record what devices report. Held by the program itself.</summary>
    public const string Record = "devices.record";

    /// <summary>Delete pictures whose time is over. Held by the program itself.</summary>
    public const string ExpirePictures = "devices.expire-pictures";
}
