using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>What the characters of a plate tell.</summary>
public sealed class PlateGrammarTests
{
    [Theory]
    [InlineData("粤B·12345", "粤B12345", PlateKind.Civil, PlateColour.Blue)]
    [InlineData("粤Ｂ１２３４５", "粤B12345", PlateKind.Civil, PlateColour.Blue)]
    [InlineData("粤BO234I", "粤B02341", PlateKind.Civil, PlateColour.Blue)]
    [InlineData("粤BD12345", "粤BD12345", PlateKind.NewEnergySmall, PlateColour.Green)]
    [InlineData("粤B12345D", "粤B12345D", PlateKind.NewEnergyLarge, PlateColour.YellowGreen)]
    [InlineData("京A1234警", "京A1234警", PlateKind.Police, PlateColour.White)]
    [InlineData("WJ粤12345", "WJ粤12345", PlateKind.ArmedPolice, PlateColour.White)]
    [InlineData("KA12345", "KA12345", PlateKind.Army, PlateColour.White)]
    [InlineData("使123456", "使123456", PlateKind.Embassy, PlateColour.Black)]
    [InlineData("沪A1234领", "沪A1234领", PlateKind.Consulate, PlateColour.Black)]
    [InlineData("粤B1234学", "粤B1234学", PlateKind.School, PlateColour.Yellow)]
    [InlineData("粤B1234挂", "粤B1234挂", PlateKind.Trailer, PlateColour.Yellow)]
    [InlineData("粤ZA123港", "粤ZA123港", PlateKind.HongKong, PlateColour.Black)]
    [InlineData("粤ZA123澳", "粤ZA123澳", PlateKind.Macau, PlateColour.Black)]
    [InlineData("粤S1234应急", "粤S1234应急", PlateKind.Emergency, PlateColour.White)]
    [InlineData("粤0312345", "粤0312345", PlateKind.Farm, PlateColour.Green)]
    public void A_plate_is_taken_apart(string text, string plate, PlateKind kind, PlateColour colour)
    {
        var parsed = PlateGrammar.Parse(text);
        Assert.Equal((plate, kind, colour), (parsed?.Text, parsed?.Kind, parsed?.Colours[0]));
    }

    [Theory, InlineData(null), InlineData("无牌"), InlineData("粤B1234"), InlineData("粤B123456"), InlineData("港B12345"), InlineData("ABCDEFG")]
    public void What_is_no_plate_is_none(string? text) => Assert.Null(PlateGrammar.Parse(text));

    [Fact]
    public void Every_official_form_has_an_example_of_it() =>
        Assert.All(OfficialForm.All, form => Assert.Equal(form.Kind, PlateGrammar.Parse(form.Example)?.Kind));
}
