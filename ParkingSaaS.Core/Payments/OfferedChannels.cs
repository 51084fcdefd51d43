using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>By which channels a driver can pay what belongs to a lot.</summary>
public sealed class OfferedChannels(CitySessions sessions, IEnumerable<IPaymentChannel> channels)
{
    /// <returns>Their codes.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(Actor actor, Guid lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Begin, ct);
        var offered = new List<string>();
        foreach (var channel in channels)
            if (await channel.TakesAsync(s, lotId, ct))
                offered.Add(channel.Code);
        return offered;
    }
}
