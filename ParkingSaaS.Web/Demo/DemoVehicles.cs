using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Web.Demo;

/// <summary>A group, entries of every list, and owners of cars. All of them are made up.</summary>
static class DemoVehicles
{
    static readonly string[] Families = ["陈", "林", "黄", "张", "李", "王", "吴", "刘", "周", "徐", "郑", "何"];
    static readonly string[] Given = ["先生", "女士", "建华", "晓燕", "志明", "丽娟", "伟", "静"];

    /// <summary>The plates of the group of buses, which park free.</summary>
    public static IEnumerable<string> Buses(DemoCity plan) => Enumerable.Range(1, 8).Select(i => $"{plan.Plates}0680{i}D");

    /// <summary>A police car.</summary>
    public static string Police(DemoCity plan) => plan.Plates + "1608警";

    /// <summary>A guest of the first lot, whom the white list has.</summary>
    public static string Guest(DemoCity plan) => plan.Plates + "66Q88";

    /// <summary>A car that left unpaid again and again, and is on the black list for it.</summary>
    public static string Refused(DemoCity plan) => plan.Plates + "9K404";

    /// <summary>A car with a debt of a few days ago, whose owner is known.</summary>
    public static string Indebted(DemoCity plan) => plan.Plates + "7W21X";

    /// <summary>A car that has not moved for long, whose owner is known.</summary>
    public static string Left(DemoCity plan) => plan.Plates + "3M55Y";

    /// <summary>Adds them to the session, unless the city has some already.</summary>
    public static async Task AddAsync(CitySession s, DemoCity plan, DemoCars cars, List<DemoFileLot> lots, CancellationToken ct)
    {
        if (await s.Db.Set<PlateGroup>().AnyAsync(ct) || await s.Db.Set<Owner>().AnyAsync(ct))
            return;
        var group = new PlateGroup { Id = Guid.CreateVersion7(), Name = "公交车队", Note = "示例", ChangedBy = s.Actor.Name, ChangedAt = s.Now };
        s.Db.Add(group);
        s.Db.AddRange(Buses(plan).Select(plate => new PlateGroupPlate { GroupId = group.Id, Plate = plate }));
        foreach (var form in OfficialForm.All.Take(4))
            List(PlateListKind.Special, form.Source).Form = form.Kind;
        List(PlateListKind.White, "公交线路首末站").GroupId = group.Id;
        var guest = List(PlateListKind.White, "物业访客");
        (guest.Pattern, guest.LotIds, guest.Until) = (Guest(plan), [lots[0].Id], s.City.Zone.Date(s.Now).AddDays(30));
        List(PlateListKind.Black, "多次逃费").Pattern = Refused(plan);

        Add("+8613800000001", "李女士", OwnerLanguage.Chinese, DemoCar.Of(Indebted(plan)), DemoCar.Of(plan.Plates + "D20260"));
        Add("+8613800000002", "", OwnerLanguage.Chinese, DemoCar.Of(Left(plan)));
        Add("+85290000003", "Chris Wong", OwnerLanguage.English, DemoCar.Of(plan.Plates + "8H08Z"));
        foreach (var (i, car) in cars.Owned.Index())
            Add("+86139000" + (10_001 + i).ToString(CultureInfo.InvariantCulture), Families[i % Families.Length] + Given[i % Given.Length],
                OwnerLanguage.Chinese, car);

        PlateRule List(PlateListKind kind, string reason)
        {
            var rule = new PlateRule
            {
                Id = Guid.CreateVersion7(),
                Kind = kind,
                Reason = reason,
                Wild = kind is PlateListKind.Special,
                ChangedBy = s.Actor.Name,
                ChangedAt = s.Now
            };
            s.Db.Add(rule);
            return rule;
        }

        void Add(string phone, string name, OwnerLanguage language, params DemoCar[] owned)
        {
            var owner = new Owner
            {
                Id = Guid.CreateVersion7(),
                Phone = phone,
                Name = name,
                Language = language,
                CreatedAt = s.Now,
                ChangedBy = s.Actor.Name,
                ChangedAt = s.Now
            };
            s.Db.Add(owner);
            s.Db.AddRange(owned.Select((car, i) =>
                new OwnerPlate { Plate = car.Plate, OwnerId = owner.Id, Colour = car.Colour, Vehicle = car.Vehicle, IsDefault = i == 0 }));
        }
    }
}
