using System.Security.Cryptography;

namespace ParkingSaaS.Core.Payments;

/// <summary>RSA as payment channels use it: PKCS#1 v1.5 with SHA-256, signatures as Base64, keys as PEM.</summary>
static class RsaKeys
{
    /// <summary>PEM longer than that holds no single key.</summary>
    public const int MaxText = 8 << 10;

    /// <summary>The key as PEM, private ones in PKCS#8 and public ones in X.509; null where the text is none, of the other kind, or shorter than 2048
    /// bits. Keys are handed out in PKCS#1 as well, and without the lines of PEM.</summary>
    public static string? Pem(string? text, bool isPrivate)
    {
        if (text is null || text.Length > MaxText || (text.Contains("-----") && text.Contains("PRIVATE KEY") != isPrivate))
            return null;
        try
        {
            using var key = RSA.Create();
            if (text.Contains("-----"))
                key.ImportFromPem(text);
            else
                Import(key, Convert.FromBase64String(text), isPrivate);
            return key.KeySize < 2048 ? null : isPrivate ? key.ExportPkcs8PrivateKeyPem() : key.ExportSubjectPublicKeyInfoPem();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    static void Import(RSA key, byte[] bytes, bool isPrivate)
    {
        try
        {
            if (isPrivate)
                key.ImportPkcs8PrivateKey(bytes, out _);
            else
                key.ImportSubjectPublicKeyInfo(bytes, out _);
        }
        catch (CryptographicException)
        {
            if (isPrivate)
                key.ImportRSAPrivateKey(bytes, out _);
            else
                key.ImportRSAPublicKey(bytes, out _);
        }
    }

    /// <summary>Whether the public key is the private one's own.</summary>
    /// <param name="privateKey">A key, in any form that <see cref="Pem"/> reads; so the other.</param>
    public static bool Pair(string privateKey, string publicKey)
    {
        using var key = RSA.Create();
        key.ImportFromPem(Pem(privateKey, isPrivate: true));
        return key.ExportSubjectPublicKeyInfoPem() == Pem(publicKey, isPrivate: false);
    }

    public static string Sign(string privateKey, byte[] text)
    {
        using var key = RSA.Create();
        key.ImportFromPem(privateKey);
        return Convert.ToBase64String(key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Whether it is that key's signature of the text; what is no Base64 is none.</summary>
    public static bool Signed(string publicKey, byte[] text, string signature)
    {
        var value = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, value, out var length))
            return false;
        using var key = RSA.Create();
        key.ImportFromPem(publicKey);
        return key.VerifyData(text, value.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
