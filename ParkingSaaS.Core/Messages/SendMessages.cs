using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Messages;

/// <summary>Sends what waits, and asks what became of what was sent. Whatever happens to a message while its provider is spoken to is known from its row: it
/// was handed over, so the provider is asked for it before it is sent again. A provider that says nothing costs no message and gets none twice.</summary>
public sealed class SendMessages(CitySessions sessions, IEnumerable<IMessageWay> ways, MessagePolicy policy, TimeProvider clock, ILogger<SendMessages> log)
{
    /// <summary>So many at a time, the longest due first.</summary>
    const int Most = 100;

    /// <summary>After so many doublings of the first wait the distance grows no more: it is an hour.</summary>
    const int Doublings = 8;

    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(15);

    /// <summary>What was not answered, and its provider does not know so long afterwards, did not get there.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    /// <summary>What could not be sent for so long is not sent any more, and what nobody told of for so long nobody will.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    internal static Actor JobOf(string city) => Actor.Job(city, "messages", MessagePermissions.Send);

    /// <returns>Of how many the state changed.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        List<(Guid Id, MessageWay Way)> due;
        await using (var s = await sessions.OpenAsync(JobOf(city), MessagePermissions.Send, ct))
            due = [.. (await s.Db.Set<Message>().Where(m => m.DueAt <= s.Now).OrderBy(m => m.DueAt).Take(Most).Select(m => new { m.Id, m.Way }).ToListAsync(ct))
                .Select(m => (m.Id, m.Way))];
        var silent = new HashSet<MessageWay>();
        var changed = 0;
        foreach (var (id, way) in due.Where(m => !silent.Contains(m.Way)))
        {
            var (done, answered) = await OneAsync(city, id, ct);
            changed += done ? 1 : 0;
            if (!answered)
                silent.Add(way); // the others wait for the next turn, and nobody waits for it a hundred times
        }
        return changed;
    }

    /// <summary>Deletes what was kept for long enough.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ExpireAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(JobOf(city), MessagePermissions.Send, ct);
        var since = s.Now - policy.Keep;
        return await s.Db.Set<Message>().Where(m => m.CreatedAt < since && m.DueAt == null).ExecuteDeleteAsync(ct);
    }

    async Task<(bool Changed, bool Answered)> OneAsync(string city, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(JobOf(city), MessagePermissions.Send, ct);
        if (await s.Db.Set<Message>().FirstOrDefaultAsync(m => m.Id == id && m.DueAt <= s.Now, ct) is not { } message)
            return (false, true);
        var before = message.State;
        var account = await s.Db.Set<MessageAccount>().AsNoTracking().FirstOrDefaultAsync(a => a.Way == message.Way && a.Enabled, ct);
        message.DueAt = s.Now + FirstWait * (1 << Math.Min(message.Tries, Doublings));
        message.Tries++;
        var waits = account is null;
        if (before is MessageState.Waiting)
        {
            waits = await HoldsAsync(s, message, account, ct);
            if (!waits)
            {
                message.Go(MessageState.Trying, s.Now);
                (message.TriedAt, message.Problem) = (s.Now, null);
            }
        }
        // Another node may have been quicker.
        if (!(await s.SaveAsync(ct)).Ok)
            return (false, true);
        if (waits)
            return (message.State != before, true);
        var way = ways.First(w => w.Provider == account!.Provider);
        var result = before is MessageState.Waiting ? await way.SendAsync(account!, message, ct) : await way.AskAsync(account!, message, ct);
        Take(message, result, way, clock.Now());
        if (!(await s.SaveAsync(CancellationToken.None)).Ok)
            log.LogWarning("What became of message {Message} could not be written; its provider is asked for it", id);
        return (message.State != before, result.Answer is not WayAnswer.Unclear);
    }

    /// <summary>Whether a message waits on, or is not sent at all.</summary>
    static async Task<bool> HoldsAsync(CitySession s, Message message, MessageAccount? account, CancellationToken ct)
    {
        if (await NeverAsync(s, message, ct) is { } why)
        {
            message.Problem = why;
            message.Go(MessageState.Withheld, s.Now);
            return true;
        }
        if (account is null)
        {
            message.Problem = Message.NoAccount;
            return true;
        }
        if (message.Test || message.Way is not MessageWay.Sms)
            return false;
        var rules = await MessageRules.OfAsync(s, ct);
        var today = s.City.Zone.StartOf(s.City.Zone.Date(s.Now));
        DateTimeOffset? until = rules.IsQuiet(TimeOnly.FromDateTime(s.City.Zone.Local(s.Now))) ? rules.QuietEnds(s.City.Zone, s.Now)
            : await s.Db.Set<Message>().CountAsync(m => m.Contact == message.Contact && m.TriedAt >= today && m.State != MessageState.Waiting
                && m.State != MessageState.Withheld, ct) >= rules.MostPerDay ? s.City.Zone.StartOf(s.City.Zone.Date(s.Now).AddDays(1))
            : null;
        if (until is not null)
            (message.DueAt, message.Tries) = (until, 0);
        return until is not null;
    }

    /// <summary>Why a message is not sent any more; null where it is.</summary>
    static async Task<string?> NeverAsync(CitySession s, Message message, CancellationToken ct)
    {
        if (s.Now - message.CreatedAt > Longest)
            return Message.TooLate;
        if (message.Test)
            return null;
        var kind = SceneKind.Of(message.Scene);
        if (kind.MayDecline && await s.Db.Set<MessageDecline>().AnyAsync(d => d.Contact == message.Contact && d.Scene == message.Scene, ct))
            return Message.Declined;
        return kind.IsArrears && !await Dunning.OrdersOf(s).AnyAsync(o => message.OrderIds.Contains(o.Id), ct) ? Message.NothingOwed : null;
    }

    static void Take(Message message, WayResult result, IMessageWay way, DateTimeOffset now)
    {
        if (result is { Answer: WayAnswer.Accepted, Text.Length: > 0 })
            message.Reference = result.Text;
        if (result is { Answer: WayAnswer.Failed or WayAnswer.NotTaken })
            message.Problem = result.Text.Length > Message.MaxProblem ? result.Text[..Message.MaxProblem] : result.Text;
        switch (result.Answer, message.State)
        {
            case (WayAnswer.Accepted, MessageState.Trying):
                message.Go(MessageState.Sent, now);
                (message.DueAt, message.Tries) = (now + FirstWait, 0);
                if (!way.TellsArrival)
                    message.End(now);
                break;
            case (WayAnswer.Delivered, _):
                message.Go(MessageState.Delivered, now);
                break;
            case (WayAnswer.Failed, _):
                message.Go(MessageState.Failed, now);
                break;
            case (WayAnswer.NotTaken, MessageState.Trying):
                message.Go(MessageState.Waiting, now);
                break;
            case (WayAnswer.NotFound, MessageState.Trying) when now - message.TriedAt >= Settled:
                message.Go(MessageState.Waiting, now);
                message.DueAt = now;
                break;
        }
        if (message is { State: MessageState.Trying or MessageState.Sent, DueAt: not null } && now - message.TriedAt > Longest)
            message.Go(MessageState.Unknown, now);
    }
}
