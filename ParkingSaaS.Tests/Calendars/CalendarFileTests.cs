using System.Text;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Calendars;

/// <summary>Calendars as the State Council publishes them, and as files.</summary>
public sealed class CalendarFileTests
{
    /// <summary>What the notices say: 28 and 33 days off, 5 and 6 make-up workdays at weekends.</summary>
    [Theory, InlineData(2025, 28, 5), InlineData(2026, 33, 6)]
    public void The_templates_are_what_the_State_Council_published(int year, int off, int work)
    {
        var template = HolidayTemplate.All.Single(t => t.Year == year);
        Assert.Contains("国务院办公厅", template.Source);
        Assert.Equal(off, template.Days.Count(d => d.Kind is DayKind.Holiday));
        Assert.Equal(work, template.Days.Count(d => d.Kind is DayKind.Workday && d.Date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
    }

    [Fact]
    public void A_file_reads_as_it_was_written()
    {
        PaintedDay[] days =
        [
            new(new(2026, 2, 14), DayKind.Workday, "春节调休"),
            new(new(2026, 2, 15), DayKind.RestDay),
            new(new(2026, 3, 1), DayKind.Special, "a,b"),
        ];
        Assert.Equal(days, CalendarFile.Read(CalendarFile.Write(days)).Value);
    }

    /// <summary>A spreadsheet rewrites dates, and saves in its own encoding or as a workbook.</summary>
    [Fact]
    public async Task A_file_that_a_spreadsheet_wrote_back_is_read()
    {
        const string text = "date,type,name\r\n2027/1/1,holiday,元旦\r\n2027/1/2,RestDay,\r\n,,\r\n2027年1月3日,special,\"a,b\"\r\n2027-01-04,workday,,,\r\n";
        PaintedDay[] days = [new(new(2027, 1, 1), DayKind.Holiday, "元旦"), new(new(2027, 1, 2), DayKind.RestDay), new(new(2027, 1, 3), DayKind.Special, "a,b"),
            new(new(2027, 1, 4), DayKind.Workday)];
        foreach (var file in new[] { Encoding.UTF8.GetBytes(text), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            Encoding.UTF8.GetBytes(text.Replace("a,b", "a;b").Replace(',', '；').Replace("a;b", "a,b")),
            CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text),
            await SheetFile.OfAsync(["date", "type", "name"], [new DateOnly(2027, 1, 1), "holiday", "元旦"], ["2027/1/2", "RestDay"], [],
                [new DateOnly(2027, 1, 3), "special", "a,b"], [new DateTime(2027, 1, 4), "workday"]) })
            Assert.Equal(days, CalendarFile.Read(TextTable.Open(file, CalendarFile.MaxLength).Value).Value);
    }

    [Fact]
    public void Ends_of_lines_and_midnights_are_read_in_every_way()
    {
        PaintedDay[] days = [new(new(2027, 1, 1), DayKind.Holiday, "灯会;夜"), new(new(2027, 1, 2), DayKind.RestDay)];
        Assert.Equal(days, CalendarFile.Read("date,type,name\r2027/1/1 0:00,holiday,灯会;夜\r2027-01-02 00:00:00,restDay,\r").Value);
    }

    [Theory]
    [InlineData("2027-01-01,holiday,元旦\n2027-01-01,workday,元旦", 2, "repetition", "2027-01-01")]
    [InlineData("2027-01-01,+1,元旦", 1, "type", "+1")]
    [InlineData("2027-01-01 8:00,holiday,元旦", 1, "date", "2027-01-01 8:00")]
    public void What_is_not_clear_is_refused(string text, int line, string cell, string what) =>
        Assert.Equal(new BadCalendarLine(line, cell, what), CalendarFile.Read(text).Error);

    [Fact]
    public async Task A_wrong_row_of_a_workbook_is_named_as_the_workbook_numbers_it()
    {
        var file = await SheetFile.OfAsync(["date", "type", "name"], [new DateOnly(2027, 1, 1), "holiday", "two\nlines"], [], ["2027-13-01", "holiday"]);
        Assert.Equal(new BadCalendarLine(4, "date", "2027-13-01"), CalendarFile.Read(TextTable.Open(file, CalendarFile.MaxLength).Value).Error);
        Assert.Equal(new OpenQuote(2, 3), CalendarFile.Read("date,type,name\n2027-01-01,holiday,\"x\n2027-01-02,holiday").Error);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("＝1+1")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    public void A_name_that_begins_like_a_formula_is_a_text_in_the_file_and_itself_when_it_comes_back(string name)
    {
        PaintedDay[] days = [new(new(2026, 11, 21), DayKind.Holiday, name)];
        var cell = CalendarFile.Write(days).Split("holiday,")[1];
        Assert.StartsWith("'", cell.TrimStart('"'));
        // Names hold no control characters, so those do not come back.
        if (!name.Any(char.IsControl))
            Assert.Equal(days, CalendarFile.Read(CalendarFile.Write(days)).Value);
    }
}
