using System.Text;
using System.Text.Json;

namespace ParkingSaaS.Core.Payments.Alipay;

/// <summary>Signatures as Alipay publishes them (RSA2).</summary>
static class AlipaySignature
{
    /// <summary>What is signed of parameters: by name, as they are before any encoding.</summary>
    static byte[] Text(IEnumerable<KeyValuePair<string, string>> parameters) => Encoding.UTF8.GetBytes(string.Join('&',
        parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}")));

    /// <param name="privateKey">The app's, as PEM.</param>
    public static string Of(string privateKey, IReadOnlyDictionary<string, string> parameters) => RsaKeys.Sign(privateKey, Text(parameters));

    /// <summary>Whether Alipay signed a notification: all of it but the signature and its kind.</summary>
    public static bool Signed(ChannelAccount account, IReadOnlyDictionary<string, string> notice) => RsaKeys.Signed(account.PublicKey,
        Text(notice.Where(p => p.Key is not ("sign" or "sign_type"))), notice.GetValueOrDefault("sign") ?? "");

    /// <summary>What an answer says, if Alipay signed it: the text of the one node, letter by letter.</summary>
    /// <param name="node">Its name; errors come by another one.</param>
    public static string? Read(ChannelAccount account, byte[] answer, string node)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            if ((!json.RootElement.TryGetProperty(node, out var said) && !json.RootElement.TryGetProperty("error_response", out said))
                || !json.RootElement.TryGetProperty("sign", out var sign))
                return null;
            var (text, signature) = (said.GetRawText(), sign.GetString() ?? "");
            // Where slashes are escaped, it is as published either this text that was signed, or the one without.
            return RsaKeys.Signed(account.PublicKey, Encoding.UTF8.GetBytes(text), signature)
                || RsaKeys.Signed(account.PublicKey, Encoding.UTF8.GetBytes(text.Replace("\\/", "/")), signature) ? text : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
