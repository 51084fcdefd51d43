using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Holds docs/tariff-schema.md, docs/tariff.schema.json and the templates to the code.</summary>
public sealed partial class TariffDocumentTests
{
    private static readonly string Page = File.ReadAllText(SourceTree.At("docs/tariff-schema.md"));

    public static TheoryData<string> Templates => [.. TariffTemplate.All.Select(t => t.Id)];

    [Theory, MemberData(nameof(Templates))]
    public void A_templates_examples_come_out(string id) =>
        AllPass(TariffTemplate.All.Single(t => t.Id == id).Tariff, atLeast: 4);

    /// <summary>Every template can be used somewhere, and every city has some to start from.</summary>
    [Fact]
    public void In_every_currency_there_are_templates_that_come_out()
    {
        Assert.Empty(TariffTemplate.All.Select(t => t.Id).Except(Currency.All.SelectMany(TariffTemplate.For).Select(t => t.Id)));
        Assert.All(Currency.All, currency =>
        {
            var templates = TariffTemplate.For(currency);
            Assert.True(templates.Count >= 4);
            Assert.All(templates, t =>
            {
                Assert.Equal(currency, t.Tariff.Currency);
                Assert.Empty(TariffJson.Read(TariffJson.Write(t.Tariff)).Problems);
                Assert.Empty(TariffChecks.Open(t.Tariff));
                AllPass(t.Tariff, atLeast: 4);
            });
        });
        Assert.Contains(TariffTemplate.For(Currency.Find("HKD")!), t => t.Id == "hongkong-meter");
    }

    [Fact]
    public void There_are_templates_of_four_kinds_and_of_nine_notices()
    {
        string[] kinds = ["off-street", "on-street", "per-entry", "residential"];
        var notices = TariffTemplate.All.Where(t => !kinds.Contains(t.Id)).ToList();
        Assert.Equal(TariffTemplate.All.Count, notices.Count + kinds.Length);
        Assert.Equal(9, notices.Count);
        Assert.All(notices, t => Assert.NotEmpty(t.Tariff.Source!));
    }

    [Fact]
    public void The_pages_tariffs_are_valid_and_come_out()
    {
        var tariffs = JsonBlock().Matches(Page).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(2, tariffs.Count);
        foreach (var json in tariffs)
        {
            var reading = TariffJson.Read(json);
            Assert.Empty(reading.Problems);
            Assert.Empty(TariffChecks.Open(reading.Tariff!));
            AllPass(reading.Tariff!, atLeast: 1);
        }
    }

    [Fact]
    public void The_pages_stages_are_valid()
    {
        var rows = StagesCell().Matches(Page).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(6, rows.Count);
        Assert.All(rows, stages => Fees.Tariff(Fees.Timed(stages)));
    }

    [Fact]
    public void The_page_names_every_field_and_every_code()
    {
        var names = Types(typeof(Tariff)).Concat(Types(typeof(FeeQuote))).SelectMany(t => t.Properties.Select(p => p.Name))
            .Concat(Enum.GetNames<FeeLineCode>().Select(Camel)).Concat(Enum.GetNames<QuoteProblem>().Select(Camel)).Distinct();
        Assert.All(names, name => Assert.Matches($"[`\"]{name}[`\"]", Page));
    }

    [Fact]
    public void The_schema_has_the_fields_and_values_of_the_code()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SourceTree.At("docs/tariff.schema.json")));
        var definitions = document.RootElement.GetProperty("$defs");
        var named = new HashSet<string>();
        foreach (var type in Types(typeof(Tariff)))
        {
            var schema = type.Type == typeof(Tariff) ? document.RootElement : Definition(type.Type);
            if (type.PolymorphismOptions is { } polymorphism)
            {
                Assert.Equal(polymorphism.DerivedTypes.Select(d => $"#/$defs/{Camel(d.DerivedType.Name)}"),
                    schema.GetProperty("oneOf").EnumerateArray().Select(o => o.GetProperty("$ref").GetString()));
                continue;
            }
            // A charge's mode is what tells the types apart, not a property of one.
            bool Own(string? field) => field != "mode" || !type.Type.IsAssignableTo(typeof(Charge));
            var fields = schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Where(Own);
            Assert.Equal(type.Properties.Select(p => p.Name), fields);
            var required = schema.TryGetProperty("required", out var list)
                ? list.EnumerateArray().Select(r => r.GetString()!).Where(Own) : [];
            Assert.Equal(type.Properties.Where(p => p.IsRequired).Select(p => p.Name), required);
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
            foreach (var value in type.Properties.Select(p => Value(p.PropertyType)).Where(v => v.IsEnum))
                Assert.Equal(Enum.GetNames(value).Select(Camel),
                    Definition(value).GetProperty("enum").EnumerateArray().Select(e => e.GetString()));
        }
        Assert.Equal(definitions.EnumerateObject().Select(d => d.Name).Order(), named.Order());

        JsonElement Definition(Type type)
        {
            named.Add(Camel(type.Name));
            return definitions.GetProperty(Camel(type.Name));
        }
    }

    [Fact]
    public void The_schema_has_the_currencies_of_the_code()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SourceTree.At("docs/tariff.schema.json")));
        var groups = document.RootElement.GetProperty("$defs").GetProperty("currency").GetProperty("oneOf").EnumerateArray()
            .Select(g => g.GetProperty("properties"));
        Assert.Equal(Currency.All, groups.SelectMany(g => g.GetProperty("code").GetProperty("enum").EnumerateArray().Select(code => new Currency
        { Code = code.GetString()!, Digits = g.GetProperty("digits").GetProperty("const").GetInt32() })).OrderBy(c => c.Code, StringComparer.Ordinal));
    }

    /// <summary>What the schema makes of control characters is what reading makes of them.</summary>
    [Fact]
    public void The_schemas_texts_have_no_control_characters()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SourceTree.At("docs/tariff.schema.json")));
        var free = new List<string>();
        Walk(document.RootElement, "");
        Assert.Equal(13, free.Count);
        Assert.All(free, pattern =>
        {
            Assert.Matches(pattern, "停车 1–2");
            Assert.All(Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')),
                c => Assert.DoesNotMatch(pattern, $"a{c}b"));
        });
        Assert.Equal(2, free.Count(pattern => Regex.IsMatch("a\r\n\tb", pattern)));

        void Walk(JsonElement node, string name)
        {
            if (node.ValueKind == JsonValueKind.Array)
                foreach (var item in node.EnumerateArray())
                    Walk(item, name);
            if (node.ValueKind != JsonValueKind.Object)
                return;
            if (node.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "string"
                && !node.TryGetProperty("format", out _)
                && !(node.TryGetProperty("pattern", out var own) && own.GetString()!.Any(char.IsDigit) && !own.GetString()!.Contains("\\u")) && name != "code")
                free.Add(node.GetProperty("pattern").GetString()!);
            foreach (var field in node.EnumerateObject())
                Walk(field.Value, field.Name);
        }
    }

    private static void AllPass(Tariff tariff, int atLeast)
    {
        var checks = TariffChecks.Run(tariff);
        Assert.True(checks.Count >= atLeast);
        Assert.All(checks, c => Assert.True(c.Passed, $"{c.Example.Name}: {c.Quote.Amount} instead of {c.Example.Fee}"));
        // The zone matters to none of them.
        Assert.All(TariffChecks.Run(tariff, Fees.Shanghai), c => Assert.True(c.Passed));
    }

    [Fact]
    public void Every_kind_of_value_says_what_is_expected_of_it()
    {
        using var wrong = JsonDocument.Parse("{}");
        var values = Types(typeof(QuoteRequest)).SelectMany(t => t.Properties).Select(p => Value(p.PropertyType)).Distinct()
            .Where(t => TariffJson.Options.GetTypeInfo(t).Kind == JsonTypeInfoKind.None).ToList();
        Assert.Contains(typeof(ClockTime), values);
        Assert.All(values, t => Assert.Equal("json.wrongValue", Assert.Single(TariffJsonShape.Check(wrong.RootElement, t, TariffJson.Options)).Code));
    }

    /// <summary>Every object type of ours in the type's JSON.</summary>
    private static List<JsonTypeInfo> Types(Type root)
    {
        var found = new List<JsonTypeInfo>();
        Add(root);
        return found;

        void Add(Type type)
        {
            var info = TariffJson.Options.GetTypeInfo(Value(type));
            if (info.Kind != JsonTypeInfoKind.Object || found.Any(t => t.Type == info.Type))
                return;
            found.Add(info);
            foreach (var derived in info.PolymorphismOptions?.DerivedTypes ?? [])
                Add(derived.DerivedType);
            foreach (var property in info.Properties)
                Add(property.PropertyType);
        }
    }

    /// <summary>A list's element, a nullable's value.</summary>
    private static Type Value(Type type) =>
        Nullable.GetUnderlyingType(type) ?? (type.IsGenericType ? type.GetGenericArguments()[0] : type);

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex(@"\| `\[(\{.*\})\]` \|")]
    private static partial Regex StagesCell();
}
