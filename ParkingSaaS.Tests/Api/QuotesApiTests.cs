using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Api;

/// <summary>Quotes over HTTP, and the API's own description. They leave nothing behind: one platform serves all.</summary>
public sealed class QuotesApiTests(QuotesApiTests.Partner partner) : IClassFixture<QuotesApiTests.Partner>
{
    const string Url = "/alpha/api/v1/tariffs/quote";
    readonly ApiPlatform api = partner.Api;
    readonly string token = partner.Token;

    public sealed class Partner(Cluster cluster) : PlatformTest(cluster)
    {
        public ApiPlatform Api { get; private set; } = null!;
        public string Token { get; private set; } = "";

        protected override async Task PrepareAsync()
        {
            Api = Own(await ApiPlatform.StartAsync(platform));
            await Api.AddClientAsync(City, "partner");
            Token = await Api.TokenAsync(City, "partner");
        }
    }

    static string Timed(string stages) => Rule($$"""{ "mode": "timed", "stages": [{{stages}}] }""");

    static string Rule(string charge) => $$"""
        { "schema": "parkingsaas-tariff/1", "name": "t", "rules": [
          { "id": "r", "charge": {{charge}}, "window": { "from": "07:30", "to": "21:00" } }] }
        """;

    static string WithMinimumAndCap(string per) => $$"""
        { "schema": "parkingsaas-tariff/1", "name": "t", "rules": [{ "id": "r", "charge": { "mode": "perEntry", "price": 3 } }],
          "minimumCharge": 10, "caps": [{ "per": "{{per}}", "amount": 5 }] }
        """;

    static string Ask(string tariff, string stays, string more = "") => $$"""{ "tariff": {{tariff}}, "stays": [{{stays}}] {{more}} }""";

    static string Stay(string entry, string exit, string more = "") => $$"""{ "entry": "{{entry}}", "exit": "{{exit}}" {{more}} }""";

    async Task<JsonElement> QuotesAsync(string body) =>
        (await ApiPlatform.ReadAsync(await api.PostAsync(Url, token, body))).GetProperty("quotes");

    async Task<string> TotalAsync(string body) => (await QuotesAsync(body))[0].GetProperty("total").GetString()!;

    public static TheoryData<string, string, string, string> WhitePaper => new()
    {
        { Rule("""{ "mode": "perEntry", "price": 3 }"""), "07:00:00", "10:28:29", "3.00" },
        { Timed("""{"price":1,"perMinutes":30,"round":"up"}"""), "08:10:10", "12:00:00", "8.00" },
        { Timed("""{"untilMinutes":30,"total":0},{"untilMinutes":60,"total":3},{"untilMinutes":120,"total":5}"""), "08:00:00", "08:57:01", "3.00" },
        { Timed("""{"untilMinutes":30,"total":0},{"untilMinutes":60,"total":3},{"untilMinutes":120,"total":5}"""), "08:00:00", "08:23:00", "0.00" },
        { Timed("""{"untilMinutes":30,"total":0},{"untilMinutes":60,"total":3},{"price":1,"perMinutes":60,"round":"down"}"""), "08:00:00", "13:57:01", "7.00" },
        { Timed("""{"untilMinutes":60,"price":0.01,"perMinutes":1},{"price":1,"perMinutes":60}"""), "08:00:00", "08:23:00", "0.23" },
    };

    [Theory]
    [MemberData(nameof(WhitePaper))]
    public async Task The_worked_cases_come_out_to_the_cent(string tariff, string entry, string exit, string total)
    {
        Assert.Equal(total, await TotalAsync(Ask(tariff, Stay($"2022-01-01T{entry}", $"2022-01-01T{exit}"))));
        Assert.Equal(total, await TotalAsync(Ask(tariff, Stay($"2022-01-01T{entry}+08:00", $"2022-01-01T{exit}+08:00"))));
    }

    [Fact]
    public async Task A_quote_explains_itself_line_by_line()
    {
        var quote = (await QuotesAsync(Ask(Timed("""{"price":1,"perMinutes":30}"""), Stay("2022-01-01T08:10:10", "2022-01-01T12:00:00"))))[0];
        Assert.Equal("CNY", quote.GetProperty("currency").GetProperty("code").GetString());
        Assert.False(quote.TryGetProperty("problem", out _));
        var line = Assert.Single(quote.GetProperty("lines").EnumerateArray());
        Assert.Equal(("rate", "8", "8.00"),
            (line.GetProperty("code").GetString(), line.GetProperty("units").GetString(), line.GetProperty("amount").GetString()));
    }

    [Fact]
    public async Task Calendar_zone_and_vehicle_count()
    {
        const string tariff = """
            { "schema": "parkingsaas-tariff/1", "name": "t",
              "rules": [
                { "id": "rest", "appliesTo": { "dayTypes": ["restDay"] }, "charge": { "mode": "perEntry", "price": 1 } },
                { "id": "green", "appliesTo": { "newEnergy": true }, "charge": { "mode": "perEntry", "price": 2 } },
                { "id": "large", "appliesTo": { "vehicles": ["large"] }, "charge": { "mode": "perEntry", "price": 5 } },
                { "id": "others", "charge": { "mode": "perEntry", "price": 3 } }] }
            """;
        const string entry = "2026-11-20T17:00:00Z", exit = "2026-11-20T18:00:00Z"; // Friday there, Saturday in Shanghai
        Assert.Equal("1.00", await TotalAsync(Ask(tariff, Stay(entry, exit))));
        Assert.Equal("3.00", await TotalAsync(Ask(tariff, Stay(entry, exit), """, "zone": "UTC" """)));
        Assert.Equal("3.00", await TotalAsync(Ask(tariff, Stay(entry, exit), """, "calendar": { "workdays": ["2026-11-21"] } """)));
        Assert.Equal("1.00", await TotalAsync(Ask(tariff, Stay(entry, exit),
            """, "zone": "UTC", "calendar": { "restDays": ["2026-11-20"] } """)));
        Assert.Equal("5.00", await TotalAsync(Ask(tariff, Stay(entry, exit, """, "vehicle": "large", "colour": "yellow" """), """, "zone": "UTC" """)));
        Assert.Equal("2.00", await TotalAsync(Ask(tariff, Stay(entry, exit, """, "colour": "green" """), """, "zone": "UTC" """)));
        Assert.Equal("3.00", await TotalAsync(Ask(tariff, Stay(entry, exit, """, "colour": "green", "newEnergy": false """), """, "zone": "UTC" """)));
    }

    [Fact]
    public async Task A_stay_that_has_no_fee_says_why_beside_those_that_have_one()
    {
        var quotes = await QuotesAsync(Ask(Timed("""{"price":1,"perMinutes":30}"""), string.Join(',',
            Stay("2022-01-01T09:00:00", "2022-01-01T08:00:00"), Stay("2020-01-01T09:00:00", "2022-01-01T08:00:00"),
            Stay("2022-01-01T08:00:00", "2022-01-01T09:00:00"), Stay("2026-11-17T10:00:00+08:00", "9999-12-31T23:00:00+08:00"),
            Stay("0001-01-01T10:00:00", "2022-01-01T09:00:00"))));
        Assert.Equal("exitBeforeEntry", quotes[0].GetProperty("problem").GetString());
        Assert.Empty(quotes[0].GetProperty("lines").EnumerateArray());
        Assert.False(quotes[0].TryGetProperty("total", out _));
        Assert.Equal("stayTooLong", quotes[1].GetProperty("problem").GetString());
        Assert.Equal("2.00", quotes[2].GetProperty("total").GetString());
        Assert.Equal("timeOutOfRange", quotes[3].GetProperty("problem").GetString());
        Assert.Equal("timeOutOfRange", quotes[4].GetProperty("problem").GetString());
    }

    [Fact]
    public async Task Instants_have_the_offset_of_the_zone()
    {
        var tariff = Timed("""{"price":1,"perMinutes":30}""");
        var asked = Stay("2026-11-17T10:00:00Z", "2026-11-17T11:00:00Z");
        Assert.Equal("2026-11-17T18:00:00+08:00", Assert.Single(await FromAsync(Ask(tariff, asked))));
        Assert.Equal("2026-11-17T11:00:00+01:00", Assert.Single(await FromAsync(Ask(tariff, asked, """, "zone": "Europe/Berlin" """))));

        async Task<IEnumerable<string?>> FromAsync(string body) =>
            (await QuotesAsync(body))[0].GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("from").GetString());
    }

    [Fact]
    public async Task An_example_that_fails_is_a_warning()
    {
        const string tariff = """
            { "schema": "parkingsaas-tariff/1", "name": "t", "rules": [{ "id": "r", "charge": { "mode": "perEntry", "price": 3 }, "per": "stay" }],
              "examples": [{ "entry": "2026-11-17T10:00", "exit": "2026-11-17T11:00", "fee": 3 },
                           { "entry": "2026-11-17T10:00", "exit": "2026-11-17T11:00", "fee": 99 }] }
            """;
        var answer = await ApiPlatform.ReadAsync(await api.PostAsync(Url, token, Ask(tariff, "")));
        var warning = Assert.Single(answer.GetProperty("warnings").EnumerateArray());
        Assert.Equal(("/tariff/examples/1/fee", "example.fails", "The tariff comes to 3.00"), (warning.GetProperty("path").GetString(),
            warning.GetProperty("code").GetString(), warning.GetProperty("message").GetString()));
        answer = await ApiPlatform.ReadAsync(await api.PostAsync(Url, token, Ask(tariff.Replace("99", "3"), "")));
        Assert.False(answer.TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task What_the_tariff_leaves_open_is_a_warning()
    {
        var answer = await ApiPlatform.ReadAsync(await api.PostAsync(Url, token, Ask("""
            { "schema": "parkingsaas-tariff/1", "name": "t", "rules": [{ "id": "r", "charge": { "mode": "perEntry", "price": 3 } }] }
            """, "")));
        var warning = Assert.Single(answer.GetProperty("warnings").EnumerateArray());
        Assert.Equal(("/tariff/rules/0/per", "rule.afresh"), (warning.GetProperty("path").GetString(), warning.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_window_of_the_whole_day_leaves_open_what_no_window_does()
    {
        var answer = await ApiPlatform.ReadAsync(await api.PostAsync(Url, token, Ask("""
            { "schema": "parkingsaas-tariff/1", "name": "t",
              "rules": [{ "id": "r", "charge": { "mode": "perEntry", "price": 3 }, "window": { "from": "00:00", "to": "24:00" } }] }
            """, "")));
        var warning = Assert.Single(answer.GetProperty("warnings").EnumerateArray());
        Assert.Equal(("/tariff/rules/0/per", "rule.afresh"), (warning.GetProperty("path").GetString(), warning.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("JPY", 0, "800", "800", "800")]
    [InlineData("TND", 3, "1.25", "1.250", "10.000")]
    [InlineData("CNY", 2, "1.5", "1.50", "12.00")]
    public async Task Amounts_have_the_decimals_of_the_currency(string code, int digits, string price, string shown, string total)
    {
        var minutes = digits == 0 ? 600 : 30;
        var tariff = Timed($$"""{"price":{{price}},"perMinutes":{{minutes}}}""")
            .Replace("\"name\"", $$""" "currency": { "code": "{{code}}", "digits": {{digits}} }, "name" """);
        var quote = (await QuotesAsync(Ask(tariff, Stay("2022-01-01T08:10:10", "2022-01-01T12:00:00"))))[0];
        var line = Assert.Single(quote.GetProperty("lines").EnumerateArray());
        Assert.Equal((shown, total, total),
            (line.GetProperty("price").GetString(), line.GetProperty("amount").GetString(), quote.GetProperty("total").GetString()));
    }

    [Fact]
    public async Task The_factor_of_a_line_is_named()
    {
        const string tariff = """
            { "schema": "parkingsaas-tariff/1", "name": "t", "rules": [{ "id": "r", "charge": { "mode": "perEntry", "price": 3 } }],
              "factors": [{ "id": "heavy SUV", "factor": 3, "appliesTo": { "groups": ["suv"] } },
                          { "id": "large", "factor": 2, "appliesTo": { "vehicles": ["large"] } }] }
            """;
        var stays = Stay("2026-11-17T10:00", "2026-11-17T11:00", """, "groups": ["suv"] """) + ","
            + Stay("2026-11-17T10:00", "2026-11-17T11:00", """, "vehicle": "large" """) + ","
            + Stay("2026-11-17T10:00", "2026-11-17T11:00");
        Assert.Equal(["heavy SUV", "large", null], (await QuotesAsync(Ask(tariff, stays))).EnumerateArray()
            .Select(q => q.GetProperty("lines")[0].TryGetProperty("factorId", out var name) ? name.GetString() : null));
    }

    [Fact]
    public async Task A_thousand_stays_are_priced_at_once_and_no_more()
    {
        string Stays(int count) => string.Join(',', Enumerable.Repeat(Stay("2022-01-01T08:00:00", "2022-01-01T09:00:00"), count));
        Assert.Equal(1000, (await QuotesAsync(Ask(Timed("""{"price":1,"perMinutes":30}"""), Stays(1000)))).GetArrayLength());
        await RefusedAsync(Ask(Timed("""{"price":1,"perMinutes":30}"""), Stays(1001)), "/stays");
    }

    [Fact]
    public async Task An_answer_is_bounded_however_many_lines_each_fee_has()
    {
        var stays = string.Join(',', Enumerable.Repeat(Stay("2022-01-01T08:00:00", "2022-12-31T09:00:00"), 1000));
        var refusal = await ApiPlatform.RefusalAsync(await api.PostAsync(Url, token, Ask(Timed("""{"price":1,"perMinutes":30}"""), stays)));
        Assert.StartsWith("/stays/", Assert.Single(refusal.Paths));
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { "", "" },
        { "{", "" },
        { "[]", "" },
        { "null", "" },
        { """{"stays":[],"stays":[]}""", "/stays" },
        { Ask(Rule("""{ "mode": "perEntry", "price": 1, "price": 2 }"""), ""), "/tariff/rules/0/charge/price" },
        { Ask(Rule("""{ "mode": "perEntry", "price": NaN }"""), ""), "/tariff/rules/0/charge/price" },
        { Ask(Rule("""{ "mode": "perEntry" """), ""), "/tariff/rules/0/charge" },
        { new string('[', 5000), string.Concat(Enumerable.Repeat("/0", 63)) },
        { """{"stays":[]}""", "/tariff" },
        { Ask("7", ""), "/tariff" },
        { Ask(Rule("""{ "mode": "perEntry", "price": "3" }"""), ""), "/tariff/rules/0/charge/price" },
        { Ask(Rule("""{ "mode": "perEntry", "price": -3 }"""), ""), "/tariff/rules/0/charge/price" },
        { Ask(Rule("""{ "mode": "weekly" }"""), ""), "/tariff/rules/0/charge/mode" },
        { Ask(Timed("""{"untilMinutes":60,"total":3},{"untilMinutes":120,"total":2}"""), ""), "/tariff/rules/0/charge/stages/1/total" },
        { Ask(Timed("""{"untilMinutes":60,"total":3,"round":"down"}"""), ""), "/tariff/rules/0/charge/stages/0/round" },
        { Ask(Rule("""{ "mode": "free" }""").Replace("\"r\"", "\"r\\u0000\""), ""), "/tariff/rules/0/id" },
        { Ask(Rule("""{ "mode": "free" }""").Replace("\"name\"", "\"description\": \"a\\u0007\", \"name\""), ""), "/tariff/description" },
        { Ask(Rule("""{ "mode": "free" }""")
            .Replace("\"name\"", "\"currency\": { \"code\": \"JPY\", \"digits\": 2 }, \"name\""), ""), "/tariff/currency/digits" },
        { Ask(Rule("""{ "mode": "free" }""")
            .Replace("\"name\"", "\"currency\": { \"code\": \"XYZ\", \"digits\": 2 }, \"name\""), ""), "/tariff/currency/code" },
        { Ask(Rule("""{ "mode": "free" }"""), Stay("2022-01-01", "2022-01-02", """, "groups": ["a\u0000"] """)), "/stays/0/groups/0" },
        { Ask(WithMinimumAndCap("day"), ""), "/tariff/minimumCharge" },
        { Ask(WithMinimumAndCap("stay"), ""), "/tariff/minimumCharge" },
        { Ask(Rule("""{ "mode": "free" }"""), "", """, "colour": 1 """), "/colour" },
        { Ask(Rule("""{ "mode": "free" }"""), "", """, "zone": "Mars/Olympus" """), "/zone" },
        { Ask(Rule("""{ "mode": "free" }"""), "", """, "calendar": { "restDays": ["tomorrow"] } """), "/calendar/restDays/0" },
        { Ask(Rule("""{ "mode": "free" }"""), "", """, "calendar": [] """), "/calendar" },
        { Ask(Rule("""{ "mode": "free" }"""), Stay("2022-01-01", "noon")), "/stays/0/exit" },
        { Ask(Rule("""{ "mode": "free" }"""), Stay("2022-01-01", "2022-01-02", """, "vehicle": "bicycle" """)), "/stays/0/vehicle" },
        { Ask(Rule("""{ "mode": "free" }"""), """{ "entry": "2022-01-01" }"""), "/stays/0/exit" },
        { Ask(Rule("""{ "mode": "free" }"""), """{ "entry": 1, "exit": "2022-01-02" }"""), "/stays/0/entry" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public Task What_is_wrong_is_named_by_its_path(string body, string path) => RefusedAsync(body, path);

    async Task RefusedAsync(string body, string path)
    {
        var refusal = await ApiPlatform.RefusalAsync(await api.PostAsync(Url, token, body));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid", path), (refusal.Status, refusal.Code, Assert.Single(refusal.Paths)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    public async Task Ten_megabytes_are_too_much_and_the_sender_reads_so(bool? chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url)
        {
            Content = new StringContent(new string(' ', 10 << 20), System.Text.Encoding.UTF8, "application/json")
        };
        request.Headers.TransferEncodingChunked = chunked;
        var refusal = await ApiPlatform.RefusalAsync(await api.SendAsync(request, token));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too-large"), (refusal.Status, refusal.Code));
    }

    [Fact]
    public async Task A_form_is_no_quote()
    {
        var refusal = await ApiPlatform.RefusalAsync(await api.SendAsync(new(HttpMethod.Post, Url) { Content = new FormUrlEncodedContent([]) }, token));
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported-media-type"), (refusal.Status, refusal.Code));
    }

    [Fact]
    public async Task The_description_names_every_address_the_sign_in_and_examples_that_work()
    {
        var document = await ApiPlatform.ReadAsync(await api.GetAsync("/alpha/api/v1/openapi.json", null));
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString());
        Assert.EndsWith("/alpha", document.GetProperty("servers")[0].GetProperty("url").GetString()!.TrimEnd('/'));
        Assert.Equal(["/api/v1/lots", "/api/v1/orders", "/api/v1/tariffs/quote", "/api/v1/token"],
            document.GetProperty("paths").EnumerateObject().Select(p => p.Name).Order());
        var flow = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("clientCredentials").GetProperty("flows")
            .GetProperty("clientCredentials");
        Assert.EndsWith("/alpha/api/v1/token", flow.GetProperty("tokenUrl").GetString());

        var quote = document.GetProperty("paths").GetProperty("/api/v1/tariffs/quote").GetProperty("post");
        Assert.Equal("tariffs.view", quote.GetProperty("security")[0].GetProperty("clientCredentials")[0].GetString());
        var body = quote.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        Assert.True(body.TryGetProperty("schema", out _));
        var answer = quote.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");
        var real = await ApiPlatform.ReadAsync(await api.PostAsync(Url, token, body.GetProperty("example").GetRawText()));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(answer.GetRawText()), JsonNode.Parse(real.GetRawText())), real.GetRawText());
        Assert.NotEmpty(document.GetProperty("components").GetProperty("schemas").GetProperty(nameof(Tariff)).GetProperty("properties").EnumerateObject());
    }
}
