using System.Globalization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Web.Demo;

/// <summary>A car of the demo. All plates are made up.</summary>
readonly record struct DemoCar(string Plate, PlateColour Colour, VehicleKind Vehicle)
{
    /// <summary>The car that has such a plate.</summary>
    public static DemoCar Of(string plate)
    {
        var colour = PlateGrammar.ColourOf(plate, VehicleKind.Small);
        return new DemoCar(plate, colour, PlateGrammar.VehicleOf(plate, colour));
    }
}

/// <summary>The cars of a city. The same seed makes the same ones.</summary>
sealed class DemoCars
{
    const int Known = 2600;
    const int WithOwner = 36;
    const int WithPass = 64;
    const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    static readonly string[] Elsewhere = ["粤A", "粤S", "浙B", "沪C", "苏E", "赣A", "湘A", "京N"];

    readonly string home;
    readonly DemoCar[] regulars;

    public DemoCars(DemoCity city, int seed)
    {
        home = city.Plates;
        var random = city.Random(seed);
        var cars = new Dictionary<string, DemoCar>();
        while (cars.Count < Known)
            if (Make(random) is var car)
                cars.TryAdd(car.Plate, car);
        var all = cars.Values.ToArray();
        (Holders, regulars) = (all[..WithPass], all[WithPass..]);
    }

    /// <summary>Cars of holders of passes.</summary>
    public IReadOnlyList<DemoCar> Holders { get; }

    /// <summary>Of those that come again and again, the ones whose owners are known.</summary>
    public IReadOnlyList<DemoCar> Owned => regulars[..WithOwner];

    /// <summary>Somebody who comes: one of those that come again and again, or a stranger.</summary>
    public DemoCar Next(Random random) => random.Next(100) < 55 ? regulars[random.Next(regulars.Length)] : Make(random);

    DemoCar Make(Random random)
    {
        var region = random.Next(100) < 82 ? home : Elsewhere[random.Next(Elsewhere.Length)];
        var digits = random.Next(10_000, 100_000).ToString(CultureInfo.InvariantCulture);
        return random.Next(100) switch
        {
            < 34 => new DemoCar($"{region}{(random.Next(3) == 0 ? 'F' : 'D')}{digits}", PlateColour.Green, VehicleKind.Small),
            < 36 => new DemoCar($"{region}{Letters[random.Next(Letters.Length)]}{digits[1..]}", PlateColour.Yellow, VehicleKind.Large),
            _ => new DemoCar($"{region}{Letters[random.Next(Letters.Length)]}{digits[1..]}", PlateColour.Blue, VehicleKind.Small)
        };
    }
}
