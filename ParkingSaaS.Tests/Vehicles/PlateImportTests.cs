using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>Files of plates for lists.</summary>
public sealed class PlateImportTests(Cluster cluster) : PlatformTest(cluster)
{
    const string Car = "粤B12345";
    static readonly DateOnly Today = new(2026, 11, 21);
    Actor admin => field ??= City.User(VehiclePermissions.ManageLists);

    ImportPlates For(PlateListKind list) =>
        platform.Services.GetServices<TableImport>().OfType<ImportPlates>().Single(i => i.Kind == (list is PlateListKind.White ? "whitelist" : "blacklist"));

    static ImportFile File(string? text, EmptyCells empty = EmptyCells.Keep, params Guid[] lots) =>
        new(text, Languages.Of, null, empty) { LotIds = lots.Length == 0 ? null : lots };

    /// <summary>Looks at what it would do, and agrees.</summary>
    async Task<Result<ImportDone>> TakeAsync(PlateListKind list, ImportFile file, Actor? actor = null)
    {
        if (!(await For(list).PreviewAsync(actor ?? admin, file, Ct)).Try(out var plan, out var error))
            return error;
        return await For(list).RunAsync(actor ?? admin, file, plan, Ct);
    }

    Task<Result<ImportDone>> TakeAsync(PlateListKind list, string text, Actor? actor = null, params Guid[] lots) =>
        TakeAsync(list, File(text, EmptyCells.Keep, lots), actor);

    async Task<(int Added, int Changed)> TakenAsync(PlateListKind list, string text, params Guid[] lots)
    {
        var done = (await TakeAsync(list, text, null, lots)).Value;
        return (done.Added, done.Changed);
    }

    async Task<IEnumerable<(string, Error)>> WrongAsync(PlateListKind list, string text, EmptyCells empty = EmptyCells.Keep) =>
        Assert.IsType<BadCells>((await TakeAsync(list, File(text, empty))).Error).Cells.Select(c => (c.Cell, c.Problem));

    async Task ListAsync(PlateListKind list, string plate, DateOnly? until, string reason) =>
        Assert.True((await platform.Get<SavePlateRules>().RunAsync(admin, new(null, list, [plate], null, null, until, reason), Ct)).Ok);

    async Task<List<PlateRule>> RulesAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<PlateRule>().AsNoTracking().OrderBy(r => r.Pattern).ThenBy(r => r.Id).ToListAsync(Ct);
    }

    async Task<List<(string?, string, DateOnly?, DateOnly?)>> SaidAsync() =>
        (await RulesAsync()).ConvertAll(r => (r.Pattern, r.Reason, r.From, r.Until));

    [Fact]
    public async Task Lines_have_a_plate_and_perhaps_more()
    {
        Assert.Equal((4, 0), await TakenAsync(PlateListKind.White, "车牌,原因,首日,末日\r\n# a note\r\n粤b·12345\r\n\r\n粤BO0001,owes,2026-01-01,2026-12-31\n"
            + "粤B*,\"a, \"\"b\"\"\",,2026/2/3\n# another\n粤B00003,c,2026年1月2日"));
        Assert.Equal(
        [
            ("粤B*", "a, \"b\"", null, new(2026, 2, 3)),
            ("粤B00001", "owes", new(2026, 1, 1), new(2026, 12, 31)),
            ("粤B00003", "c", new(2026, 1, 2), null),
            ("粤B12345", "", null, null)
        ], (await SaidAsync()).OrderBy(r => r.Item1, StringComparer.Ordinal));
        Assert.Equal(["粤B*"], (await RulesAsync()).Where(r => r.Wild).Select(r => r.Pattern));
    }

    [Fact]
    public async Task A_heading_says_which_column_is_which_and_may_leave_some_out()
    {
        Assert.Equal((2, 0), await TakenAsync(PlateListKind.White, "Last day,PLATE\n2026-12-31,粤B12345\n,粤B00001"));
        Assert.Equal([("粤B00001", "", null, null), ("粤B12345", "", null, new(2026, 12, 31))], await SaidAsync());
        Assert.Equal([("B1", new UnknownColumn("remark", new(["Plate", "Reason", "First day", "Last day"])))],
            await WrongAsync(PlateListKind.White, "车牌号,remark\n粤B12345,x"));
        Assert.Equal(new MissingColumns(new(["Reason"])), (await TakeAsync(PlateListKind.Black, "plate\n粤B12345")).Error);
    }

    [Fact]
    public async Task Every_wrong_cell_is_named() => Assert.Equal(
        [
            ("A2", new InvalidField("Plate", "invalid")),
            ("A3", new InvalidField("Plate", "required")),
            ("A4", new RepeatedLine("粤B00001", 1)),
            ("C5", new InvalidField("From", "invalid")),
            ("D6", new InvalidField("Until", "invalid")),
            ("D7", new InvalidField("Until", "out-of-range")),
            ("B8", new InvalidField("Reason", "too-long")),
            ("B9", new InvalidField("Reason", "invalid")),
            ("C11", new InvalidField("From", "invalid"))
        ], await WrongAsync(PlateListKind.White, "粤B00001\n***\n,why\n粤B00001\n粤B00002,x,2026-13-01\n粤B00003,x,,soon\n粤B00004,x,2026-02-01,2026-01-31\n"
            + "粤B00006," + new string('x', 201) + "\n粤B00007,\"two\nlines\"\n粤B00008,x,soon"));

    [Fact]
    public async Task What_stands_behind_the_last_column_is_refused() => Assert.Equal([("E2", new NoHeading("more"))],
        await WrongAsync(PlateListKind.White, "粤B00001\n粤B00005,x,,,more"));

    [Theory]
    [InlineData("车牌，原因，首日\n粤B12345，欠费,2026-01-01")]
    [InlineData("车牌；原因；首日\n粤B12345；欠费；2026-01-01")]
    [InlineData("车牌;原因;首日\n粤B12345;\"欠费\";2026-01-01")]
    [InlineData("车牌\t原因\t首日\n粤B12345\t欠费\t2026-01-01")]
    [InlineData("粤B12345\t欠费\t2026-01-01")]
    public async Task Any_separator_parts_it(string text)
    {
        Assert.Equal((1, 0), await TakenAsync(PlateListKind.White, text));
        Assert.Equal([("粤B12345", "欠费", new(2026, 1, 1), null)], await SaidAsync());
    }

    [Fact]
    public async Task Lines_that_cannot_be_told_apart_are_not_guessed_at() =>
        Assert.Equal(new OpenQuote(2, 2), (await TakeAsync(PlateListKind.White, "粤B00001,x\n粤B00002,\"y\n粤B00003,z")).Error);

    [Fact]
    public async Task A_spreadsheet_is_read_however_it_is_saved()
    {
        const string text = "车牌\t原因\t首日\t末日\r\n粤B12345\t欠费，多次\t2026/1/1\t\r\n";
        foreach (var file in new[] { [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text),
            await SheetFile.OfAsync(["车牌", "原因", "首日", "末日"], ["粤B12345", "欠费，多次", new DateOnly(2026, 1, 1), null]) })
        {
            await TakenAsync(PlateListKind.White, TextTable.Open(file, TableImport.MaxLength).Value);
            Assert.Equal([("粤B12345", "欠费，多次", new(2026, 1, 1), null)], await SaidAsync());
        }
        await TakenAsync(PlateListKind.White, TextTable.Open(SheetFile.Sample("plates.xls"), TableImport.MaxLength).Value);
        Assert.Equal([("粤B00001", "13800000001", null, new(2026, 12, 31)), ("粤B12345", "欠费，多次;\"a\"", new(2026, 1, 1), null)], await SaidAsync());
    }

    [Fact]
    public async Task A_file_puts_its_plates_on_the_list_once()
    {
        Assert.Equal((2, 0), await TakenAsync(PlateListKind.White, $"{Car},staff,2026-01-01\n粤B54321"));
        Assert.Equal((0, 0), await TakenAsync(PlateListKind.White, $"{Car},staff,2026-01-01\n粤B54321"));
        Assert.Equal((1, 1), await TakenAsync(PlateListKind.White, $"{Car},guest\n粤B11111"));
        Assert.Equal((1, 0), await TakenAsync(PlateListKind.White, Car, City.North.Id));
        Assert.Equal((1, 0), await TakenAsync(PlateListKind.Black, $"{Car},owes"));
        Assert.Equal([(PlateListKind.White, "guest", 0), (PlateListKind.White, "", 1), (PlateListKind.Black, "owes", 0)],
            (await RulesAsync()).Where(r => r.Pattern == Car).OrderBy(r => r.Id).Select(r => (r.Kind, r.Reason, r.LotIds.Count)));
    }

    [Fact]
    public async Task A_bare_plate_in_a_file_keeps_reason_and_last_day()
    {
        await ListAsync(PlateListKind.White, Car, Today, "staff");
        Assert.Equal((0, 0), await TakenAsync(PlateListKind.White, Car));
        Assert.Equal((0, 1), await TakenAsync(PlateListKind.White, $"{Car},,2026-11-01"));
        Assert.Equal([(Car, "staff", new(2026, 11, 1), Today)], await SaidAsync());
        // What it leaves out is right or wrong together with what the list says.
        Assert.Equal([("D1", new InvalidField("Until", "out-of-range"))], await WrongAsync(PlateListKind.White, $"{Car},,2026-12-01"));
        await ListAsync(PlateListKind.Black, "粤B54321", null, "owes");
        Assert.Equal((0, 1), await TakenAsync(PlateListKind.Black, "粤B54321,,,2027-01-01"));
    }

    [Fact]
    public async Task Empty_cells_clear_where_that_was_chosen_and_the_history_keeps_what_was_there()
    {
        await ListAsync(PlateListKind.White, Car, Today, "staff");
        var file = File(Car, EmptyCells.Clear);
        var row = Assert.Single((await For(PlateListKind.White).PreviewAsync(admin, file, Ct)).Value.Rows);
        Assert.Equal([new("Reason", "staff", ""), new FieldChange("Until", Today, null)], row.Changes);
        Assert.Equal([(Car, "staff", null, Today)], await SaidAsync()); // nothing is written by looking
        Assert.Equal(1, (await TakeAsync(PlateListKind.White, file)).Value.Changed);
        await using (var s = await City.OpenAsync())
        {
            var changes = await s.Db.Set<PlateRuleChange>().AsNoTracking().OrderBy(c => c.Id).ToListAsync(Ct);
            Assert.Equal([("", "staff", false), ("staff", "", true)], changes.Select(c => (c.Before?.Reason ?? "", c.After!.Reason, c.FromFile)));
            Assert.Equal((Today, null), (changes[1].Before!.Until, changes[1].After!.Until));
        }
        Assert.Equal([("B1", new InvalidField("Reason", "required"))], await WrongAsync(PlateListKind.Black, Car, EmptyCells.Clear));
    }

    [Fact]
    public async Task An_import_does_what_was_shown_or_nothing()
    {
        await ListAsync(PlateListKind.White, Car, null, "staff");
        await ListAsync(PlateListKind.White, "粤B11111", null, "");
        var (import, file) = (For(PlateListKind.White), File($"{Car},guest\n粤B54321\n粤B11111"));
        var shown = (await import.PreviewAsync(admin, file, Ct)).Value;
        Assert.Equal((1, 1, 1), (shown.Added, shown.Changed, shown.Unchanged));
        var rule = (await RulesAsync()).Single(r => r.Pattern == Car);
        Assert.True((await platform.Get<SavePlateRules>().RunAsync(admin, PlateRuleDetails.Of(rule) with { Reason = "board" }, Ct)).Ok);
        var now = Assert.IsType<ImportChanged>((await import.RunAsync(admin, file, shown, Ct)).Error).Now;
        Assert.Equal([new FieldChange("Reason", "board", "guest")], now.Rows[0].Changes);
        Assert.Equal(["", "board"], (await RulesAsync()).Select(r => r.Reason).Order(StringComparer.Ordinal));

        var done = (await import.RunAsync(admin, file, now, Ct)).Value;
        Assert.Equal((1, 1), (done.Added, done.Changed));
        // A second click finds all of it done.
        Assert.IsType<ImportChanged>((await import.RunAsync(admin, file, now, Ct)).Error);
    }

    [Fact]
    public async Task Two_that_take_one_file_at_a_time_put_its_plates_on_the_list_once()
    {
        var (import, file) = (For(PlateListKind.White), File("粤B54321\n粤B11111"));
        var plan = (await import.PreviewAsync(admin, file, Ct)).Value;
        var both = await Task.WhenAll(import.RunAsync(admin, file, plan, Ct), import.RunAsync(admin, file, plan, Ct));
        Assert.Single(both, r => r.Ok);
        Assert.Single(both, r => r.Error is ImportChanged);
        Assert.Equal(2, (await RulesAsync()).Count);
    }

    [Fact]
    public async Task Ten_thousand_lines_fit_and_no_more()
    {
        var plates = Enumerable.Range(0, 10_001).Select(i => $"粤B{i:00000},r").ToArray();
        Assert.Equal(new TooManyRows(10_000), (await TakeAsync(PlateListKind.White, string.Join('\n', plates))).Error);
        Assert.Equal((10_000, 0), await TakenAsync(PlateListKind.White, string.Join('\n', plates[1..])));
        Assert.Equal((0, 0), await TakenAsync(PlateListKind.White, "plate,reason\n" + string.Join('\n', plates[1..])));
    }

    [Fact]
    public async Task A_wrong_line_keeps_the_whole_file_out()
    {
        Assert.Equal([("B2", new InvalidField("Reason", "required")), ("A3", new InvalidField("Plate", "invalid"))],
            await WrongAsync(PlateListKind.Black, $"{Car},owes\n粤B54321\n*,x"));
        Assert.Equal(new InvalidField("Text", "required"), (await TakeAsync(PlateListKind.White, " ")).Error);
        Assert.Equal(new NoRows(), (await TakeAsync(PlateListKind.White, "# nothing")).Error);
        Assert.Equal(new NoRows(), (await TakeAsync(PlateListKind.White, "车牌,原因")).Error);
        await using var s = await City.OpenAsync();
        Assert.False(await s.Db.Set<PlateRule>().AnyAsync(Ct));
    }

    [Fact]
    public async Task Who_sees_some_lots_says_in_which_and_nobody_says_none()
    {
        var north = City.RestrictedTo(City.North, VehiclePermissions.ManageLists);
        Assert.Equal(new InvalidField("LotIds", "required"), (await TakeAsync(PlateListKind.White, Car, north)).Error);
        Assert.Equal(new InvalidField("LotIds", "required"), (await TakeAsync(PlateListKind.White, File(Car) with { LotIds = [] })).Error);
        Assert.Equal(new NotFound("lot"), (await TakeAsync(PlateListKind.White, Car, north, City.South.Id)).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => TakeAsync(PlateListKind.White, Car, City.User(VehiclePermissions.ViewLists)));
        Assert.Empty(await RulesAsync());
        Assert.True((await TakeAsync(PlateListKind.White, Car, north, City.North.Id)).Ok);
        Assert.Equal([City.North.Id], Assert.Single(await RulesAsync()).LotIds);
    }
}
