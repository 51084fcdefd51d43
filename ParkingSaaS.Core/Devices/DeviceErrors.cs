using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Devices;

/// <summary>A device of this kind, or in this place, cannot do that.</summary>
public sealed record CannotDo(string Device) : Error("devices.cannot-do", Device);

/// <summary>The message was processed again, and refused again.</summary>
/// <param name="Reason">One of <see cref="EventErrors"/>.</param>
public sealed record StillRefused(string Reason) : Error("devices.still-refused", Reason);

/// <summary>The device has sent that very message once more, and it was taken then.</summary>
public sealed record SameMessage(string MessageId) : Error("devices.same-message", MessageId);
