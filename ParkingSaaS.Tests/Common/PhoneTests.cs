using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Tests.Common;

public sealed class PhoneTests
{
    [Theory]
    [InlineData("13812345678", "+8613812345678")]
    [InlineData("+86 138-1234-5678", "+8613812345678")]
    [InlineData("008613812345678", "+8613812345678")]
    [InlineData("8613812345678", "+8613812345678")]
    [InlineData("１３８１２３４５６７８", "+8613812345678")]
    [InlineData("+852 9123 4567", "+85291234567")]
    [InlineData("00853 (6) 6123456", "+85366123456")]
    [InlineData("+1 (212) 555-0123", "+12125550123")]
    public void A_number_has_one_form(string text, string phone) => Assert.Equal(phone, Phone.Normalize(text));

    [Theory]
    [InlineData(null), InlineData(""), InlineData("+"), InlineData("12812345678"), InlineData("1381234567"), InlineData("138123456789")]
    [InlineData("+8612345678901"), InlineData("+860755888888"), InlineData("91234567"), InlineData("+0123456789"), InlineData("+852 12")]
    [InlineData("+1234567890123456"), InlineData("138x2345678"), InlineData("138+12345678"), InlineData("\ud800")]
    public void What_nobody_can_be_written_to_is_none(string? text) => Assert.Null(Phone.Normalize(text));

    [Theory]
    [InlineData("+8613812345678", "13812345678", "138****5678")]
    [InlineData("+85291234567", "+85291234567", "+85****4567")]
    [InlineData("+1234567", "+1234567", "+12****567")]
    public void It_is_shown_or_masked(string phone, string shown, string masked) =>
        Assert.Equal((shown, masked), (Phone.Show(phone, whole: true), Phone.Show(phone, whole: false)));
}
