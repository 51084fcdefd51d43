using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Whoever writes JSON by hand reads where it went wrong.</summary>
public sealed class TariffJsonTextTests
{
    [Theory]
    [InlineData("", "", "Line 1, character 1: ")]
    [InlineData("{\n  \"name\": \"停车\",\n  \"name\": 2 }", "/name", "Line 3, character 3: \"name\" is repeated")]
    [InlineData("{ \"rules\": [ {}, { \"a/b\": NaN } ] }", "/rules/1/a~1b", "Line 1, character 27: 'N' is an invalid start of a value")]
    [InlineData("{ \"停\": \"车\" \"x\": 1 }", "/停", "Line 1, character 12: ")]
    [InlineData("{ \"rules\": [ 1, 2", "/rules/0", "Line 1, character 18: ")]
    [InlineData("{ \"\\ud800\": 1 }", "", "Line 1, character ")]
    public void What_is_no_JSON_is_told_by_pointer_line_and_character(string json, string path, string message)
    {
        var problem = Assert.Single(TariffJson.Read(json).Problems);
        Assert.Equal(path, problem.Path);
        Assert.StartsWith(message, problem.Message);
    }

    /// <summary>Half of a surrogate pair: no store keeps it, and no page shows it.</summary>
    [Fact]
    public void A_text_that_is_no_Unicode_is_named()
    {
        var problem = TariffJson.Malformed("""{"rules":[{"name":"a\ud800b"}]}""")!;
        Assert.Equal(("/rules/0/name", "json.malformed"), (problem.Path, problem.Code));
    }

    [Fact]
    public void Sixty_five_levels_are_too_deep() =>
        Assert.Equal("json.malformed", Assert.Single(TariffJson.Read(new string('[', 65) + new string(']', 65)).Problems).Code);
}
