using ParkingSaaS.Core.Lots;
using ParkingSaaS.Devices.Simulator;

namespace ParkingSaaS.Web.Demo;

/// <summary>Draws what stands in for a photo of a lot: a row of berths with cars.</summary>
static class DemoPhoto
{
    const int Width = 480;
    const int Height = 320;

    static readonly (byte R, byte G, byte B)[] Cars = [(193, 57, 43), (236, 240, 241), (41, 98, 155), (60, 64, 67), (211, 166, 37)];

    /// <summary>The picture as a PNG file.</summary>
    public static byte[] Draw(LotKind kind) => DrawnImage.Png(Width, Height, (x, y) => Colour(kind, x, y));

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
}
