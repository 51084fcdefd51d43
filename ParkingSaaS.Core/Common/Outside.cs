using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ParkingSaaS.Core.Common;

/// <summary>How the program speaks to services outside of it.</summary>
static class Outside
{
    /// <summary>A client without a limit of time: whoever asks has one that goes by the program's clock or counts for the breaker.</summary>
    /// <param name="address">What addresses are relative to; null where they are whole.</param>
    /// <param name="most">The largest answer, in bytes.</param>
    public static HttpClient Client(Uri? address, int most) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = address,
            MaxResponseContentBufferSize = most,
            Timeout = Timeout.InfiniteTimeSpan
        };

    /// <summary>Gives up waiting, and asks nothing for a while where a service is out of reach, slow or failing again and again.</summary>
    /// <param name="patience">An answer that takes longer is none.</param>
    /// <param name="failed">Whether an answer says that the service is not well.</param>
    public static ResiliencePipeline<T> Breaker<T>(TimeSpan patience, Func<T, bool> failed) => new ResiliencePipelineBuilder<T>()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<T>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 6,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(15),
            ShouldHandle = new PredicateBuilder<T>().Handle<HttpRequestException>().Handle<TimeoutRejectedException>().HandleResult(failed)
        })
        .AddTimeout(patience)
        .Build();
}
