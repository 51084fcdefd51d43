using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>An open stay that a misread exit may belong to.</summary>
/// <param name="OrderId">The order of the entry.</param>
/// <param name="Plate">Its plate, if one was read.</param>
/// <param name="Distance">How many characters differ.</param>
/// <param name="Near">It may well be the car: few characters differ, or one of the two plates was not read.</param>
public sealed record ExitCandidate(Guid OrderId, string? Plate, DateTimeOffset EnteredAt, int Distance, bool Near);

/// <summary>Finds the open stays of the lot whose plates look most like that of an exit without an entry.</summary>
public sealed class ExitCandidates(CitySessions sessions)
{
    /// <summary>More nobody reads at a booth.</summary>
    public const int Max = 5;

    /// <summary>Of a plate that was misread hardly more characters are wrong.</summary>
    const int NearCharacters = 2;

    /// <summary>The open stays that are compared, the newest: more than any lot holds, were it not for cars whose exit nobody saw.</summary>
    public const int MaxCompared = 5_000;

    /// <returns>The nearest first, at most <see cref="Max"/>; none where the order is not an exit without an entry.</returns>
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<IReadOnlyList<ExitCandidate>> RunAsync(Actor actor, Guid exitOrderId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([exitOrderId], ct) is not { State: OrderState.Unresolved, EnteredAt: null, ExitedAt: { } exitedAt } exit)
            return [];
        var latest = MatchExit.Latest(exit, exitedAt);
        var open = await s.Db.Set<Order>().Where(o => o.LotId == exit.LotId && o.BerthId == null && o.ExitedAt == null && o.EnteredAt <= latest
                && (o.State == OrderState.Parked || o.State == OrderState.Unresolved))
            .OrderByDescending(o => o.EnteredAt).Take(MaxCompared).Select(o => new { o.Id, o.Plate, o.EnteredAt }).ToListAsync(ct);
        return [.. open.Select(o => new ExitCandidate(o.Id, o.Plate, o.EnteredAt!.Value, Distance(exit.Plate ?? "", o.Plate ?? ""),
                o.Plate == exit.Plate || MisreadPairs.AreAlike(o.Plate, exit.Plate, NearCharacters)))
            .OrderByDescending(c => c.Near).ThenBy(c => c.Distance).ThenByDescending(c => c.EnteredAt).Take(Max)];
    }

    /// <summary>The least number of characters to insert, remove or replace that makes one text the other (Levenshtein).</summary>
    public static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
