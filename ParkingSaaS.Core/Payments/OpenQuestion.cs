using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>What a channel has not told yet about money that comes or goes back: when it is asked, and how often it was.</summary>
public abstract class OpenQuestion : ILotOwned
{
    /// <summary>The channel is first asked when its own word is so late.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(15);

    /// <summary>So many at a time, the longest due first.</summary>
    const int Most = 50;

    /// <summary>What is asked about; also the number by which the channel knows it.</summary>
    public required Guid PaymentId { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>How often the channel was asked.</summary>
    public int Asked { get; set; }

    /// <summary>When it is asked next; null where nothing is open.</summary>
    public DateTimeOffset? AskAt { get; set; }

    /// <summary>Asks what is due: after <see cref="FirstWait"/>, then at growing distance.</summary>
    /// <param name="doublings">After so many of them the distance grows no more.</param>
    /// <param name="ask">Asks, and says whether nothing is open any more.</param>
    /// <returns>Of how many nothing is open any more.</returns>
    internal static async Task<int> AskDueAsync<T>(CitySession s, int doublings, Func<T, Task<bool>> ask, CancellationToken ct) where T : OpenQuestion
    {
        var due = await s.Db.Set<T>().AsNoTracking().Where(q => q.AskAt <= s.Now).OrderBy(q => q.AskAt).Take(Most).ToListAsync(ct);
        var settled = 0;
        foreach (var question in due)
        {
            var row = s.Db.Set<T>().Where(q => q.PaymentId == question.PaymentId);
            // Another node may have been quicker; and whatever happens while the channel is asked, it is asked again later.
            DateTimeOffset? next = s.Now + FirstWait * (1 << Math.Min(question.Asked, doublings));
            if (await row.Where(q => q.AskAt == question.AskAt)
                    .ExecuteUpdateAsync(set => set.SetProperty(q => q.AskAt, next).SetProperty(q => q.Asked, q => q.Asked + 1), ct) == 0
                || !await ask(question))
                continue;
            await row.ExecuteUpdateAsync(set => set.SetProperty(q => q.AskAt, (DateTimeOffset?)null), ct);
            settled++;
        }
        return settled;
    }
}
