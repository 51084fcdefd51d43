using System.Text;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Devices.Simulator;

namespace ParkingSaaS.Web.Demo;

/// <summary>Raw messages of the demo's devices, as they would have been kept.</summary>
static class DemoMessage
{
    /// <summary>How sure cameras are, 0 to 1.</summary>
    public const double Confidence = SimulatedMessage.Confidence;

    /// <summary>What a camera or a berth's sensor said of a car.</summary>
    /// <param name="entering">It came, or its berth is occupied.</param>
    /// <param name="plate">As read; null when none was.</param>
    public static DeviceMessage Of(Device device, bool entering, DateTimeOffset at, string? plate, PlateColour colour)
    {
        var (row, arrived) = (Guid.CreateVersion7(at), at.AddMilliseconds(350));
        var id = row.ToString("N");
        var berth = device.Kind is DeviceKind.BerthSensor;
        var message = berth
            ? SimulatedMessage.Berth(device.Name, id, entering, plate, at, replay: false)
            : SimulatedMessage.Passage(device.Dialect, device.Name, id, plate, $"{colour}".ToLowerInvariant(), at, replay: false, arrived);
        return new DeviceMessage
        {
            Id = row,
            LotId = device.LotId,
            DeviceId = device.Id,
            MessageId = id,
            Kind = berth ? "berth" : "passage",
            Topic = message.Topic,
            Payload = Encoding.UTF8.GetString(message.Payload),
            ReceivedAt = arrived
        };
    }
}
