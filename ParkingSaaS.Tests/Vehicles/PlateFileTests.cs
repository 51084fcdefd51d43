using System.Text;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Vehicles;

public sealed class PlateFileTests
{
    [Fact]
    public void Lines_have_a_plate_and_perhaps_more()
    {
        var (lines, bad) = PlateFile.Read("车牌,原因,首日,末日\r\n# a note\r\n粤b·12345\r\n\r\n粤BO0001,owes,2026-01-01,2026-12-31\n"
            + "粤B*,\"a, \"\"b\"\"\",,2026/2/3\n粤B00003,c,2026年1月2日").Value;
        Assert.Empty(bad);
        Assert.Equal(
        [
            new(3, "粤B12345", "", null, null),
            new(5, "粤B00001", "owes", new(2026, 1, 1), new(2026, 12, 31)),
            new(6, "粤B*", "a, \"b\"", null, new(2026, 2, 3)),
            new(7, "粤B00003", "c", new(2026, 1, 2), null)
        ], lines);
    }

    [Fact]
    public void Every_wrong_line_is_named()
    {
        var (_, bad) = PlateFile.Read(
            "粤B00001\n***\n,why\n粤B00001\n粤B00002,x,2026-13-01\n粤B00003,x,,soon\n粤B00004,x,2026-02-01,2026-01-31\n粤B00005,x,,,more\n"
            + "粤B00006," + new string('x', 201) + "\n粤B00007,\"two\nlines\"\n粤B00008,x,soon").Value;
        Assert.Equal(
        [
            new(2, new InvalidField("Plate", "invalid")),
            new(3, new InvalidField("Plate", "required")),
            new(4, new InvalidField("Plate", "taken")),
            new(5, new InvalidField("From", "invalid")),
            new(6, new InvalidField("Until", "invalid")),
            new(7, new InvalidField("Until", "out-of-range")),
            new(8, new InvalidField("Line", "too-long")),
            new(9, new InvalidField("Reason", "too-long")),
            new(10, new InvalidField("Reason", "invalid")),
            new BadPlateLine(12, new InvalidField("From", "invalid"))
        ], bad);
    }

    [Theory]
    [InlineData("车牌，原因，首日\n粤B12345，欠费,2026-01-01")]
    [InlineData("车牌；原因；首日\n粤B12345；欠费；2026-01-01")]
    [InlineData("车牌;原因;首日\n粤B12345;\"欠费\";2026-01-01")]
    [InlineData("车牌\t原因\t首日\n粤B12345\t欠费\t2026-01-01")]
    public void Any_separator_parts_it(string text) =>
        Assert.Equal([new PlateLine(2, "粤B12345", "欠费", new(2026, 1, 1), null)], PlateFile.Read(text).Value.Lines);

    [Fact]
    public void Lines_that_cannot_be_told_apart_are_not_guessed_at() =>
        Assert.Equal(new OpenQuote(2, 2), PlateFile.Read("粤B00001,x\n粤B00002,\"y\n粤B00003,z").Error);

    [Fact]
    public async Task A_spreadsheet_is_read_however_it_is_saved()
    {
        const string text = "车牌\t原因\t首日\t末日\r\n粤B12345\t欠费，多次\t2026/1/1\t\r\n";
        foreach (var file in new[] { [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text),
            await SheetFile.OfAsync(["车牌", "原因", "首日", "末日"], ["粤B12345", "欠费，多次", new DateOnly(2026, 1, 1), null]) })
        {
            var (lines, bad) = PlateFile.Read(TextTable.Open(file, PlateFile.MaxLength).Value).Value;
            Assert.Empty(bad);
            Assert.Equal([new PlateLine(2, "粤B12345", "欠费，多次", new(2026, 1, 1), null)], lines);
        }
        Assert.Equal([new(3, "粤B12345", "欠费，多次;\"a\"", new(2026, 1, 1), null), new PlateLine(4, "粤B00001", "13800000001", null, new(2026, 12, 31))],
            PlateFile.Read(TextTable.Open(SheetFile.Sample("plates.xls"), PlateFile.MaxLength).Value).Value.Lines);
    }
}
