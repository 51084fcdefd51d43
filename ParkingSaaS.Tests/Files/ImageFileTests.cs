using System.Text;
using ParkingSaaS.Core.Files;

namespace ParkingSaaS.Tests.Files;

/// <summary>What is kept of an image file: what shows it, and nothing that tells where it was taken.</summary>
public sealed class ImageFileTests
{
    internal static byte[] PngSignature => [0x89, .. "PNG\r\n\x1a\n"u8];
    internal static byte[] Scan => [0xFF, 0xDA, 0, 2];
    internal static byte[] Chunk(string type, byte[] data) => [0, 0, 0, (byte)data.Length, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];

    /// <summary>Where the photographer stood, as a camera writes it into a directory of EXIF.</summary>
    static byte[] Exif(byte orientation, bool big) =>
    [
        .. "Exif\0\0"u8, .. big ? "MM\0*\0\0\0\x8"u8 : "II*\0\x8\0\0\0"u8, .. big ? [0, 2] : (byte[])[2, 0],
        .. big ? [0x01, 0x0F, 0, 2, 0, 0, 0, 4, .. "22.5"u8] : (byte[])[0x0F, 0x01, 2, 0, 4, 0, 0, 0, .. "22.5"u8],
        .. big ? [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0] : (byte[])[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
        .. "22.5N 113.9E"u8
    ];

    static byte[] Segment(byte marker, params byte[] data) => [0xFF, marker, 0, (byte)(data.Length + 2), .. data];

    [Theory]
    [InlineData(1, true)]
    [InlineData(6, true)]
    [InlineData(3, false)]
    [InlineData(8, false)]
    [InlineData(9, true)]
    public void A_JPEG_keeps_its_colours_and_how_it_is_turned_and_tells_nothing_else(byte orientation, bool big)
    {
        byte[] jfif = Segment(0xE0, [.. "JFIF\0"u8, 1, 1]), profile = Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1]), adobe = Segment(0xEE, [.. "Adobe"u8, 1]);
        byte[] picture = [.. Segment(0xDB, 1, 2), .. Scan, 7, 0xFF, 0, 8, 0xFF, 0xD0, 9, .. Segment(0xC4, 3), .. Scan, 4, 0xFF, 0xD9];
        byte[] shot =
        [
            0xFF, 0xD8, .. jfif, .. Segment(0xE1, Exif(orientation, big)), .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0 22.5N"u8]), .. profile,
            .. Segment(0xE2, [.. "MPF\0 22.5N"u8]), .. Segment(0xED, [.. "Photoshop 3.0\0 22.5N"u8]),
            .. adobe, .. Segment(0xFE, [.. "22.5N"u8]), 0xFF, .. picture,
            .. "a second picture, of 22.5N"u8
        ];
        byte[] turned = orientation is 1 or 9 ? []
            : Segment(0xE1, [.. "Exif\0\0MM\0*\0\0\0\x8"u8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
        var kept = ImageFile.Read(shot)!;
        Assert.Equal("image/jpeg", kept.Type);
        Assert.Equal([0xFF, 0xD8, .. jfif, .. turned, .. profile, .. adobe, .. picture], kept.Content);
        Assert.Equal(kept.Content, ImageFile.Read(kept.Content)!.Content);
    }

    [Fact]
    public void A_PNG_keeps_what_shows_it()
    {
        byte[] signature = PngSignature, head = Chunk("IHDR", new byte[13]), colours = Chunk("gAMA", [1]),
            data = Chunk("IDAT", [1, 2]), end = Chunk("IEND", []);
        var kept = ImageFile.Read([.. signature, .. head, .. Chunk("eXIf", Exif(1, true)), .. colours, .. Chunk("tEXt", [1]), .. Chunk("iTXt", [1]), .. data,
            .. Chunk("tIME", [1]), .. end, .. "22.5N"u8])!;
        Assert.Equal("image/png", kept.Type);
        Assert.Equal([.. signature, .. head, .. colours, .. data, .. end], kept.Content);
    }

    [Fact]
    public void A_WebP_keeps_what_shows_it()
    {
        var kept = ImageFile.Read([.. "RIFF"u8, 63, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0b0011_1100, 0, 0, 0, 1, 0, 0, 1, 0, 0,
            .. "ALPH"u8, 1, 0, 0, 0, 5, 0, .. "EXIF"u8, 5, 0, 0, 0, .. "22.5N"u8, 0, .. "VP8 "u8, 2, 0, 0, 0, 1, 2, .. "XMP "u8, 1, 0, 0, 0, 7, .. "22.5N"u8])!;
        Assert.Equal("image/webp", kept.Type);
        Assert.Equal([.. "RIFF"u8, 42, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0b0011_0000, 0, 0, 0, 1, 0, 0, 1, 0, 0, .. "ALPH"u8, 1, 0, 0, 0, 5, 0,
            .. "VP8 "u8, 2, 0, 0, 0, 1, 2], kept.Content);
    }
}
