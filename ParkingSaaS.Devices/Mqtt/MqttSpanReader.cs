using System.Buffers.Binary;
using System.Text;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Reads the data types of section 1.5 from the body of one packet; a short body is malformed.</summary>
internal ref struct MqttSpanReader(ReadOnlySpan<byte> body)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = body;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public uint VarInt()
    {
        uint value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var b = Byte();
            value |= (uint)(b & 0x7F) << shift;
            if (b >= 0x80)
                continue;
            if (b == 0 && shift > 0)
                throw MqttProtocolException.Malformed("variable byte integer is longer than needed");
            return value;
        }

        throw MqttProtocolException.Malformed("variable byte integer has more than four bytes");
    }

    public ReadOnlyMemory<byte> Binary() => Take(UInt16()).ToArray();

    public string Text()
    {
        var bytes = Take(UInt16());
        if (bytes.Contains((byte)0))
            throw MqttProtocolException.Malformed("string contains U+0000");
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw MqttProtocolException.Malformed("string is not UTF-8");
        }
    }

    public ushort PacketId()
    {
        var id = UInt16();
        return id != 0 ? id : throw MqttProtocolException.Error("packet identifier is 0");
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw MqttProtocolException.Malformed("packet ends early");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public ReadOnlyMemory<byte> Rest() => _rest.IsEmpty ? default : Take(_rest.Length).ToArray();
}
