using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Messages;

/// <summary>What the holder of a message's link may see: what the message said, and how that stands now.</summary>
/// <param name="OrderIds">The orders that it named; who has the link has shown that they are theirs.</param>
/// <param name="Owed">Those of them that are still owed.</param>
/// <param name="Declined">They want no more such messages; null where that cannot be declined.</param>
public sealed record ToldMessage(MessageScene Scene, string Text, IReadOnlyList<Guid> OrderIds, Guid? PassId, IReadOnlyList<OwedOrder> Owed, bool? Declined)
{
    /// <summary>What is owed of them in all.</summary>
    public Money Sum => new(Owed.Sum(o => o.Amount.Minor));
}

/// <summary>An order in arrears that a message named.</summary>
public sealed record OwedOrder(Guid Id, string Lot, DateTimeOffset? LeftAt, Money Amount);

/// <summary>A message by its link. The link ends with <see cref="Lasts"/>.</summary>
public sealed class ToldMessages(CitySessions sessions)
{
    /// <summary>For so long after the message its link leads somewhere.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(90);

    /// <summary>Null where there is none with that code, or it is over.</summary>
    public async Task<ToldMessage?> FindAsync(Actor actor, string code, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, MessagePermissions.Told, ct);
        if (await MessageAsync(s, code, ct) is not { } message)
            return null;
        var owed = await s.Db.Set<Order>().AsNoTracking().Where(o => message.OrderIds.Contains(o.Id) && o.State == OrderState.Arrears)
            .OrderBy(o => o.ExitedAt).ThenBy(o => o.Id)
            .Select(o => new { Order = o, Lot = s.Db.Set<Lot>().Where(l => l.Id == o.LotId).Select(l => l.Name).First() }).ToListAsync(ct);
        return new ToldMessage(message.Scene, message.Text, message.OrderIds, message.PassId,
            owed.ConvertAll(o => new OwedOrder(o.Order.Id, o.Lot, o.Order.ExitedAt, o.Order.Owed)),
            SceneKind.Of(message.Scene).MayDecline
                ? await s.Db.Set<MessageDecline>().AnyAsync(d => d.Contact == message.Contact && d.Scene == message.Scene, ct)
                : null);
    }

    /// <summary>Who has the link wants no more of the message's scene at the address that it was sent to, or wants it again. Saying so twice changes
    /// nothing.</summary>
    public async Task<Result<Done>> DeclineAsync(Actor actor, string code, bool declined, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, MessagePermissions.Told, ct);
        if (await MessageAsync(s, code, ct) is not { } message)
            return new NotFound("message");
        if (!SceneKind.Of(message.Scene).MayDecline)
            return new MustBeTold();
        var row = await s.Db.Set<MessageDecline>().FirstOrDefaultAsync(d => d.Contact == message.Contact && d.Scene == message.Scene, ct);
        if (declined && row is null)
            s.Db.Add(new MessageDecline { Contact = message.Contact, Scene = message.Scene, At = s.Now });
        if (!declined && row is not null)
            s.Db.Remove(row);
        return await s.SaveAsync(ct);
    }

    static Task<Message?> MessageAsync(CitySession s, string code, CancellationToken ct)
    {
        var since = s.Now - Lasts;
        return s.Db.Set<Message>().AsNoTracking().FirstOrDefaultAsync(m => m.Code == code && m.CreatedAt >= since && !m.Test, ct);
    }
}
