using System.Security.Cryptography;
using System.Text;

namespace ParkingSaaS.Core.Invoices.Nuonuo;

/// <summary>Signs requests as 诺诺 publishes it.</summary>
static class NuonuoSignature
{
    /// <summary>Where all requests go; the text that is signed names its parts.</summary>
    public const string Path = "/open/v1/services";

    /// <param name="serial">32 characters, new for each request.</param>
    /// <param name="nonce">Eight digits.</param>
    /// <param name="time">In seconds since 1970.</param>
    /// <param name="body">The bytes that are sent, as text.</param>
    public static string Of(string key, string secret, string serial, string nonce, string time, string body) =>
#pragma warning disable CA5350 // as it is published
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret),
            Encoding.UTF8.GetBytes($"a=services&l=v1&p=open&k={key}&i={serial}&n={nonce}&t={time}&f={body}")));
#pragma warning restore CA5350
}
