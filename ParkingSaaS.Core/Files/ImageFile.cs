using System.Buffers.Binary;

namespace ParkingSaaS.Core.Files;

/// <summary>A picture as it is kept: only what is needed to show it. What a camera notes besides, above all where its owner stood
/// (EXIF, XMP, comments, further pictures behind the first), is left out.</summary>
/// <param name="Type">What its bytes are, found by looking at them: <c>image/jpeg</c>, <c>image/png</c> or <c>image/webp</c>.</param>
public sealed record ImageFile(string Type, byte[] Content)
{
    static readonly byte[] pngSignature = [0x89, .. "PNG\r\n\x1a\n"u8];

    /// <summary>Reads a file, whatever it is called; null for anything that is no such picture or is broken.</summary>
    public static ImageFile? Read(ReadOnlySpan<byte> file)
    {
        var kept = new MemoryStream(file.Length);
        var type = file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) && Jpeg(file, kept) ? "image/jpeg"
            : file.StartsWith(pngSignature) && Png(file, kept) ? "image/png"
            : file.StartsWith("RIFF"u8) && WebP(file, kept) ? "image/webp"
            : null;
        return type is null ? null : new ImageFile(type, kept.ToArray());
    }

    /// ISO 10918-1, annex B: segments that begin with FF and a marker; the picture itself follows a start of scan.
    static bool Jpeg(ReadOnlySpan<byte> file, MemoryStream kept)
    {
        kept.Write(file[..2]);
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            var marker = file[at + 1];
            if (marker == 0xFF) // fill
            {
                at++;
                continue;
            }
            var end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (marker is 0 or 0xD8 or 0xD9 || end < at + 4 || end > file.Length)
                return false;
            var data = file[(at + 4)..end];
            if (marker is 0xE1 && data.StartsWith("Exif\0\0"u8))
            {
                // Phones lay pictures on their side and say so here.
                if (Orientation(data[6..]) is > 1 and <= 8 and var turned)
                    kept.Write([0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)turned, 0, 0, 0, 0, 0, 0]);
            }
            else if (marker is not (>= 0xE0 and <= 0xEF or 0xFE) || marker is 0xE0 && data.StartsWith("JFIF\0"u8)
                || marker is 0xE2 && data.StartsWith("ICC_PROFILE\0"u8) || marker is 0xEE && data.StartsWith("Adobe"u8))
                kept.Write(file[at..end]);
            at = end;
            if (marker is not 0xDA)
                continue;
            while (at + 1 < file.Length && !(file[at] == 0xFF && file[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7))))
                at++;
            kept.Write(file[end..at]);
            if (at + 1 >= file.Length || file[at + 1] is not 0xD9)
                continue;
            kept.Write([0xFF, 0xD9]);
            return true;
        }
        return false;
    }

    /// How the picture is to be turned: tag 0112 of the first directory of a TIFF header; 0 where it is not said.
    static int Orientation(ReadOnlySpan<byte> tiff)
    {
        var big = tiff.StartsWith("MM"u8);
        if (tiff.Length < 8 || !big && !tiff.StartsWith("II"u8))
            return 0;
        var directory = Number(tiff[4..], 4, big);
        if (directory > tiff.Length - 2)
            return 0;
        var entries = tiff[((int)directory + 2)..];
        for (var left = Number(tiff[(int)directory..], 2, big); left > 0 && entries.Length >= 12; left--, entries = entries[12..])
            if (Number(entries, 2, big) == 0x0112)
                return (int)Number(entries[8..], 2, big);
        return 0;
    }

    static uint Number(ReadOnlySpan<byte> bytes, int size, bool big) => (size, big) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (_, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes)
    };

    /// ISO 15948: chunks of length, type, data and check value.
    static bool Png(ReadOnlySpan<byte> file, MemoryStream kept)
    {
        kept.Write(pngSignature);
        for (var rest = file[pngSignature.Length..]; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
                return false;
            var chunk = rest[..((int)length + 12)];
            var type = chunk[4..8];
            // A capital first letter: no picture without it. Of the rest: colours, transparency, shape of a pixel, moving pictures.
            if (char.IsAsciiLetterUpper((char)type[0]) || "cHRM gAMA iCCP sBIT sRGB cICP bKGD tRNS pHYs acTL fcTL fdAT"u8.IndexOf(type) >= 0)
                kept.Write(chunk);
            if (type.SequenceEqual("IEND"u8))
                return true;
            rest = rest[chunk.Length..];
        }
        return false;
    }

    /// RFC 9649: chunks of type, length and data, to whole pairs of bytes.
    static bool WebP(ReadOnlySpan<byte> file, MemoryStream kept)
    {
        if (file.Length < 20 || !file[8..].StartsWith("WEBP"u8))
            return false;
        kept.Write(file[..12]);
        var all = file[12..(int)Math.Clamp(BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L, 12, file.Length)];
        for (var rest = all; rest.Length >= 8;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - 8)
                return false;
            var chunk = rest[..(int)Math.Min(rest.Length, 8 + length + (length & 1))];
            if ("VP8 |VP8L|VP8X|ALPH|ANIM|ANMF|ICCP"u8.IndexOf(chunk[..4]) >= 0)
            {
                var start = (int)kept.Position;
                kept.Write(chunk);
                if (chunk.StartsWith("VP8X"u8) && chunk.Length > 8)
                    kept.GetBuffer()[start + 8] &= 0b1111_0011; // neither EXIF nor XMP follows any more
            }
            rest = rest[chunk.Length..];
        }
        BinaryPrimitives.WriteUInt32LittleEndian(kept.GetBuffer().AsSpan(4), (uint)kept.Length - 8);
        return kept.Length > 12;
    }
}
