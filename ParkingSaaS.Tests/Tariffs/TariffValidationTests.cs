using System.Text.Json.Nodes;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Every refusal: one change to a good tariff, and the field and code that it is refused with.</summary>
public sealed class TariffValidationTests
{
    private const string Good = """
        {"schema":"parkingsaas-tariff/1","name":"good","currency":{"code":"CNY","digits":2},"rounding":{"unit":0.5},
         "rules":[
          {"id":"a","appliesTo":{"dates":[{"from":"2026-01-01","to":"2026-01-02"}],"seasons":[{"from":"02-29","to":"03-31"}]},
           "window":{"from":"22:00","to":"06:00"},
           "charge":{"mode":"timed","stages":[{"untilMinutes":60,"total":3},
             {"untilMinutes":120,"price":2,"perMinutes":30,"freeBelowMinutes":5},
             {"total":9}]},"cap":{"amount":5}},
          {"id":"b","charge":{"mode":"perEntry","price":3}}],
         "freeMinutes":[{"minutes":15}],"caps":[{"amount":30,"per":"day","fromDay":2},
         {"amount":60,"per":"stay"},{"like":{"rule":"a","minutes":600},"per":"window","window":{"from":"20:00","to":"08:00"}},
         {"amount":60,"per":"period","periodMinutes":720}],"minimumCharge":1,
         "midnightFees":[{"price":20}],"reentry":{"withinMinutes":30,"shareDayCap":true},
         "factors":[{"id":"f","factor":2},{"id":"g","factor":3}],
         "examples":[{"entry":"2026-01-01T10:00:00","exit":"2026-01-01T11:00:00","fee":6,
           "earlier":[{"entry":"2026-01-01T08:00:00","exit":"2026-01-01T09:00:00"}]}]}
        """;

    [Fact]
    public void The_good_one_is_good() => Assert.Empty(TariffJson.Read(Good).Problems);

    [Theory]
    [InlineData("/schema", "\"parkingsaas-tariff/2\"", "schema.unknown")]
    [InlineData("/schema", null, "json.missing")]
    [InlineData("/name", "\"\"", "text.length")]
    [InlineData("/name", "7", "json.wrongValue")]
    [InlineData("/name", "null", "json.wrongType")]
    [InlineData("/nmae", "\"x\"", "json.unknown")]
    [InlineData("/a~1b", "1", "json.unknown")]
    [InlineData("/currency/code", "\"Yuan\"", "currency.code")]
    [InlineData("/currency/code", "\"XYZ\"", "currency.code")]
    [InlineData("/currency/code", "\"JPY\"", "currency.digits", "/currency/digits")]
    [InlineData("/currency/code", "\"TND\"", "currency.digits", "/currency/digits")]
    [InlineData("/currency/digits", "3", "currency.digits")]
    [InlineData("/currency/digits", "4", "number.range")]
    [InlineData("/name", "\"a\\u0007b\"", "text.control")]
    [InlineData("/name", "\"a\\nb\"", "text.control")]
    [InlineData("/description", "\"a\\u0000b\"", "text.control")]
    [InlineData("/description", "\"a\\u0085b\"", "text.control")]
    [InlineData("/source", "\"a\\u0007b\"", "text.control")]
    [InlineData("/rules/0/name", "\"a\\u0007b\"", "text.control")]
    [InlineData("/rules/0/name", "\"a\\tb\"", "text.control")]
    [InlineData("/rules/0/id", "\"a\\u0000\"", "text.control")]
    [InlineData("/rules/0/appliesTo/groups", "[\"a\\u0007\"]", "text.control", "/rules/0/appliesTo/groups/0")]
    [InlineData("/caps/0/name", "\"a\\nb\"", "text.control")]
    [InlineData("/midnightFees/0/name", "\"a\\nb\"", "text.control")]
    [InlineData("/factors/0/id", "\"\\u001b\"", "text.control")]
    [InlineData("/examples/0/name", "\"a\\u0000b\"", "text.control")]
    [InlineData("/examples/0/name", "\"a\\rb\"", "text.control")]
    [InlineData("/examples/0/groups", "[\"a\\nb\"]", "text.control", "/examples/0/groups/0")]
    [InlineData("/rounding/mode", "\"bankers\"", "json.wrongValue")]
    [InlineData("/rounding/mode", "1", "json.wrongValue")]
    [InlineData("/rounding/unit", "0.005", "rounding.unit")]
    [InlineData("/day", "\"week\"", "json.wrongValue")]
    [InlineData("/rules", "{}", "json.wrongType")]
    [InlineData("/rules", "[]", "list.length")]
    [InlineData("/rules/1", "[]", "json.wrongType")]
    [InlineData("/rules/1/id", "\"a\"", "id.repeated")]
    [InlineData("/rules/1/charge", null, "json.missing")]
    [InlineData("/rules/1/charge/mode", null, "json.missing")]
    [InlineData("/rules/1/charge/mode", "\"auction\"", "json.wrongValue")]
    [InlineData("/rules/1/charge/stages", "[]", "json.unknown")]
    [InlineData("/rules/1/charge/price", "-1", "price.range")]
    [InlineData("/rules/1/charge/price", "1000001", "price.range")]
    [InlineData("/rules/1/charge/price", "0.0000001", "price.decimals")]
    [InlineData("/rules/1/charge/price", "1e400", "json.wrongValue")]
    [InlineData("/rules/1/charge/price", "\"3\"", "json.wrongValue")]
    [InlineData("/rules/1/per", "\"hour\"", "json.wrongValue")]
    [InlineData("/rules/0/window/to", "\"22:00\"", "window.empty")]
    [InlineData("/rules/0/window/to", "\"24:30\"", "json.wrongValue")]
    [InlineData("/rules/0/window/to", "6", "json.wrongValue")]
    [InlineData("/rules/0/window/from", "\"24:00\"", "window.time")]
    [InlineData("/rules/0/appliesTo/dates/0/to", "\"2025-12-31\"", "dates.order")]
    [InlineData("/rules/0/appliesTo/dates/0/to", "\"2026-02-30\"", "json.wrongValue")]
    [InlineData("/rules/0/appliesTo/seasons/0/from", "\"02-30\"", "json.wrongValue")]
    [InlineData("/rules/0/cap/amount", "-5", "price.range")]
    [InlineData("/rules/0/charge/stages", "[]", "list.length")]
    [InlineData("/rules/0/charge/stages/1/untilMinutes", "60", "stage.order")]
    [InlineData("/rules/0/charge/stages/1/untilMinutes", null, "stage.endless")]
    [InlineData("/rules/0/charge/stages/0/untilMinutes", "0", "number.range")]
    [InlineData("/rules/0/charge/stages/2/total", "6.99", "stage.falls")] // 3 + 2 units at 2
    [InlineData("/rules/0/charge/stages/2/price", "1", "stage.kind", "/rules/0/charge/stages/2/total")]
    [InlineData("/rules/0/charge/stages/1/perMinutes", null, "stage.kind", "/rules/0/charge/stages/1")]
    [InlineData("/rules/0/charge/stages/1/perMinutes", "0", "number.range")]
    [InlineData("/rules/0/charge/stages/1/freeBelowMinutes", "31", "number.range")]
    [InlineData("/rules/0/charge/stages/1/round", "\"down\"", "stage.freeBelow", "/rules/0/charge/stages/1/freeBelowMinutes")]
    [InlineData("/freeMinutes/0/minutes", "0", "number.range")]
    [InlineData("/freeMinutes/0/minutes", "1.5", "json.wrongValue")]
    [InlineData("/freeMinutes/0/per", "\"window\"", "per.window")]
    [InlineData("/freeMinutes/0/oncePerDays", "0", "number.range")]
    [InlineData("/freeMinutes/0", """{"minutes":15,"boundIncluded":false,"whenExceeded":"deduct"}""", "free.bound", "/freeMinutes/0/boundIncluded")]
    [InlineData("/rules/0/per", "\"period\"", "per.period")]
    [InlineData("/rules/0/cap/per", "\"period\"", "per.period")]
    [InlineData("/rules/0/afterMinutes", "0", "number.range")]
    [InlineData("/rules/0/charge/straddle", "\"both\"", "json.wrongValue")]
    [InlineData("/rules/0/appliesTo/groups", "[\"\"]", "text.length", "/rules/0/appliesTo/groups/0")]
    [InlineData("/caps/0/amount", null, "cap.amount")]
    [InlineData("/caps/2/amount", "5", "cap.amount")]
    [InlineData("/caps/2/like/rule", "\"c\"", "rule.unknown")]
    [InlineData("/caps/2/like/minutes", "0", "number.range")]
    [InlineData("/caps/2/window", null, "cap.window")]
    [InlineData("/caps/2/window/to", "\"20:00\"", "window.empty")]
    [InlineData("/caps/1/window", """{"from":"20:00","to":"08:00"}""", "cap.window")]
    [InlineData("/caps/3/periodMinutes", null, "cap.period")]
    [InlineData("/caps/3/periodMinutes", "59", "number.range")]
    [InlineData("/midnightFees/0/price", "-1", "price.range")]
    [InlineData("/reentry/withinMinutes", "0", "number.range")]
    [InlineData("/reentry", """{"timeAway":"counts"}""", "reentry.timeAway", "/reentry/timeAway")]
    [InlineData("/reentry/timeAway", "\"half\"", "json.wrongValue")]
    [InlineData("/factorsTogether", "\"sum\"", "json.wrongValue")]
    [InlineData("/rules/0/appliesTo/allGroups", "[\"\"]", "text.length", "/rules/0/appliesTo/allGroups/0")]
    [InlineData("/day", "\"rolling24h\"", "reentry.rolling", "/reentry/shareDayCap")]
    [InlineData("/examples/0/earlier/0/exit", "\"2026-01-01T11:00:00\"", "example.earlier", "/examples/0/earlier/0")]
    [InlineData("/caps/0/fromDay", "0", "number.range")]
    [InlineData("/caps/1/fromDay", "2", "cap.fromDay")]
    [InlineData("/minimumCharge", "61", "minimum.aboveCap")]
    [InlineData("/factors/1/id", "\"f\"", "id.repeated")]
    [InlineData("/factors/0/factor", "101", "number.range")]
    [InlineData("/factors/0/appliesTo", """{"weekdays":["monday"]}""", "factor.dates")]
    [InlineData("/examples/0/entry", "\"2026-01-01T10:00:00Z\"", "example.offset")]
    [InlineData("/examples/0/exit", "\"2026-01-01T09:00:00\"", "example.exitBeforeEntry")]
    [InlineData("/examples/0/exit", "\"tomorrow\"", "json.wrongValue")]
    [InlineData("/examples/0/fee", "-1", "number.range")]
    public void A_bad_field_is_named(string at, string? value, string code, string? reported = null)
    {
        var json = JsonNode.Parse(Good)!;
        var steps = at.TrimStart('/').Split('/').Select(s => s.Replace("~1", "/")).ToArray();
        var parent = steps[..^1].Aggregate(json, (node, step) => node is JsonArray list ? list[int.Parse(step)]! : node[step]!);
        if (parent is JsonArray items)
            items[int.Parse(steps[^1])] = JsonNode.Parse(value!);
        else if (value is null)
            parent.AsObject().Remove(steps[^1]);
        else
            parent[steps[^1]] = JsonNode.Parse(value);
        var reading = TariffJson.Read(json.ToJsonString());
        Assert.Null(reading.Tariff);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal((reported ?? at, code), (problem.Path, problem.Code));
        Assert.NotEmpty(problem.Message);
    }

    [Fact]
    public void A_description_and_a_source_may_have_lines() => Assert.Empty(TariffJson.Read(
        Good.Replace("\"name\":\"good\"", "\"name\":\"good\",\"description\":\"a\\r\\n\\tb\",\"source\":\"a\\nb\"")).Problems);

    /// <summary>A cap that is the price of an hour at 5, by what multiplies it for a small blue car, and a minimum.</summary>
    [Theory]
    [InlineData("stay", "5", "", "")]
    [InlineData("stay", "5.01", "", "minimum.aboveCap")]
    [InlineData("day", "10", "", "minimum.aboveCap")]
    [InlineData("period", "10", "", "")] // limits some time, not the stay
    [InlineData("day", "10", """{"id":"f","factor":2}""", "")]
    [InlineData("day", "10.5", """{"id":"f","factor":2}""", "minimum.aboveCap")]
    [InlineData("day", "10", """{"id":"f","factor":2,"scaleLimits":true}""", "minimum.aboveCap")]
    [InlineData("day", "4", """{"id":"f","factor":0.5,"appliesTo":{"vehicles":["other"]}}""", "")] // the engine lets the cap win
    public void A_minimum_above_a_cap_that_is_a_price_of_time_is_refused(string per, string minimum, string factor, string code)
    {
        var problems = TariffJson.Read($$"""
            {"schema":"parkingsaas-tariff/1","name":"t","rules":[{"id":"a","charge":{"mode":"timed","stages":[{"price":5,"perMinutes":60}]} }],
             "minimumCharge":{{minimum}},"factors":[{{factor}}],
             "caps":[{"per":"{{per}}",{{(per == "period" ? "\"periodMinutes\":60," : "")}}"like":{"rule":"a","minutes":60} }]}
            """).Problems;
        Assert.Equal(code, string.Join(' ', problems.Select(p => p.Code)));
        Assert.All(problems, p => Assert.Equal("/minimumCharge", p.Path));
    }

    [Fact]
    public void Nothing_is_priced_by_factors_that_are_refused() => Assert.Equal(["/factors/0/factor", "/factors/1/factor"], TariffJson.Read("""
        {"schema":"parkingsaas-tariff/1","name":"t","rules":[{"id":"a","charge":{"mode":"perEntry","price":5}}],
         "minimumCharge":1,"caps":[{"per":"day","like":{"rule":"a","minutes":60}}],
         "factors":[{"id":"f","factor":1e27},{"id":"g","factor":1e27}],"factorsTogether":"multiply"}
        """).Problems.Select(p => p.Path));

    /// <summary>What is open about a day is open with a window that is the whole day, too.</summary>
    [Theory]
    [InlineData("\"window\":{\"from\":\"00:00\",\"to\":\"24:00\"},\"cap\":{\"amount\":5}", "rule.afresh cap.afresh")]
    [InlineData("\"window\":{\"from\":\"00:00\",\"to\":\"24:00\"},\"per\":\"window\"", "rule.afresh")]
    [InlineData("\"window\":{\"from\":\"00:00\",\"to\":\"24:00\"},\"per\":\"day\",\"cap\":{\"amount\":5,\"per\":\"stay\"}", "")]
    [InlineData("\"window\":{\"from\":\"00:00\",\"to\":\"23:00\"},\"cap\":{\"amount\":5}", "")]
    [InlineData("\"cap\":{\"amount\":5}", "rule.afresh cap.afresh")]
    public void A_rule_for_the_whole_day_says_whether_it_starts_afresh(string more, string codes) => Assert.Equal(codes, string.Join(' ',
        TariffChecks.Open(Fees.Tariff($$"""{"id":"a","charge":{"mode":"perEntry","price":3},{{more}}}""")).Select(p => p.Code)));

    [Theory]
    [InlineData("100,100,0.5,1", "multiply", "")]
    [InlineData("100,100,1.01", "multiply", "factor.product")]
    [InlineData("100,100,100", "largest", "")]
    public void Factors_that_multiply_stay_within_what_numbers_hold(string factors, string together, string code)
    {
        var list = string.Join(',', factors.Split(',').Select((f, i) => $$"""{"id":"f{{i}}","factor":{{f}}}"""));
        var problems = TariffJson.Read(Good.Replace("""{"id":"f","factor":2},{"id":"g","factor":3}""", list)
            .Replace("\"minimumCharge\":1", $"\"minimumCharge\":1,\"factorsTogether\":\"{together}\"")).Problems;
        Assert.Equal(code, string.Join(' ', problems.Select(p => p.Code)));
    }

    [Theory]
    [InlineData("", "json.malformed")]
    [InlineData("{", "json.malformed")]
    [InlineData("[]", "json.wrongType")]
    [InlineData("null", "json.wrongType")]
    public void What_is_no_tariff_at_all_is_refused(string json, string code)
    {
        var problem = Assert.Single(TariffJson.Read(json).Problems);
        Assert.Equal(("", code), (problem.Path, problem.Code));
    }

    [Fact]
    public void Too_much_is_refused_unread() =>
        Assert.Equal("json.tooLong", Assert.Single(TariffJson.Read(new string('[', TariffJson.MaxCharacters + 1)).Problems).Code);

    [Fact]
    public void Every_problem_is_reported_at_once()
    {
        var json = Good.Replace("\"total\":9", "\"totl\":9")
            .Replace("\"minutes\":15", "\"minutes\":\"x\"").Replace("\"mode\":\"perEntry\",", "");
        Assert.Equal(["/rules/0/charge/stages/2/totl", "/rules/1/charge/mode", "/freeMinutes/0/minutes"],
            TariffJson.Read(json).Problems.Select(p => p.Path));
    }

    [Fact]
    public void A_tariff_survives_writing_and_a_store_that_reorders_fields()
    {
        var written = TariffJson.Write(TariffJson.Read(Good).Tariff!);
        var reordered = Reorder(JsonNode.Parse(written)!).ToJsonString();
        Assert.Equal(written, TariffJson.Write(TariffJson.Read(reordered).Tariff!));

        static JsonNode Reorder(JsonNode node) => node switch
        {
            JsonObject o => new JsonObject(o.OrderByDescending(p => p.Key, StringComparer.Ordinal)
                .Select(p => KeyValuePair.Create(p.Key, p.Value is null ? null : (JsonNode?)Reorder(p.Value)))),
            JsonArray a => new JsonArray([.. a.Select(i => Reorder(i!))]),
            _ => node.DeepClone(),
        };
    }
}
