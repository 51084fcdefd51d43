using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ParkingSaaS.Core.Storage;

/// <summary>Keeps the keys that protect cookies and tokens in the control database, so that they outlive a restart and all nodes
/// share them; sealed, so that the database alone tells none. The interface knows no asynchronous call; it is asked once a day.</summary>
public sealed class KeyStore(ControlDatabase control, MasterKey master) : IXmlRepository
{
    static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize, TagLength = AesGcm.TagByteSizes.MaxSize;

    readonly byte[] key = master.For("keys of cookies and tokens");

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = control.Open();
        return [.. db.Set<ProtectionKey>().AsNoTracking().AsEnumerable().Select(k => XElement.Parse(Unseal(k)))];
    }

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = control.Open();
        db.Set<ProtectionKey>().Add(Seal(friendlyName, element.ToString(SaveOptions.DisableFormatting)));
        db.SaveChanges();
    }

    /// <exception cref="StorageSetupException">What is kept was sealed with another key.</exception>
    internal void RequireOwn()
    {
        try
        {
            GetAllElements();
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new StorageSetupException("The key of this installation (the setting Key, or the file 'key' in the data directory) is not the one that the "
                + "control database was made with. All nodes need the same one.");
        }
    }

    /// <summary>Nonce, tag and ciphertext, as Base64.</summary>
    ProtectionKey Seal(string name, string xml)
    {
        var text = Encoding.UTF8.GetBytes(xml);
        var sealedText = new byte[NonceLength + TagLength + text.Length];
        RandomNumberGenerator.Fill(sealedText.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(sealedText.AsSpan(0, NonceLength), text, sealedText.AsSpan(NonceLength + TagLength), sealedText.AsSpan(NonceLength, TagLength),
            Encoding.UTF8.GetBytes(name));
        return new ProtectionKey { Name = name, Xml = Convert.ToBase64String(sealedText) };
    }

    string Unseal(ProtectionKey kept)
    {
        var sealedText = Convert.FromBase64String(kept.Xml);
        var text = new byte[Math.Max(0, sealedText.Length - NonceLength - TagLength)];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(sealedText.AsSpan(0, NonceLength), sealedText.AsSpan(NonceLength + TagLength), sealedText.AsSpan(NonceLength, TagLength), text,
            Encoding.UTF8.GetBytes(kept.Name));
        return Encoding.UTF8.GetString(text);
    }
}

/// <summary>A key of ASP.NET Core's data protection.</summary>
sealed class ProtectionKey
{
    public required string Name { get; init; }

    /// <summary>The XML that data protection writes, sealed by <see cref="KeyStore"/>.</summary>
    public required string Xml { get; init; }
}

[InControlDatabase(Only = true)]
sealed class ProtectionKeyMapping : IEntityTypeConfiguration<ProtectionKey>
{
    public void Configure(EntityTypeBuilder<ProtectionKey> key) => key.ToTable("protection_keys").HasKey(k => k.Name);
}
