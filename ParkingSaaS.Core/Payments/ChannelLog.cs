using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Keeps what was said to and by payment channels. No payment waits for that: it is collected, and written for many at once. Where a process
/// ends without warning, the last seconds are not kept; what was booked does not hang on them.</summary>
public sealed class ChannelLog(CitySessions sessions, ChannelLogPolicy policy, ILogger<ChannelLog> log)
{
    /// <summary>So many are written at once.</summary>
    const int Many = 500;

    /// <summary>So many wait at most in a city: where its database is away for long, later ones are not kept.</summary>
    const int Most = 10_000;

    readonly ConcurrentDictionary<string, ConcurrentQueue<ChannelMessage>> waiting = new();

    /// <summary>Takes a message; it is written with the next.</summary>
    internal void Add(string city, ChannelMessage message)
    {
        var queue = waiting.GetOrAdd(city, _ => new());
        if (queue.Count < Most)
            queue.Enqueue(message);
        else
            log.LogWarning("A message of a payment channel is not kept in {City}: {Most} wait already", city, Most);
    }

    /// <summary>Keeps what a channel told by itself.</summary>
    /// <param name="told">As JSON.</param>
    /// <param name="problem">Why it was not believed; null where it was.</param>
    internal void Heard(CitySession s, ChannelAccount account, Payment payment, byte[] told, string? problem) => Add(s.City.Code, new ChannelMessage
    {
        Id = Guid.CreateVersion7(s.Now),
        LotId = payment.LotId,
        PaymentId = payment.Id,
        AccountId = account.Id,
        Kind = ChannelMessageKind.Notice,
        At = s.Now,
        Said = ChannelMessage.Text(told),
        Problem = problem
    });

    /// <summary>Writes what was collected in a city.</summary>
    /// <returns>How many.</returns>
    public async Task<int> WriteAsync(string city, CancellationToken ct)
    {
        var written = 0;
        while (waiting.TryGetValue(city, out var queue) && queue.Take(Many).ToList() is { Count: > 0 } some)
        {
            await using var s = await sessions.OpenAsync(JobOf(city), PaymentPermissions.GiveUp, ct);
            await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
            s.Db.AddRange(some);
            await s.Db.SaveManyAsync(ct);
            await transaction.CommitAsync(ct);
            // Only now: what could not be written is tried again. Nobody else takes from the queue.
            some.ForEach(_ => queue.TryDequeue(out var _));
            written += some.Count;
        }
        return written;
    }

    /// <summary>Deletes what was kept for long enough.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ExpireAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(JobOf(city), PaymentPermissions.GiveUp, ct);
        var since = s.Now - policy.Keep;
        return await s.Db.Set<ChannelMessage>().Where(m => m.At < since).ExecuteDeleteAsync(ct);
    }

    static Actor JobOf(string city) => Actor.Job(city, "channel-log", PaymentPermissions.GiveUp);
}
