using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Writes the data types of section 1.5.</summary>
internal readonly ref struct MqttBufferWriter(IBufferWriter<byte> output)
{
    public void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), value);
        output.Advance(2);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    public void VarInt(uint value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 268_435_455u);
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    public void Bytes(ReadOnlySpan<byte> value) => output.Write(value);

    /// <summary>With two bytes of length before it; longer than 65,535 bytes throws.</summary>
    public void Binary(ReadOnlySpan<byte> value)
    {
        UInt16(checked((ushort)value.Length));
        Bytes(value);
    }

    public void Text(string value)
    {
        var length = checked((ushort)Encoding.UTF8.GetByteCount(value));
        UInt16(length);
        Encoding.UTF8.GetBytes(value, output.GetSpan(length));
        output.Advance(length);
    }

    public void Property(byte id, byte? value)
    {
        if (value is not { } present)
            return;
        Byte(id);
        Byte(present);
    }

    public void Property(byte id, ushort? value)
    {
        if (value is not { } present)
            return;
        Byte(id);
        UInt16(present);
    }

    public void Property(byte id, uint? value)
    {
        if (value is not { } present)
            return;
        Byte(id);
        UInt32(present);
    }

    public void Property(byte id, string? value)
    {
        if (value is null)
            return;
        Byte(id);
        Text(value);
    }

    public void Property(byte id, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } present)
            return;
        Byte(id);
        Binary(present.Span);
    }
}
