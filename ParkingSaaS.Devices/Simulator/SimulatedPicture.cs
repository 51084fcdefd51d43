namespace ParkingSaaS.Devices.Simulator;

/// <summary>Draws what a lane's camera sees: a car and its plate.</summary>
static class SimulatedPicture
{
    const int Width = 320;
    const int Height = 180;

    /// <summary>Points of the picture to a point of a letter, which is three wide and five high.</summary>
    const int Scale = 4;

    const int PlateTop = 124;

    static readonly (byte, byte, byte) White = (245, 245, 245), Dark = (38, 42, 48), Blue = (22, 82, 178), Green = (126, 205, 148), Lamp = (255, 244, 200),
        Sky = (165, 200, 225), Road = (92, 94, 98);
    static readonly (byte, byte, byte)[] Paints = [(193, 57, 43), (208, 211, 212), (41, 98, 155), (60, 64, 67), (211, 166, 37)];

    /// <summary>0–9, then A–Z, each with five rows of three points as octal digits.</summary>
    const string Letters = "755572622771747717175571174717747577111175757757172575565656344436555674647746443455355755"
        + "722271115255655444475775565555755576564425573656553421672222555575555255775552555522271247";

    /// <summary>What is no letter that we can draw.</summary>
    const string Other = "27272";

    /// <summary>A PNG of some kilobytes.</summary>
    /// <param name="plate">What stands on the plate.</param>
    /// <param name="green">The plate of an electric car; otherwise a blue one.</param>
    public static byte[] Draw(string plate, bool green)
    {
        var paint = Paints[plate.Sum(c => c) % Paints.Length];
        var left = (Width - plate.Length * 4 * Scale) / 2;
        var (ground, ink) = green ? (Green, Dark) : (Blue, White);
        return DrawnImage.Png(Width, Height, (x, y) =>
        {
            var aside = Math.Abs(x - Width / 2);
            return x >= left - 6 && x < Width - left + 3 && y is >= PlateTop - 6 and < PlateTop + 5 * Scale + 6
                    ? IsInk(plate, x - left, y - PlateTop) ? ink : ground
                : y is > 40 and < 84 && aside < 70 + (y - 40) / 2 ? aside < 60 + (y - 40) / 2 && y > 48 ? Dark : paint
                : y is >= 84 and < 156 && aside < 112 ? y is > 96 and < 112 && aside > 74 ? Lamp : paint
                : y is >= 156 and < 170 && aside is > 66 and < 104 ? Dark
                : y < 60 ? Sky
                : aside is > 134 and < 142 ? White
                : Road;
        });
    }

    static bool IsInk(string plate, int x, int y)
    {
        if (x < 0 || y is < 0 or >= 5 * Scale || x / (4 * Scale) >= plate.Length || x / Scale % 4 == 3)
            return false;
        var letter = plate[x / (4 * Scale)];
        var rows = char.IsAsciiDigit(letter) ? Letters.AsSpan((letter - '0') * 5, 5)
            : char.IsAsciiLetterUpper(letter) ? Letters.AsSpan((letter - 'A' + 10) * 5, 5)
            : Other;
        return (rows[y / Scale] - '0' >> 2 - x / Scale % 4 & 1) == 1;
    }
}
