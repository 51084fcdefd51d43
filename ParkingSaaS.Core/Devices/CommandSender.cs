using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>The way out of every command, once it is committed.</summary>
public sealed class CommandSender(IDeviceLink link, DeviceMetrics metrics, FaultLog faults)
{
    /// <summary>Hands committed commands to the devices' link. What it does not take stays queued, and is sent by who looks for such.</summary>
    public void Send(City city, IReadOnlyList<DeviceCommand> commands)
    {
        if (commands.Count == 0)
            return;
        try
        {
            link.Send(city, commands);
        }
        catch (Exception e)
        {
            faults.Failed(city.Code, "the sending of commands", e);
        }
        metrics.Commanded(city.Code, commands);
    }
}
