using ParkingSaaS.Core.Calendars;

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
        PaintedDay[] days = [new(new(2026, 2, 14), DayKind.Workday, "春节调休"), new(new(2026, 2, 15), DayKind.RestDay), new(new(2026, 3, 1), DayKind.Special, "a,b")];
        Assert.Equal(days, CalendarFile.Read(CalendarFile.Write(days)).Value);
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
        Assert.StartsWith("'", cell);
        // Names hold no control characters, so those do not come back.
        if (!name.Any(char.IsControl))
            Assert.Equal(days, CalendarFile.Read(CalendarFile.Write(days)).Value);
    }
}
