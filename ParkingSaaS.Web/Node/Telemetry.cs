using System.Security.Cryptography;
using System.Text;

namespace ParkingSaaS.Web.Node;

/// <summary>Where metrics, traces and logs go: the settings under <c>Telemetry</c>.</summary>
/// <param name="MetricsToken">Whoever names it reads <see cref="Path"/>; null: nobody does.</param>
/// <param name="Otlp">A collector that speaks OTLP over gRPC; null: there is none.</param>
sealed record Telemetry(string? MetricsToken, Uri? Otlp)
{
    /// <summary>The metrics in the text format of Prometheus.</summary>
    public const string Path = "/metrics";

    /// <summary>Whether the request brings the token, as <c>Authorization: Bearer …</c>.</summary>
    public bool Opens(HttpRequest request) => MetricsToken is { } token
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes($"Bearer {token}"), Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()));

    /// <summary>Never shows the token.</summary>
    public override string ToString() => nameof(Telemetry);
}
