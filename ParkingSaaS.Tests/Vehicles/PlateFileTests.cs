using System.Text;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Tests.Vehicles;

public sealed class PlateFileTests
{
    [Fact]
    public void Lines_have_a_plate_and_perhaps_more()
    {
        var (lines, bad) = PlateFile.Read("车牌,原因,首日,末日\r\n# a note\r\n粤b·12345\r\n\r\n粤BO0001,owes,2026-01-01,2026-12-31\n粤B*;\"a, \"\"b\"\"\";;2026/2/3\n粤B00003\tc\t2026年1月2日");
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
            "粤B00001\n***\n,why\n粤B00001\n粤B00002,x,2026-13-01\n粤B00003,x,,soon\n粤B00004,x,2026-02-01,2026-01-31\n粤B00005,x,,,more\n粤B00006," + new string('x', 201));
        Assert.Equal(
        [
            new(2, new InvalidField("Plate", "invalid")),
            new(3, new InvalidField("Plate", "required")),
            new(4, new InvalidField("Plate", "taken")),
            new(5, new InvalidField("From", "invalid")),
            new(6, new InvalidField("Until", "invalid")),
            new(7, new InvalidField("Until", "out-of-range")),
            new(8, new InvalidField("Line", "too-long")),
            new BadPlateLine(9, new InvalidField("Reason", "too-long"))
        ], bad);
    }

    [Fact]
    public void Spreadsheets_save_in_either_encoding()
    {
        const string text = "粤B12345,欠费";
        Assert.Equal(text, CsvText.Decode([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]));
        Assert.Equal(text, CsvText.Decode(CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text)));
    }
}
