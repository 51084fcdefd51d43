using ParkingSaaS.Core.Lots;

namespace ParkingSaaS.Web.Demo;

/// <param name="NameEn">Its English name.</param>
/// <param name="Plates">What plates of the city begin with.</param>
/// <param name="Areas">District and, below it, sub-district (empty where there is none).</param>
/// <param name="Roads">Road and the area it runs through.</param>
/// <param name="Companies">Company and the district it belongs to.</param>
/// <param name="Lots">The lots; the first is left to people.</param>
sealed record DemoCity(string Code, string Name, string NameEn, string Plates, (string District, string Below)[] Areas,
    (string Name, string Area)[] Roads, (string Name, string District)[] Companies, DemoLot[] Lots)
{
    /// <summary>Chance, of which the same seed makes the same.</summary>
    public Random Random(int seed) => new(seed + Code.Sum(c => c));
}

/// <param name="Key">Begins the names of its devices.</param>
/// <param name="Area">The name of the area it lies in.</param>
/// <param name="Company">The company's name.</param>
/// <param name="Address">Street address.</param>
/// <param name="Longitude">Degrees east, WGS 84.</param>
/// <param name="Latitude">Degrees north, WGS 84.</param>
/// <param name="Capacity">How many cars; on the street, also the number of berths.</param>
/// <param name="Tariff">Id of the tariff template it uses.</param>
/// <param name="Rhythm">When its cars come.</param>
/// <param name="CarsADay">How many come on a usual workday.</param>
/// <param name="Lanes">Names and directions of its lanes.</param>
/// <param name="Road">The name of the road it lies along; null for none.</param>
/// <param name="Zones">Names of its floors or zones and how many cars each holds. Berths are shared out in this order.</param>
/// <param name="CameraDialect">What its cameras speak.</param>
/// <param name="Simulated">False where the simulator sends nothing.</param>
sealed record DemoLot(string Key, string Name, LotKind Kind, string Area, string Company, string Address, double Longitude,
    double Latitude, int Capacity, string Tariff, DemoRhythm Rhythm, int CarsADay, (string Name, LaneDirection Direction)[] Lanes, string? Road,
    (string Name, int Capacity)[] Zones, string CameraDialect = "standard",
    bool Simulated = true);

/// <summary>The cities of the demo. Places are real, companies and lots made up.</summary>
static class DemoPlan
{
    /// <summary>The name of the gate that nobody can reach: its device stays off line.</summary>
    public const string LostGate = "houhai-3-gate";

    static readonly (string, LaneDirection)[] OneGate = [("大门", LaneDirection.Both)];
    static readonly (string, LaneDirection)[] InAndOut = [("入口", LaneDirection.Entry), ("出口", LaneDirection.Exit)];
    static readonly (string, LaneDirection)[] TwoSides =
        [("东入口", LaneDirection.Entry), ("东出口", LaneDirection.Exit), ("西入口", LaneDirection.Entry), ("西出口", LaneDirection.Exit)];

    /// <summary>Shenzhen and Hangzhou.</summary>
    public static readonly DemoCity[] Cities =
    [
        new("shenzhen", "深圳", "Shenzhen", "粤B",
            [("南山区", "粤海街道"), ("福田区", "华强北街道")],
            [("红荔路", "福田区"), ("科技南十二路", "粤海街道"), ("振华路", "华强北街道")],
            [("深圳鹏程停车管理有限公司", "南山区"), ("深圳莲花城市服务有限公司", "福田区")],
            [
                new("lianhua", "莲花山公园停车场（手动）", LotKind.OffStreet, "福田区", "深圳莲花城市服务有限公司", "红荔路 6030 号",
                    114.0552, 22.5536, 40, "off-street", DemoRhythm.Park, 27, OneGate, "红荔路", [], Simulated: false),
                new("keji", "科技园南区停车场", LotKind.OffStreet, "粤海街道", "深圳鹏程停车管理有限公司", "科技南十二路 18 号",
                    113.9462, 22.5331, 60, "off-street", DemoRhythm.Offices, 46, InAndOut, "科技南十二路", [("A 区", 35), ("B 区", 25)], CameraDialect: "zhenshi"),
                new("houhai", "后海广场地下停车库", LotKind.Indoor, "南山区", "深圳鹏程停车管理有限公司", "文心五路 33 号",
                    113.9358, 22.5172, 90, "off-street", DemoRhythm.Shops, 66, TwoSides, null, [("B1", 35), ("B2", 35), ("B3", 20)]),
                new("huaqiang", "振华路路内停车（华强北段）", LotKind.OnStreet, "华强北街道", "深圳莲花城市服务有限公司", "振华路 66–120 号",
                    114.0868, 22.5437, 12, "on-street", DemoRhythm.Street, 48, [], "振华路", [("东段", 6), ("西段", 6)])
            ]),
        new("hangzhou", "杭州", "Hangzhou", "浙A",
            [("西湖区", "灵隐街道"), ("上城区", "湖滨街道")],
            [("灵隐路", "西湖区"), ("学士路", "湖滨街道"), ("东坡路", "湖滨街道")],
            [("杭州西子停车服务有限公司", "西湖区"), ("杭州湖滨静态交通有限公司", "上城区")],
            [
                new("lingyin", "灵隐景区停车场（手动）", LotKind.OffStreet, "灵隐街道", "杭州西子停车服务有限公司", "灵隐路 12 号",
                    120.1021, 30.2421, 60, "per-entry", DemoRhythm.Park, 34, OneGate, "灵隐路", [], Simulated: false),
                new("huanglong", "黄龙体育中心停车场", LotKind.OffStreet, "西湖区", "杭州西子停车服务有限公司", "黄龙路 1 号",
                    120.1302, 30.2684, 80, "off-street", DemoRhythm.Sports, 46, TwoSides, null, [("南区", 45), ("北区", 35)]),
                new("hubin", "湖滨商圈地下停车库", LotKind.Indoor, "湖滨街道", "杭州湖滨静态交通有限公司", "东坡路 7 号",
                    120.1641, 30.2563, 70, "off-street", DemoRhythm.Shops, 56, InAndOut, "东坡路", [("B1", 35), ("B2", 35)], CameraDialect: "zhenshi"),
                new("yanan", "学士路路内停车（延安路口）", LotKind.OnStreet, "湖滨街道", "杭州湖滨静态交通有限公司", "学士路 1–55 号",
                    120.1652, 30.2581, 12, "on-street", DemoRhythm.Street, 46, [], "学士路", [("东段", 6), ("西段", 6)])
            ])
    ];
}
