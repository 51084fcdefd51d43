using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Tests.Common;

/// <summary>What people and devices write: plates and amounts.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("粤b·123 45", "粤B12345")]
    [InlineData("粤B\uFFFE12345", "粤B12345")]
    [InlineData("粤B\uD80012345", "粤B12345")]
    [InlineData("\uDC00", null)]
    public void A_plate_that_is_no_text_is_cleaned(string text, string? plate) => Assert.Equal(plate, Plate.Normalize(text));

    [Theory]
    [InlineData("12.5", 1250)]
    [InlineData("79228162514264337593543950335", null)]
    [InlineData("-79228162514264337593543950335", null)]
    [InlineData("0.005", null)]
    public void An_amount_is_read_or_refused(string text, int? fen) =>
        Assert.Equal((fen is not null, fen ?? 0L), (Money.TryParse(text, out var money), money.Fen));
}
