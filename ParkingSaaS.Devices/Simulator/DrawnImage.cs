using System.Buffers.Binary;
using System.IO.Compression;

namespace ParkingSaaS.Devices.Simulator;

/// <summary>Drawings that stand in for what a camera would see.</summary>
public static class DrawnImage
{
    /// <summary>A PNG file.</summary>
    /// <param name="colour">The colour of the point so far from the left and from the top.</param>
    public static byte[] Png(int width, int height, Func<int, int, (byte R, byte G, byte B)> colour)
    {
        // Each line of a PNG begins with its filter: 0, none.
        var line = 1 + 3 * width;
        var lines = new byte[height * line];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                (lines[y * line + 1 + 3 * x], lines[y * line + 2 + 3 * x], lines[y * line + 3 + 3 * x]) = colour(x, y);
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, 2); // eight bits each of red, green and blue
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(lines);
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
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
