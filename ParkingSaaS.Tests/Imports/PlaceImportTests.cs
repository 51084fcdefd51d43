using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Imports;

/// <summary>Tables of lanes and of berths.</summary>
public sealed class PlaceImportTests(Cluster cluster) : ImportTest(cluster)
{
    Task<List<(string, LaneDirection)>> LanesAsync() => ReadAsync(async s => (await s.Db.Set<Lane>().Where(l => l.RetiredAt == null)
        .OrderBy(l => l.Name).ToListAsync(Ct)).ConvertAll(l => (l.Name, l.Direction)));

    [Fact]
    public async Task Lanes_are_added_changed_and_left_alone()
    {
        const string Text = "Lot,Name,Direction\nNorth,In,Entry\nNorth,Out,出入口\nNorth,West,Exit";
        var plan = (await PreviewAsync<ImportLanes>(File(Text))).Value;
        Assert.Equal([("North · In", false, 0), ("North · Out", false, 1), ("North · West", true, 1)],
            plan.Rows.Select(r => (r.Name, r.IsNew, r.Changes.Count)));
        Assert.Equal(new FieldChange("Direction", "Exit", "Both"), plan.Rows[1].Changes[0]);
        await TakeAsync<ImportLanes>(Text);
        Assert.Equal([("In", LaneDirection.Entry), ("Out", LaneDirection.Both), ("West", LaneDirection.Exit)], await LanesAsync());
        await AgainNothingAsync<ImportLanes>(Text);
    }

    [Fact]
    public async Task On_a_lots_page_a_file_of_its_lanes_need_not_name_it()
    {
        await TakeAsync<ImportLanes>("Name,Direction\nWest,Exit", lotId: City.North.Id);
        await AgainNothingAsync<ImportLanes>("Name,Direction\nWest,Exit", City.North.Id);
        Assert.Equal(new MissingColumns(new(["Lot"])), (await PreviewAsync<ImportLanes>(File("Name,Direction\nWest,Exit"))).Error);
        // A lot out of reach is none.
        var foreign = Assert.IsType<BadCells>((await PreviewAsync<ImportLanes>(File("Name,Direction\nWest,Exit", lotId: City.South.Id), NorthCompany)).Error);
        Assert.Equal([new BadCell("A2", new InvalidField("LotId", "required"))], foreign.Cells);
    }

    [Fact]
    public async Task A_file_for_one_lot_changes_no_other()
    {
        await RefusedAsync<ImportLanes>("Lot,Name,Direction\nNorth,West,Exit\nSouth,West,Exit\nNowhere,West,Exit");
        await RefusedAsync<ImportBerths>("Lot,Number\nNorth,A1\nSouth,A1\nNowhere,A1");
        await RefusedAsync<ImportDevices>("Lot,Name,Kind,Lane or berth\nNorth,a,Gate,In\nSouth,b,Gate,In\nNowhere,c,Gate,In");
        await TakeAsync<ImportBerths>("Lot,Number\nNorth,A1\n,A2", lotId: City.North.Id);

        async Task RefusedAsync<T>(string text) where T : TableImport => Assert.Equal(
            [new BadCell("A3", new OtherLot("South", "North")), new BadCell("A4", new OtherLot("Nowhere", "North"))],
            Assert.IsType<BadCells>((await PreviewAsync<T>(File(text, lotId: City.North.Id))).Error).Cells);
    }

    [Fact]
    public async Task What_is_wrong_with_a_lane_is_said_of_its_cell()
    {
        var wrong = await WrongAsync<ImportLanes>(
            $"Lot,Name,Direction\nSouth,A,Entry\nNowhere,A,Entry\nNorth,A,sideways\nNorth,,Entry\n"
            + $"North,B,\nNorth,{new string('x', 65)},Exit\nNorth,B,Exit\n,C,Exit");
        Assert.Equal(["A2", "A3", "C4", "B5", "C6", "B7", "B8", "A9"], wrong.Select(w => w.Cell));
        Assert.Equal(
        [
            "lots.no-lanes-on-street", "import.unknown-name", "import.not-one-of", "field.required", "field.required", "field.too-long", "import.repeated-line",
            "field.required"
        ], wrong.Select(w => w.Problem.Code));
        Assert.Equal([("A2", new UnknownName("LotId", "South") as Error)], await WrongAsync<ImportLanes>("Lot,Name,Direction\nSouth,A,Entry", NorthCompany));
    }

    [Fact]
    public async Task Berths_are_added_one_by_one_and_in_rows_and_changed()
    {
        await ReadAsync(async s =>
        {
            s.Db.Add(new LotZone { Id = Guid.CreateVersion7(), LotId = City.South.Id, Name = "B1" });
            return await s.Db.SaveChangesAsync(Ct);
        });
        const string Text = "Lot,Number,Type,Zone,Longitude,Latitude\nSouth,1,Charging,B1,114.05,22.54\nSouth,2,,,,\nSouth,A001–A003,Large,B1,,\nNorth,7,,,,";
        var plan = (await PreviewAsync<ImportBerths>(File(Text))).Value;
        Assert.Equal((4, 1, 1), (plan.Added, plan.Changed, plan.Unchanged));
        Assert.Equal(
        [
            new("Type", "Standard", "Charging"), new("ZoneId", "", "B1"), new("Longitude", null, 114.05), new("Latitude", null, 22.54)
        ], plan.Rows[0].Changes);
        await TakeAsync<ImportBerths>(Text);
        Assert.Equal(["1 Charging", "2 Standard", "A001 Large", "A002 Large", "A003 Large"], await ReadAsync(s => s.Db.Set<Berth>()
            .Where(b => b.LotId == City.South.Id).OrderBy(b => b.Number).Select(b => b.Number + " " + b.Type).ToListAsync(Ct)));
        await AgainNothingAsync<ImportBerths>(Text);
    }

    [Fact]
    public async Task What_is_wrong_with_a_berth_is_said_of_its_cell()
    {
        var wrong = await WrongAsync<ImportBerths>("Lot,Number,Type,Zone,Longitude,Latitude\nSouth,A1–A9,Sofa,,,\nSouth,3,,Nowhere,,\nSouth,4,,,114,\n"
            + "South,5,,,114,91\nSouth,A9–A1,,,,\nSouth,12345678901234567,,,,\nSouth,6–8,,,,\nSouth,7,,,,\nNowhere,1,,,,\nSouth,9,,,east,");
        Assert.Equal(["C2", "D3", "F4", "F5", "B6", "B7", "B9", "A10", "E11"], wrong.Select(w => w.Cell));
        Assert.Equal(
        [
            "import.not-one-of", "import.unknown-name", "field.required", "field.out-of-range", "field.out-of-range", "field.too-long", "import.repeated-line",
            "import.unknown-name", "import.no-number"
        ], wrong.Select(w => w.Problem.Code));
        Assert.Equal([("A2", new UnknownName("LotId", "South") as Error)], await WrongAsync<ImportBerths>("Lot,Number\nSouth,1", NorthCompany));
    }

    [Fact]
    public async Task Few_lines_do_not_make_berths_without_end()
    {
        var rows = string.Concat(Enumerable.Range(0, 41).Select(i => $"South,{(char)('A' + i % 26)}{i / 26}x001–{(char)('A' + i % 26)}{i / 26}x500\n"));
        Assert.Equal([("B42", new TooManyRows(20_000) as Error)], await WrongAsync<ImportBerths>("Lot,Number\n" + rows));
    }
}
