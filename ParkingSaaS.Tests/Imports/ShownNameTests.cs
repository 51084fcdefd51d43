using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Imports;

namespace ParkingSaaS.Tests.Imports;

/// <summary>Who reads a thing's name in another language writes it so into a table.</summary>
public sealed class ShownNameTests(Cluster cluster) : ImportTest(cluster)
{
    async Task TranslateAsync(params (string Name, string English)[] names)
    {
        foreach (var (name, english) in names)
            Assert.True((await platform.Get<TranslateName>().RunAsync(City.User(NamePermissions.Translate), new TranslatedName(name, english, null), Ct)).Ok);
    }

    async Task AddAsync(params object[] rows)
    {
        await using var s = await City.OpenAsync();
        s.Db.AddRange(rows);
        await s.Db.SaveChangesAsync(Ct);
    }

    static Lot Lot(TestCity city, string name) => new()
    {
        Id = Guid.CreateVersion7(),
        Name = name,
        Kind = LotKind.Indoor,
        AreaId = city.NorthArea.Id,
        CompanyId = city.NorthCompany.Id,
        Capacity = 30
    };

    [Fact]
    public async Task A_row_finds_its_lot_and_what_it_refers_to_by_the_names_that_people_read()
    {
        await AddAsync(Lot(City, "湖滨车库"));
        await TranslateAsync(("湖滨车库", "Hubin Garage"), ("North district", "Xihu District"), ("North Ltd", "Beijing Parking"));
        const string Text = "Name,Kind,Area,Capacity,Company\nHubin Garage,Indoor,Xihu District,50,Beijing Parking";
        var row = Assert.Single((await PreviewAsync<ImportLots>(File(Text))).Value.Rows);
        Assert.Equal(("湖滨车库", false), (row.Name, row.IsNew));
        Assert.Equal([new FieldChange("Capacity", 30, 50)], row.Changes);
        await TakeAsync<ImportLots>(Text);
        Assert.Equal(50, (await LotAsync("湖滨车库")).Capacity);
        await AgainNothingAsync<ImportLots>(Text);
        Assert.Equal([("A3", new RepeatedLine("湖滨车库", 2) as Error)], await WrongAsync<ImportLots>(Text + "\n湖滨车库,,,60,"));
    }

    [Fact]
    public async Task An_area_may_be_written_with_those_above_it_in_either_language()
    {
        var top = new Area { Id = Guid.CreateVersion7(), Name = "杭州" };
        var below = new Area { Id = Guid.CreateVersion7(), Name = "西湖区", ParentId = top.Id };
        await AddAsync(top, below);
        await TranslateAsync(("杭州", "Hangzhou"), ("西湖区", "Xihu District"));
        await TakeAsync<ImportLots>("Name,Kind,Area,Capacity\nA,Indoor,Hangzhou / Xihu District,1\nB,Indoor,杭州/Xihu District,1\nC,Indoor,西湖区,1");
        foreach (var name in "ABC")
            Assert.Equal(below.Id, (await LotAsync($"{name}")).AreaId);
    }

    [Fact]
    public async Task A_name_as_it_was_given_comes_first_and_one_that_several_are_read_by_is_refused()
    {
        await AddAsync(Lot(City, "甲"), Lot(City, "乙"), Lot(City, "丙"));
        await TranslateAsync(("甲", "Garage"), ("乙", "Garage"), ("丙", "North"));
        Assert.Equal([("A2", new AmbiguousName("Name", "Garage") as Error)],
            await WrongAsync<ImportLots>("Name,Kind,Area,Capacity\nGarage,Indoor,North district,1"));
        Assert.Equal([("A2", new AmbiguousName("LotId", "Garage") as Error)], await WrongAsync<ImportLanes>("Lot,Name,Direction\nGarage,West,Exit"));
        await TakeAsync<ImportLots>("Name,Capacity,Kind,Area\nNorth,77,,");
        Assert.Equal((77, 30), ((await LotAsync("North")).Capacity, (await LotAsync("丙")).Capacity));
    }

    [Fact]
    public async Task Lanes_zones_and_the_places_of_devices_are_known_by_what_people_read()
    {
        var lot = Lot(City, "湖滨车库");
        await AddAsync(lot, new Lane { Id = Guid.CreateVersion7(), LotId = lot.Id, Name = "出口", Direction = LaneDirection.Entry },
            new LotZone { Id = Guid.CreateVersion7(), LotId = lot.Id, Name = "一层" });
        await TranslateAsync(("湖滨车库", "Hubin Garage"), ("出口", "Exit"), ("一层", "First floor"));
        const string Lanes = "Lot,Name,Direction\nHubin Garage,Exit,Exit";
        Assert.Equal((0, 1), await TakeAsync<ImportLanes>(Lanes) is var lanes ? (lanes.Added, lanes.Changed) : default);
        await AgainNothingAsync<ImportLanes>(Lanes);
        await TakeAsync<ImportBerths>("Lot,Number,Zone\nHubin Garage,A1,First floor");
        await TakeAsync<ImportDevices>("Lot,Name,Kind,Lane or berth\nHubin Garage,gate-x,Gate,Exit");
        var placed = await ReadAsync(s => s.Db.Set<Device>().Where(d => d.Name == "gate-x").Join(s.Db.Set<Lane>(), d => d.LaneId, l => l.Id, (_, l) => l.Name)
            .SingleAsync(Ct));
        Assert.Equal("出口", placed);
    }

    [Fact]
    public async Task Every_wrong_cell_of_a_row_is_told_at_once()
    {
        Assert.Equal(["B2", "C2", "D2", "E2"], await CellsAsync<ImportLots>("Name,Kind,Area,Capacity,Minutes to leave\nA,Attic,Nowhere,-1,99999"));
        Assert.Equal(["A2", "B2", "C2"], await CellsAsync<ImportLanes>("Lot,Name,Direction\nNowhere," + new string('x', 65) + ",sideways"));
        Assert.Equal(["A2", "B2", "C2", "D2"], await CellsAsync<ImportBerths>("Lot,Number,Type,Longitude,Latitude\nNowhere,A9–A1,odd,999,22"));
        Assert.Equal(["A2", "B2", "C2", "D2"], await CellsAsync<ImportDevices>("Lot,Name,Kind,Lane or berth\nNowhere,a b,toaster,"));

        async Task<IEnumerable<string>> CellsAsync<T>(string text) where T : TableImport => (await WrongAsync<T>(text)).Select(w => w.Cell).Order();
    }

    [Fact]
    public async Task A_first_row_that_is_no_heading_is_said_to_be_none_with_those_that_there_are()
    {
        var error = Assert.IsType<HeadingMissing>((await PreviewAsync<ImportLanes>(File("North,West,Exit\nNorth,East,Exit"))).Error);
        Assert.Equal(["Lot", "Name", "Direction"], error.Titles.Keys);
    }

    [Fact]
    public async Task The_preview_calls_things_as_their_reader_does()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        await AddAsync(Lot(City, "湖滨车库"));
        await TranslateAsync(("湖滨车库", "Hubin Garage"), ("西口", "West gate"), ("North district", "Xihu District"));
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var lanes = context.Render<ImportForm>(p => p.Add(f => f.Imports, [platform.Get<ImportLanes>()]));
        await lanes.Find("#Text").ChangeAsync("Lot,Name,Direction\nHubin Garage,西口,Exit");
        await lanes.Find("form").SubmitAsync();
        Assert.Contains("Hubin Garage · West gate", lanes.Find(".import-preview").TextContent);
        var lots = context.Render<ImportForm>(p => p.Add(f => f.Imports, [platform.Get<ImportLots>()]));
        await lots.Find("#Text").ChangeAsync("Name,Kind,Area,Capacity\nQuay,Indoor,North district,3");
        await lots.Find("form").SubmitAsync();
        Assert.Contains("Area: Xihu District", lots.Find(".import-preview").TextContent);
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_at_the_field_of_the_file_and_when_it_is_looked_at()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var form = context.Render<ImportForm>(p => p.Add(f => f.Imports, [platform.Get<ImportLanes>()]));
        form.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46], "photo.xlsx"));
        var said = (await form.WaitForElementAsync(".field-invalid [role=alert]")).TextContent;
        await form.Find("form").SubmitAsync();
        Assert.Equal(said, form.Find(".message-error").TextContent);
        Assert.Single(form.FindAll(".field-invalid label[for=File]"));
        await form.Find("#Text").ChangeAsync("Lot,Name,Direction\nNorth,West,Exit");
        await form.Find("form").SubmitAsync();
        Assert.Contains("North · West", form.Find(".import-preview").TextContent);
    }
}
