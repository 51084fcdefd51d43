using System.Security.Cryptography;
using System.Text;

namespace ParkingSaaS.Core.Common;

/// <summary>Secrets that we make up for machines: 160 random bits, shown once and kept as a salted hash. One round of SHA-256
/// is enough for them, because such a secret cannot be guessed; people's passwords go through Identity's slow hasher.</summary>
public static class Secret
{
    /// <summary>A new secret of 32 characters without look-alikes.</summary>
    public static string Generate() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 32);

    /// <summary>Salt and hash as one text.</summary>
    public static string Hash(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return $"{Convert.ToHexString(salt)}.{Convert.ToHexString(Digest(salt, secret))}";
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Verify(string hash, string secret)
    {
        var dot = hash.IndexOf('.');
        return dot > 0 && CryptographicOperations.FixedTimeEquals(
            Convert.FromHexString(hash.AsSpan(dot + 1)), Digest(Convert.FromHexString(hash.AsSpan(0, dot)), secret));
    }

    static byte[] Digest(byte[] salt, string secret) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(secret)]);
}
