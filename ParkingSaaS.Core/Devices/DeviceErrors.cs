using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Devices;

/// <summary>A device of this kind, or in this place, cannot do that.</summary>
public sealed record CannotDo(string Device) : Error("devices.cannot-do", Device);
