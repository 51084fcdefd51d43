using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>A report of a car at a lane or a berth, and where it stands.</summary>
/// <param name="Report">What the device says.</param>
/// <param name="Device">The device, bound to a lane or a berth.</param>
/// <param name="MessageId">The row of its message.</param>
public sealed record PlacedReport(DeviceReport Report, Device Device, Guid MessageId);

/// <summary>What cars do, a higher room knows: it turns a batch's reports into stays.</summary>
public interface IReportHandler
{
    /// <summary>Writes what the reports mean, in the transaction that keeps their messages.</summary>
    /// <param name="s">The session, with a transaction; whatever it has changed is written, too.</param>
    /// <param name="reports">At least one, in the order in which they came.</param>
    /// <param name="isOff">Whether a device's clock is as far off as counts as wrong.</param>
    /// <returns>What is to be done after the commit.</returns>
    Task<Action> HandleAsync(CitySession s, IReadOnlyList<PlacedReport> reports, Func<TimeSpan?, bool> isOff, CancellationToken ct);
}
