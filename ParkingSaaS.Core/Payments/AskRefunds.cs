using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Asks channels about refunds of which they told nothing, and tells them once more of those that never arrived, for as long as it takes. Money
/// may be under way to a bank for days.</summary>
public sealed class AskRefunds(CitySessions sessions, PayBack payBack)
{
    /// <summary>The distance grows to an hour.</summary>
    const int Doublings = 8;

    /// <returns>How many refunds are not waited for any more.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(PayBack.JobOf(city), PaymentPermissions.GiveUp, ct);
        return await OpenQuestion.AskDueAsync<Refund>(s, Doublings, refund => payBack.AskAsync(city, refund.PaymentId, ct), ct);
    }
}
