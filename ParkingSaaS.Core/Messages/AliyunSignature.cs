using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ParkingSaaS.Core.Messages;

/// <summary>Signs a request to Aliyun as its signature V3 says (<c>ACS3-HMAC-SHA256</c>). All parameters stand in the query, and there is no body.</summary>
static class AliyunSignature
{
    const string Algorithm = "ACS3-HMAC-SHA256";

    static readonly string NoBody = Hash("");

    /// <summary>The parameters in the order and the writing that are signed, which is also how they are asked.</summary>
    public static string Query(IReadOnlyDictionary<string, string> parameters) => string.Join('&', parameters.OrderBy(p => p.Key, StringComparer.Ordinal)
        .Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));

    /// <summary>The headers of a request, with the one that signs it.</summary>
    /// <param name="host">As the <c>Host</c> header names it.</param>
    /// <param name="nonce">Never the same twice.</param>
    public static Dictionary<string, string> Headers(string keyId, string secret, string host, string action, string version, string query,
        DateTimeOffset now, string nonce)
    {
        var headers = new Dictionary<string, string>
        {
            ["host"] = host,
            ["x-acs-action"] = action,
            ["x-acs-content-sha256"] = NoBody,
            ["x-acs-date"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["x-acs-signature-nonce"] = nonce,
            ["x-acs-version"] = version
        };
        var names = string.Join(';', headers.Keys);
        var request = $"POST\n/\n{query}\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n{NoBody}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{Algorithm}\n{Hash(request)}")));
        headers["Authorization"] = $"{Algorithm} Credential={keyId},SignedHeaders={names},Signature={signature}";
        return headers;
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
