using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>The way to the devices: the broker inside this program, or one outside. Called after the commit; what is not
/// delivered is sent again while the device is connected, until it expires.</summary>
public interface IDeviceLink
{
    /// <summary>Hands commands over for sending and returns at once.</summary>
    void Send(City city, IReadOnlyList<DeviceCommand> commands);

    /// <summary>Closes a device's connections: what it signed in with no longer holds.</summary>
    void Disconnect(City city, string device);
}
