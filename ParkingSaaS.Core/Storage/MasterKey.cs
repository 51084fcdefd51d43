using System.Security.Cryptography;
using System.Text;

namespace ParkingSaaS.Core.Storage;

/// <summary>The secret that all others of the installation hang on. It lies outside of the databases: whoever has a copy of those alone
/// reads no key of cookies and tokens, and signs in as no role. All nodes have the same one.</summary>
public sealed class MasterKey
{
    const int Length = 32;

    readonly byte[] key;

    MasterKey(byte[] key) => this.key = key;

    public static MasterKey Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads what <see cref="Reveal"/> writes: 32 bytes as Base64. Null for anything else.</summary>
    public static MasterKey? TryParse(string text)
    {
        var key = new byte[Length];
        return text.Length <= 64 && Convert.TryFromBase64String(text, key, out var length) && length == Length ? new MasterKey(key) : null;
    }

    /// <summary>The secret itself, as Base64.</summary>
    public string Reveal() => Convert.ToBase64String(key);

    /// <summary>The password of a role of the database server. It is kept nowhere.</summary>
    internal string PasswordOf(string role) => Convert.ToHexStringLower(For("database role " + role));

    /// <summary>A key for one purpose, which tells nothing of the others (RFC 5869).</summary>
    internal byte[] For(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Length, info: Encoding.UTF8.GetBytes(purpose));
}
