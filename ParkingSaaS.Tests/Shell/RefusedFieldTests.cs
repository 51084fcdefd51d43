using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Tariffs;
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
        "Language", "Empty", "RestWeekdays", "Vehicle", "Vehicles", "Term", "Method", "Currency", "Accent", "Province", "Name", "Query",
        "Provider", "Remedy", "Reason"
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

    [Fact]
    public async Task All_fields_of_a_form_that_are_not_acceptable_are_marked_at_once()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var owner = context.Render<OwnerForm>();
        await owner.Find("#Phone").ChangeAsync("12345");
        await owner.Find("#Note").ChangeAsync(new string('x', Owner.MaxNote + 1));
        await owner.Find("form").SubmitAsync();
        Assert.Equal(["Phone", "Note"], owner.FindAll(".field-invalid label").Select(l => l.GetAttribute("for")));
        Assert.Matches("“Phone” is not valid.*“Note” is too long", owner.Find("[role=alert]").TextContent);
    }

    [Fact]
    public async Task Of_many_plates_the_one_that_is_none_is_named_with_its_number()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var form = context.Render<PlateRuleForm>();
        await (await form.WaitForElementAsync("#Plates")).ChangeAsync("粤B12345\n粤B·OK?\n\nHELLO");
        await form.Find("form").SubmitAsync();
        Assert.Equal("“Plates”: every plate has a digit, such as 粤B12345. Number 4 is none: “HELLO”.", form.Find("[role=alert]").TextContent);
        await form.Find("#Plates").ChangeAsync("粤B12345\n*");
        await form.Find("form").SubmitAsync();
        Assert.Equal("“Plates” is not valid. Number 2 is none: “*”.", form.Find("[role=alert]").TextContent);
    }

    /// <summary>What a rule that says no names is called as on the rest of the page.</summary>
    [Fact]
    public async Task Names_in_a_refusal_are_those_of_the_reader()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        foreach (var (name, english) in new[] { ("灵隐", "Lingyin"), ("算例", "One hour"), ("管理员", "Administrator") })
            Assert.True((await platform.Get<TranslateName>().RunAsync(City.User(NamePermissions.Translate), new(name, english, null), Ct)).Ok);
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var (texts, local) = (context.Services.GetRequiredService<IStringLocalizer<Texts>>(), context.Services.GetRequiredService<PageNames>());
        Assert.Contains("Lingyin", texts.Of(new StillParked("灵隐", 3), local));
        Assert.Contains("Lingyin", texts.Of(new StillUsed("灵隐"), local));
        Assert.Contains("Lingyin", texts.Of(new TariffStillUsed("灵隐", 1), local));
        Assert.Contains("灵隐", texts.Of(new StillParked("灵隐", 3)));
        var example = new TariffExample { Name = "算例", Entry = new(2026, 1, 1), Exit = new(2026, 1, 2), Fee = 5 };
        var free = Fees.Tariff("""{"id":"a","per":"day","charge":{"mode":"free"}}""");
        Assert.Contains("One hour (", texts.Of(new ExamplesFail([.. TariffChecks.Run(free with { Examples = [example] })]), local));
        var changed = context.Render<ChangedFields>(p => p.Add(c => c.Changed, new ChangedMeanwhile { Fields = [new("Name", "a", "b")], By = "管理员" })
            .Add(c => c.Label, field => field));
        Assert.Contains("Changed meanwhile by Administrator:", changed.Markup);
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
