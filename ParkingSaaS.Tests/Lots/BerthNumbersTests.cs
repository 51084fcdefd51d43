using ParkingSaaS.Core.Lots;

namespace ParkingSaaS.Tests.Lots;

/// <summary>How a row of berth numbers is written.</summary>
public sealed class BerthNumbersTests
{
    [Theory]
    [InlineData("7", "7", "7", 1)]
    [InlineData("A001–A050", "A001", "A050", 50)]
    [InlineData("A001-050", "A001", "A050", 50)]
    [InlineData("9 ~ 11", "9", "11", 3)]
    [InlineData("南B08至南B12", "南B08", "南B12", 5)]
    [InlineData("1-500", "1", "500", 500)]
    [InlineData("B1-C", "B1-C", "B1-C", 1)]
    public void A_row_counts_up(string text, string first, string last, int count)
    {
        var numbers = AddBerths.Expand(text).Value;
        Assert.Equal((first, last, count, count), (numbers[0], numbers[^1], numbers.Count, numbers.Distinct().Count()));
    }

    [Theory]
    [InlineData("A001–B050", "field.invalid")]
    [InlineData("50-1", "field.out-of-range")]
    [InlineData("1-501", "field.out-of-range")]
    [InlineData("a-number-that-is-too-long", "field.too-long")]
    [InlineData("a-long-name-here-1–2", "field.too-long")]
    public void What_is_no_row_is_refused(string text, string code) => Assert.Equal(code, AddBerths.Expand(text).Error?.Code);
}
