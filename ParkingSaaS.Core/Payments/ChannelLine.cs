using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ParkingSaaS.Core.Payments;

/// <summary>What came from a channel, not yet believed.</summary>
sealed record ChannelAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, byte[] Body);

/// <summary>The line to a channel. Where it is out of reach or slow again and again, it is not asked for a while; what was said about a payment is
/// kept.</summary>
/// <param name="patience">An answer that takes longer is none.</param>
sealed class ChannelLine(Uri address, TimeSpan patience, ChannelLog messages, TimeProvider clock, ILogger log) : IDisposable
{
    /// <summary>A bill that takes longer does not come.</summary>
    static readonly TimeSpan BillPatience = TimeSpan.FromMinutes(2);

    static readonly ProductInfoHeaderValue Us = new("ParkingSaaS", "1");

    readonly ResiliencePipeline<ChannelAnswer> pipeline =
        Outside.Breaker<ChannelAnswer>(patience, answer => answer.Status >= HttpStatusCode.InternalServerError);

    /// <summary>Without limits of its own, for what is asked otherwise.</summary>
    public HttpClient Http { get; } = Outside.Client(address, 64 << 10);

    /// <summary>Asks about a payment, and keeps what was said.</summary>
    /// <param name="sent">What the request says, as JSON.</param>
    /// <returns>An answer that is believed; null for any other and for none.</returns>
    public async Task<ChannelAnswer?> AskAsync(string city, Payment payment, ChannelMessageKind kind, ChannelAccount account, string sent,
        Func<HttpRequestMessage> request, Func<ChannelAnswer, string?> problemOf, CancellationToken ct)
    {
        var (at, began) = (clock.Now(), clock.GetTimestamp());
        var (answer, problem) = await AskAsync(account, request, problemOf, ct);
        if (problem is not nameof(BrokenCircuitException)) // then nothing was sent
            messages.Add(city, new ChannelMessage
            {
                Id = Guid.CreateVersion7(at),
                LotId = payment.LotId,
                PaymentId = payment.Id,
                AccountId = account.Id,
                Kind = kind,
                At = at,
                Sent = ChannelMessage.Text(Encoding.UTF8.GetBytes(sent)),
                Status = (int?)answer?.Status,
                Said = ChannelMessage.Text(answer?.Body),
                Milliseconds = (int)clock.GetElapsedTime(began).TotalMilliseconds,
                Problem = problem
            });
        return problem is null ? answer : null;
    }

    /// <param name="request">Makes and signs it.</param>
    /// <param name="problemOf">Why an answer is not the channel's; null where it is.</param>
    /// <returns>The answer, if one came, and why it is not believed; null where it is.</returns>
    public async Task<(ChannelAnswer? Answer, string? Problem)> AskAsync(ChannelAccount account, Func<HttpRequestMessage> request,
        Func<ChannelAnswer, string?> problemOf, CancellationToken ct)
    {
        ChannelAnswer? answer = null;
        string? problem;
        try
        {
            answer = await pipeline.ExecuteAsync(async token => await SendAsync(request, token), ct);
            problem = problemOf(answer);
        }
        // The last: the account's secrets were sealed by another installation, and must be entered anew.
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or BrokenCircuitException or CryptographicException)
        {
            problem = e.GetType().Name;
        }
        if (problem is not null)
            log.LogWarning("{Channel} gives no answer for account {Account} that is believed: {Status} {Problem}", account.Kind, account.Id,
                (int?)answer?.Status, problem);
        return (answer, problem);
    }

    async Task<ChannelAnswer> SendAsync(Func<HttpRequestMessage> make, CancellationToken ct)
    {
        using var request = make();
        request.Headers.UserAgent.Add(Us);
        using var response = await Http.SendAsync(request, ct);
        return new ChannelAnswer(response.StatusCode, response.Headers, await response.Content.ReadAsByteArrayAsync(ct));
    }

    /// <summary>A file.</summary>
    /// <param name="most">The most bytes of it.</param>
    /// <returns>Null where it does not come as a whole.</returns>
    public async Task<byte[]?> DownloadAsync(Func<HttpRequestMessage> make, int most, CancellationToken ct)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
        waiting.CancelAfter(BillPatience);
        try
        {
            using var request = make();
            request.Headers.UserAgent.Add(Us);
            using var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, waiting.Token);
            if (answer.StatusCode is not HttpStatusCode.OK)
                return null;
            using var file = new MemoryStream();
            await using var body = await answer.Content.ReadAsStreamAsync(waiting.Token);
            var part = new byte[64 << 10];
            for (int read; (read = await body.ReadAsync(part, waiting.Token)) > 0;)
            {
                if (file.Length + read > most)
                    return null;
                file.Write(part, 0, read);
            }
            return file.ToArray();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or CryptographicException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => Http.Dispose();
}
