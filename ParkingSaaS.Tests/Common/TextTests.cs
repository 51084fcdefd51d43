using System.Globalization;
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
    [InlineData("无牌车02")]
    [InlineData("无牌000")]
    [InlineData("unknown0")]
    [InlineData("00000000")]
    [InlineData("0")]
    public void A_word_for_no_plate_is_none_with_a_number_either(string text) => Assert.Null(Plate.Normalize(text));

    [Theory]
    [InlineData("粤BOOOOO", "粤B00000")]
    [InlineData("粤BIIIII", "粤B11111")]
    [InlineData("粤BDOOIOI", "粤BD00101")]
    public void A_plate_whose_digits_were_all_read_as_letters_is_one(string text, string plate) =>
        Assert.Equal(plate, ParkingSaaS.Core.Vehicles.PlateGrammar.Normalize(text));

    [Theory]
    [InlineData("CNY", "12.5", 1250L)]
    [InlineData("CNY", "0.005", null)]
    [InlineData("CNY", "1000000000", 100_000_000_000L)]
    [InlineData("CNY", "1000000000.01", null)]
    [InlineData("CNY", "-79228162514264337593543950335", null)]
    [InlineData("JPY", "1250", 1250L)]
    [InlineData("JPY", "12.5", null)]
    [InlineData("TND", "12.505", 12505L)]
    [InlineData("TND", "12.5055", null)]
    public void An_amount_is_taken_as_it_is_or_refused(string currency, string amount, long? units) =>
        Assert.Equal(units, Currency.Find(currency)!.Exact(decimal.Parse(amount, CultureInfo.InvariantCulture))?.Minor);

    [Theory]
    [InlineData("CNY", 123450, "1234.50", "¥1,234.50")]
    [InlineData("CNY", -5, "-0.05", "-¥0.05")]
    [InlineData("JPY", 1250, "1250", "¥1,250")]
    [InlineData("KRW", 0, "0", "₩0")]
    [InlineData("TND", 1250, "1.250", "TND\u00A01.250")]
    [InlineData("CHF", -1250, "-12.50", "-CHF\u00A012.50")]
    public void An_amount_has_the_decimals_of_its_currency(string currency, int units, string plain, string text) =>
        Assert.Equal((plain, text), (Currency.Find(currency)!.Plain(new Money(units)), Currency.Find(currency)!.Text(new Money(units))));

    [Fact]
    public void A_share_of_the_smallest_unit_shows_its_decimals()
    {
        Assert.Equal("¥0.333", Currency.Yuan.Text(0.333m));
        Assert.Equal("¥0.5", Currency.Find("JPY")!.Text(0.5m));
    }

    [Theory]
    [InlineData("XYZ")]
    [InlineData("cny")]
    [InlineData("")]
    [InlineData(null)]
    public void What_no_city_can_have_is_no_currency(string? code) => Assert.Null(Currency.Find(code));
}
