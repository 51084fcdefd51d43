using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Vehicles;

namespace ParkingSaaS.Tests.Shell;

/// <summary>A refused field is called what the form calls it, and it is said what would be right.</summary>
public sealed partial class RefusedFieldTests(Cluster cluster) : PlatformTest(cluster)
{
    /// Chosen from what the form offers, so that only a change by others makes them wrong; or never entered by a person.
    static readonly string[] Choices =
    [
        "LotIds", "Permissions", "CompanyId", "Role", "Type", "ZoneId", "Direction", "Kind", "RoadId", "Level", "Roles", "Template", "Dialect", "Forms",
        "Language", "Empty", "RestWeekdays", "Vehicle", "Vehicles", "Term", "Method", "Currency", "Accent", "Province", "Name", "Query"
    ];

    /// <summary>Each place in Core where a field is not acceptable for a reason that its code alone does not tell.</summary>
    [Fact]
    public void What_is_wanted_is_said_of_every_field()
    {
        var refusals = Directory.EnumerateFiles(SourceTree.At("ParkingSaaS.Core"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(f => Refusals().Matches(File.ReadAllText(f)))
            .Select(m => (Field: m.Groups["field"].Value, Rule: m.Groups["rule"].Value)).Distinct().ToList();
        Assert.True(refusals.Count > 40, "The pattern no longer finds the refusals");
        var texts = XDocument.Load(Path.Combine(SourceTree.At("ParkingSaaS.Web"), "Texts.resx")).Root!.Elements("data")
            .Select(d => d.Attribute("name")!.Value).ToHashSet();
        Assert.Equal([], refusals.Where(r => !texts.Contains($"wanted.{r.Field}.{r.Rule}") && !(r.Rule == "invalid" && Choices.Contains(r.Field))));
    }

    [Fact]
    public async Task A_form_says_it_at_the_field_by_its_own_name()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var owner = context.Render<OwnerForm>();
        await owner.Find("#Phone").ChangeAsync("12345");
        await owner.Find("form").SubmitAsync();
        Assert.Equal("“Phone” is not valid. A mobile number of 11 digits, or any number with + and its country, such as +852 9123 4567.",
            owner.Find("[role=alert]").TextContent);
        Assert.Single(owner.FindAll(".field-invalid label[for=Phone]"));
    }

    [Theory]
    [InlineData("en", "“Telephone” is not valid. A mobile number", "“Places” is out of range. From 1 to 100.", "“Name” is too long. At most 64 characters.")]
    [InlineData("zh-CN", "“Telephone”无效。请填写 11 位手机号", "“Places”超出范围。须在 1 到 100 之间。", "“Name”过长。最多 64 个字符。")]
    public void The_sentence_names_the_label_and_the_bounds(string language, string phone, string range, string length)
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        using var context = new PageContext();
        var texts = context.Services.GetRequiredService<IStringLocalizer<Texts>>();
        Assert.StartsWith(phone, texts.Of(new InvalidField("Phone", "invalid"), "Telephone"), StringComparison.Ordinal);
        Assert.Equal(range, texts.Of(Check.Range("Places", 0, 1, 100)!, "Places"));
        Assert.Equal(length, texts.Of(Check.Optional("Name", new string('x', 65), 64)!, "Name"));
        Assert.EndsWith(texts["wanted.choice"], texts.Of(new InvalidField("Kind", "invalid"), "Kind"), StringComparison.Ordinal);
    }

    /// <summary>A field and a rule that say themselves what is wanted; where they do not, a text is named after them.</summary>
    [GeneratedRegex("""(?:nameof\((?:\w+\.)*(?<field>\w+)\)|"(?<field>\w+)"), "(?<rule>invalid|out-of-range|too-long|expired)"\)(?! \{ Wanted)""")]
    private static partial Regex Refusals();
}
