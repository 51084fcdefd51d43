using System.Buffers.Binary;
using System.IO.Compression;
using ParkingSaaS.Core.Lots;

namespace ParkingSaaS.Web.Demo;

/// <summary>Draws what stands in for a photo of a lot: a row of berths with cars.</summary>
static class DemoPhoto
{
    const int Width = 480;
    const int Height = 320;

    static readonly (byte R, byte G, byte B)[] Cars = [(193, 57, 43), (236, 240, 241), (41, 98, 155), (60, 64, 67), (211, 166, 37)];

    /// <summary>The picture as a PNG file.</summary>
    public static byte[] Draw(LotKind kind)
    {
        // Each line of a PNG begins with its filter: 0, none.
        var lines = new byte[Height * (1 + 3 * Width)];
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                (lines[At(x, y)], lines[At(x, y) + 1], lines[At(x, y) + 2]) = Colour(kind, x, y);
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], Height);
        (header[8], header[9]) = (8, 2); // eight bits each of red, green and blue
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(lines);
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    static int At(int x, int y) => y * (1 + 3 * Width) + 1 + 3 * x;

    static (byte, byte, byte) Colour(LotKind kind, int x, int y)
    {
        if (y < 110)
            return kind is LotKind.Indoor ? y is > 30 and < 38 && x % 120 < 70 ? ((byte)255, (byte)246, (byte)214) : ((byte)96, (byte)100, (byte)106)
                : y > 88 - 10 * (x / 60 % 3) ? ((byte)96, (byte)138, (byte)92)
                : ((byte)(150 + y / 2), (byte)(195 + y / 4), (byte)235);
        if (kind is LotKind.OnStreet && y > 270)
            return ((byte)176, (byte)172, (byte)164);
        var (berth, inside) = (x / 80, x % 80);
        if (y is > 130 and < 250 && inside < 4)
            return (245, 245, 245);
        // Every third berth is free.
        if (berth % 3 != 2 && inside is > 16 and < 68 && y is > 145 and < 240)
            return y is > 160 and < 178 && inside is > 22 and < 62 ? ((byte)52, (byte)62, (byte)74) : Cars[berth % Cars.Length];
        return kind is LotKind.Indoor ? ((byte)84, (byte)104, (byte)98) : ((byte)78, (byte)80, (byte)84);
    }

    static void Chunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32([.. type, .. data]));
        file.Write(number);
    }

    /// <summary>The check value of a PNG's chunk (ISO 3309).</summary>
    static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return ~crc;
    }
}
