using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Imports;

/// <summary>Tables of lots, and what holds for every table.</summary>
public sealed class LotImportTests(Cluster cluster) : ImportTest(cluster)
{
    const string Heading = "Name,Kind,Area,Capacity,Company,Address,Longitude,Latitude,Minutes to leave\n";

    [Fact]
    public async Task Lots_are_added_changed_and_left_alone_each_as_the_preview_says()
    {
        const string Text = Heading
            + "Harbour,Indoor,North district,250,North Ltd,1 Quay,114.05,22.54,20\n"
            + "North,Off-street,North district,120,North Ltd,,,,\n"
            + "South,OnStreet,South district,2,South Ltd,,,,";
        var plan = (await PreviewAsync<ImportLots>(File(Text))).Value;
        Assert.Equal((1, 1, 1), (plan.Added, plan.Changed, plan.Unchanged));
        Assert.Equal([(2, "Harbour", true), (3, "North", false), (4, "South", false)], plan.Rows.Select(r => (r.Line, r.Name, r.IsNew)));
        Assert.Equal([new FieldChange("Capacity", 100, 120)], plan.Rows[1].Changes);
        Assert.Contains(new FieldChange("CompanyId", null, "North Ltd"), plan.Rows[0].Changes);
        Assert.Contains(new FieldChange("Kind", null, "Indoor"), plan.Rows[0].Changes);
        await TakeAsync<ImportLots>(Text);
        var lot = await LotAsync("Harbour");
        Assert.Equal((LotKind.Indoor, City.NorthArea.Id, City.NorthCompany.Id, "1 Quay", 114.05, 22.54, 250, 20),
            (lot.Kind, lot.AreaId, lot.CompanyId, lot.Address, lot.Longitude, lot.Latitude, lot.Capacity, lot.PrepaidMinutesToLeave));
        Assert.Equal(120, (await LotAsync("North")).Capacity);
        await AgainNothingAsync<ImportLots>(Text);
    }

    [Fact]
    public async Task A_Chinese_heading_and_Chinese_words_say_the_same_in_any_order()
    {
        await TakeAsync<ImportLots>("类型,区域,名称,车位总数\n室内,North district,港口,30\nINDOOR,South district,码头,40");
        Assert.Equal((LotKind.Indoor, 30), ((await LotAsync("港口")).Kind, (await LotAsync("港口")).Capacity));
        Assert.Equal(LotKind.Indoor, (await LotAsync("码头")).Kind);
    }

    [Fact]
    public async Task A_workbook_keeps_its_cells_and_what_explains_it_is_not_read()
    {
        var book = await SheetFile.OfAsync(["Name", "Kind", "Area", "Capacity"],
            ["# unique, in the city", "one of: a, b", "its name", "0–100,000"], ["Harbour", "Indoor", "Nowhere", 30], ["Quay", "Attic", "North district", 30]);
        var text = TextTable.Open(book, TableImport.MaxLength).Value;
        Assert.Equal([("C3", new UnknownName("AreaId", "Nowhere")), ("B4", "import.not-one-of")],
            (await WrongAsync<ImportLots>(text)).Select(c => (c.Cell, c.Cell == "C3" ? (object)c.Problem : c.Problem.Code)));
    }

    [Fact]
    public async Task What_is_wrong_is_said_of_each_cell_and_nothing_is_saved()
    {
        var wrong = await WrongAsync<ImportLots>(Heading
            + ",Indoor,North district,250,,,,,\n"
            + "A,ANPRX,North district,250,,,,,\n"
            + "B,Indoor,Nowhere,many,,,,,\n"
            + "C,Indoor,North district,-1,,,,,\n"
            + "D,Indoor,North district,5,Nobody Ltd,,,,\n"
            + "E,Indoor,North district,5,,,114,,\n"
            + "E,Indoor,North district,5,,,,,\n"
            + "North,Indoor,North district,100,,,,,\n"
            + "F,,,,,,,,\n"
            + "G,Indoor,North district,5,,,191,22,");
        Assert.Equal(["A2", "B3", "C4", "D4", "D5", "E6", "H7", "A8", "B9", "B10", "C10", "D10", "G11"], wrong.Select(w => w.Cell));
        var kinds = new TextKeys(["LotKind.OnStreet", "LotKind.OffStreet", "LotKind.Indoor"]);
        Assert.Equal(
        [
            new InvalidField("Name", "required"), new NotOneOf("Kind", "ANPRX", kinds), new UnknownName("AreaId", "Nowhere"), new NoNumber("Capacity", "many"),
            new InvalidField("Capacity", "out-of-range"), new UnknownName("CompanyId", "Nobody Ltd"), new InvalidField("Latitude", "required"),
            new RepeatedLine("E", 7), new CannotChange("Kind"), new InvalidField("Kind", "required"), new InvalidField("AreaId", "required"),
            new InvalidField("Capacity", "required"), new InvalidField("Longitude", "out-of-range")
        ], wrong.Select(w => w.Problem));
    }

    [Fact]
    public async Task A_heading_must_say_which_column_is_which()
    {
        Assert.Equal(new MissingColumns(new(["Area", "Capacity"])), (await PreviewAsync<ImportLots>(File("Name,Kind\nA,Indoor"))).Error);
        Assert.Equal([("C1", "import.unknown-column"), ("D1", "import.repeated-column")],
            (await WrongAsync<ImportLots>("Name,Kind,Colour,Name,Area,Capacity\nA,Indoor,red,A,North district,1")).Select(w => (w.Cell, w.Problem.Code)));
        Assert.Equal([("E3", new NoHeading("note") as Error)],
            await WrongAsync<ImportLots>("Name,Kind,Area,Capacity\nA,Indoor,North district,1\nB,Indoor,North district,1,note"));
    }

    [Fact]
    public async Task What_is_no_table_or_too_large_is_refused()
    {
        Assert.Equal(new InvalidField("Text", "required"), (await PreviewAsync<ImportLots>(File(" "))).Error);
        Assert.Equal(new NoRows(), (await PreviewAsync<ImportLots>(File(Heading))).Error);
        Assert.Equal(new FileTooLarge(), (await PreviewAsync<ImportLots>(File(new string('x', TableImport.MaxLength + 1)))).Error);
        var most = platform.Get<ImportLots>().MaxRows;
        var rows = string.Concat(Enumerable.Range(0, most + 1).Select(i => $"L{i},Indoor,North district,1\n"));
        Assert.Equal(new TooManyRows(most), (await PreviewAsync<ImportLots>(File("Name,Kind,Area,Capacity\n" + rows))).Error);
        Assert.Equal(new InvalidField("Empty", "invalid"), (await PreviewAsync<ImportLots>(File(Heading + "A", (EmptyCells)7))).Error);
        Assert.IsType<OpenQuote>((await PreviewAsync<ImportLots>(File(Heading + "\"A"))).Error);
    }

    [Fact]
    public async Task An_empty_cell_keeps_or_clears_and_a_column_that_is_not_there_keeps()
    {
        await TakeAsync<ImportLots>(Heading + "North,OffStreet,North district,100,North Ltd,1 Quay,114,22,20");
        await TakeAsync<ImportLots>(Heading + "North,,,,,,,,");
        Assert.Equal("1 Quay", (await LotAsync("North")).Address);
        await TakeAsync<ImportLots>("Name,Kind,Area,Capacity,Address,Longitude,Latitude\nNorth,,,,,,", EmptyCells.Clear);
        var lot = await LotAsync("North");
        Assert.Equal(("", null, null, 100, 20, City.NorthCompany.Id),
            (lot.Address, lot.Longitude, lot.Latitude, lot.Capacity, lot.PrepaidMinutesToLeave, lot.CompanyId));
    }

    [Fact]
    public async Task An_area_is_told_by_those_above_it_and_a_road_by_its_area()
    {
        await ReadAsync(async s =>
        {
            Area east = new() { Id = Guid.CreateVersion7(), Name = "East", ParentId = City.NorthArea.Id };
            s.Db.AddRange(east, new Area { Id = Guid.CreateVersion7(), Name = "East", ParentId = City.SouthArea.Id },
                new Road { Id = Guid.CreateVersion7(), Name = "Ring", AreaId = City.NorthArea.Id });
            return await s.Db.SaveChangesAsync(Ct);
        });
        const string Roads = "Name,Kind,Area,Capacity,Road\n";
        Assert.Equal([("C2", new AmbiguousName("AreaId", "East") as Error), ("E3", new UnknownName("RoadId", "Ring"))],
            await WrongAsync<ImportLots>(Roads + "A,Indoor,East,1,\nB,Indoor,South district / East,1,Ring"));
        await TakeAsync<ImportLots>(Roads + "A,Indoor,North district/East,1,Ring");
        Assert.NotNull((await LotAsync("A")).RoadId);
        // The file has no column for roads, so the line is wrong as a whole.
        Assert.Equal([("A2", new InvalidField("RoadId", "invalid") as Error)],
            await WrongAsync<ImportLots>("Name,Kind,Area,Capacity\nA,Indoor,South district / East,1"));
    }

    [Fact]
    public async Task A_company_adds_its_own_and_touches_no_other()
    {
        await TakeAsync<ImportLots>("Name,Kind,Area,Capacity\nHarbour,Indoor,North district,30", actor: NorthCompany);
        Assert.Equal(City.NorthCompany.Id, (await LotAsync("Harbour")).CompanyId);
        Assert.Equal([("A2", new InvalidField("Name", "taken") as Error), ("E3", new UnknownName("CompanyId", "South Ltd"))],
            await WrongAsync<ImportLots>(Heading + "South,OnStreet,South district,3,,,,,\nQuay,Indoor,North district,3,South Ltd,,,,", NorthCompany));
        Assert.Equal([("A2", new UnknownName("Name", "Quay") as Error)], await WrongAsync<ImportLots>(
            "Name,Kind,Area,Capacity\nQuay,Indoor,North district,3", City.RestrictedTo(City.North, LotPermissions.Manage)));
        await Assert.ThrowsAsync<AccessDeniedException>(() => PreviewAsync<ImportLots>(File(Heading), City.User(LotPermissions.View)));
    }

    [Fact]
    public async Task What_changed_since_the_preview_is_shown_again_and_not_written_over()
    {
        const string Text = "Name,Kind,Area,Capacity\nNorth,,,120";
        var plan = (await PreviewAsync<ImportLots>(File(Text))).Value;
        Assert.True((await platform.Get<SaveLot>().RunAsync(Admin, LotDetails.Of(City.North) with { Capacity = 110 }, Ct)).Ok);
        var changed = Assert.IsType<ImportChanged>((await platform.Get<ImportLots>().RunAsync(Admin, File(Text), plan, Ct)).Error);
        Assert.Equal([new FieldChange("Capacity", 110, 120)], Assert.Single(changed.Now.Rows).Changes);
        Assert.Equal(110, (await LotAsync("North")).Capacity);
        Assert.True((await platform.Get<ImportLots>().RunAsync(Admin, File(Text), changed.Now, Ct)).Ok);
        Assert.Equal(120, (await LotAsync("North")).Capacity);
    }

    /// <summary>Capacity and area are refused together; the area's cell says so by itself.</summary>
    [Fact]
    public async Task A_wrong_cell_says_nothing_of_the_others()
    {
        var bad = await WrongAsync<ImportLots>("Name,Kind,Area,Capacity\nThird,Indoor,Nowhere,-5");
        Assert.Equal(["C2", "D2"], bad.Select(c => c.Cell).Order());
        Assert.Empty(Assert.IsType<InvalidField>(bad.Single(c => c.Cell == "D2").Problem).More);
    }
}
