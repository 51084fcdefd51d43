namespace ParkingSaaS.Core.Vehicles;

/// <summary>A form of plates of vehicles in public service, ready to be put on the list of special plates. Which of them park free, and
/// whether only on duty, is said by the rules of the place.</summary>
/// <param name="Example">A plate of that form.</param>
/// <param name="Source">The standard or notice that gives such plates to such vehicles.</param>
public sealed record OfficialForm(PlateKind Kind, string Example, string Source)
{
    /// <summary>Those that come with the product.</summary>
    public static IReadOnlyList<OfficialForm> All { get; } =
    [
        new(PlateKind.Police, "粤B1234警", "GA 36—2018"),
        new(PlateKind.ArmedPolice, "WJ粤12345", "2012 式武警部队车辆号牌"),
        new(PlateKind.Army, "KA12345", "2012 式军车号牌"),
        new(PlateKind.Emergency, "粤S1234应急", "国办发〔2018〕114 号"),
        new(PlateKind.Embassy, "使123456", "GA 36—2018"),
        new(PlateKind.Consulate, "粤B1234领", "GA 36—2018")
    ];
}
