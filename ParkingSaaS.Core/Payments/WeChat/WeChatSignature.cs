using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>What WeChat Pay signs its answers and notifications with, as their headers <c>Wechatpay-…</c> say it.</summary>
/// <param name="Serial">Id of the key that signed.</param>
/// <param name="Timestamp">When, in seconds since 1970.</param>
/// <param name="Value">RSA with SHA-256 over time, nonce and body, as Base64.</param>
public sealed record WeChatSignature(string Serial, string Timestamp, string Nonce, string Value)
{
    /// <summary>How far its clock and ours may be apart.</summary>
    static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>How each of its lines ends, the last one too.</summary>
    const char End = '\n';

    /// <summary>Reads the headers by their names; what is not there is empty.</summary>
    public static WeChatSignature Read(Func<string, string?> header) => new(
        header("Wechatpay-Serial") ?? "", header("Wechatpay-Timestamp") ?? "", header("Wechatpay-Nonce") ?? "", header("Wechatpay-Signature") ?? "");

    /// <summary>Why it is not WeChat's signature of that body for the account; null where it is. The probes that WeChat sends to see whether anybody
    /// looks (<c>WECHATPAY/SIGNTEST/…</c>) are signatures of nothing.</summary>
    internal string? Problem(ChannelAccount account, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (Serial != account.PublicKeyId)
            return "serial";
        if (!long.TryParse(Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() || (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Skew)
            return "timestamp";
        return RsaKeys.Signed(account.PublicKey, [.. Encoding.UTF8.GetBytes($"{Timestamp}{End}{Nonce}{End}"), .. body, (byte)End], Value) ? null : "signature";
    }

    /// <summary>The header <c>Authorization</c> of a request of ours.</summary>
    /// <param name="path">With its query, as it is sent.</param>
    /// <param name="privateKey">The merchant's, as PEM.</param>
    internal static string Authorization(ChannelAccount account, string privateKey, HttpMethod method, string path, string body, DateTimeOffset now)
    {
        var (time, nonce) = (now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), RandomNumberGenerator.GetHexString(32));
        var signature = Sign(privateKey, method.ToString(), path, time, nonce, body);
        return $"WECHATPAY2-SHA256-RSA2048 mchid=\"{account.MerchantId}\",nonce_str=\"{nonce}\",timestamp=\"{time}\","
            + $"serial_no=\"{account.CertificateSerial}\",signature=\"{signature}\"";
    }

    /// <summary>The merchant's signature of these lines, as Base64.</summary>
    /// <param name="privateKey">The merchant's, as PEM.</param>
    internal static string Sign(string privateKey, params IEnumerable<string> lines) =>
        RsaKeys.Sign(privateKey, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + End))));
}
