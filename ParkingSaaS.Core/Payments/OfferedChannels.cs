using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>By which channels a driver can pay what belongs to a lot.</summary>
public sealed class OfferedChannels(CitySessions sessions, IEnumerable<IPaymentChannel> channels)
{
    /// <returns>Their codes, by priority; in the browser of a channel's own app that one alone, if it can be paid by.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(Actor actor, Guid lotId, Payer payer, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Begin, ct);
        var offered = new List<(string Code, int Priority)>();
        foreach (var channel in channels)
            if (await channel.PriorityAsync(s, lotId, ct) is { } priority)
                offered.Add((channel.Code, priority));
        return payer.App is { } app && offered.Exists(c => c.Code == app) ? [app] : [.. offered.OrderBy(c => c.Priority).Select(c => c.Code)];
    }
}
