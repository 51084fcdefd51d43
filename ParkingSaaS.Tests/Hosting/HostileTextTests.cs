using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>Texts that no form lets anybody type, in every parameter and field of every address: none is a fault.</summary>
public sealed class HostileTextTests(Cluster cluster) : PlatformTest(cluster)
{
    /// <summary>As they stand in an address: NUL, control characters, half a surrogate pair, a non-character, too long, ends of number and calendar.</summary>
    static readonly string[] Texts =
    [
        "%00", "a%00b", "%01%1B%0D%0A%09", "%ED%A0%80", "%FF%FE", "%EF%BF%BE", new('x', 3000), "-1", "0", "99999999999999999999", "-2147483648",
        "0001-01-01", "9999-12-31", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "%27%22%3B--%25_%5C", "%E7%B2%A4", "%"
    ];

    WebHost web = null!;
    HttpClient browser = null!;

    protected override async Task PrepareAsync()
    {
        web = Own(await WebHost.StartAsync(platform, Ct, settings: ["--Payments:Demo=true",
            "--Limits:AnonymousPerMinute=1000000", "--Limits:FormsPerMinute=1000000",
            "--Limits:PlatesPerHour=1000000"]));
        await web.AddUserAsync(platform.Alpha, "li", Roles.City, Ct);
        browser = Own(web.Browser());
        await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct);
    }

    List<RouteEndpoint> Endpoints => [.. web.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e =>
        e.RoutePattern.RawText is { } text && !text.Contains("_framework") && !text.Contains("_blazor") && !text.Contains("_content")
            && !text.EndsWith("/mqtt"))];

    string PathOf(RouteEndpoint endpoint) => "/alpha/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "LotId" } => $"{platform.Alpha.North.Id}",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "culture" } => "en",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "kind" } => "lot",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "part" } => "sums",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "year" or "Code" } => "404",
        _ => $"{platform.Alpha.North.Id}"
    }))));

    /// <summary>Query parameters, with a sample of those that must be there.</summary>
    static Dictionary<string, string?> Parameters(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page)
            return page.Type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(p => p.GetCustomAttribute<SupplyParameterFromQueryAttribute>() is not null).ToDictionary(p => p.Name, _ => (string?)null);
        var found = new Dictionary<string, string?>();
        foreach (var parameter in endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
            if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
                foreach (var property in parameter.ParameterType.GetProperties())
                    found[property.Name] = null;
            else if (IsText(parameter.ParameterType) && endpoint.RoutePattern.GetParameter(parameter.Name!) is null)
                found[parameter.Name!] = parameter.ParameterType == typeof(DateOnly) ? "2026-11-21" : null;
        return found;

        static bool IsText(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var t
            && (t.IsEnum || t.IsPrimitive || t == typeof(string) || t == typeof(Guid)
                || t == typeof(DateOnly) || t == typeof(DateTime) || t == typeof(StringValues));
    }

    [Fact]
    public async Task An_address_with_a_nul_is_refused_in_words()
    {
        var refused = await browser.GetAsync("/alpha/cars/%00", Ct);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var link = (await WebHost.PageAsync(refused, Ct)).QuerySelector("a")!.GetAttribute("href");
        using var ask = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { AcceptLanguage = { new("en") } } };
        Assert.Contains("The request could not be understood.", (await WebHost.PageAsync(await browser.SendAsync(ask, Ct), Ct)).Body!.TextContent);
    }

    [Fact]
    public async Task No_text_in_a_query_is_a_fault()
    {
        var tried = new List<string>();
        foreach (var endpoint in Endpoints.Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") is not false))
        {
            var parameters = Parameters(endpoint);
            foreach (var (name, _) in parameters)
                foreach (var text in Texts)
                {
                    var query = string.Join('&', parameters.Where(p => p.Key != name && p.Value is not null)
                        .Select(p => $"{p.Key}={p.Value}").Append($"{name}={text}"));
                    var answer = await browser.GetAsync($"{PathOf(endpoint)}?{query}", HttpCompletionOption.ResponseContentRead, Ct);
                    Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} {PathOf(endpoint)}?{query}");
                    tried.Add($"{endpoint.RoutePattern.RawText}?{name}");
                }
        }
        Assert.Superset(
            new HashSet<string> { "/orders/export.xlsx?Plate", "/passes/export.xlsx?Text", "/language/{culture}?back", "/reports/income.xlsx?from" },
            tried.ToHashSet());
    }

    [Fact]
    public async Task No_text_in_a_form_is_a_fault()
    {
        var tried = new HashSet<string>();
        foreach (var path in Endpoints.Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(PathOf).Distinct())
        {
            var answer = await browser.GetAsync(path, Ct);
            if (answer.StatusCode != HttpStatusCode.OK)
                continue;
            foreach (var form in (await WebHost.PageAsync(answer, Ct)).QuerySelectorAll("main form"))
            {
                var fields = form.QuerySelectorAll("input, select").Select(i => (Name: i.GetAttribute("name")!, Value: i.GetAttribute("value") ?? ""))
                    .DistinctBy(f => f.Name).ToList();
                var fixedOnes = fields.Where(f => !f.Name.Contains('.')).ToList();
                await PostAsync(path, fixedOnes.Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}"));
                foreach (var (name, _) in fields.Where(f => f.Name.Contains('.')))
                    foreach (var text in path.Contains("sign-in") ? Texts[..7] : Texts)
                    {
                        await PostAsync(path, fields.Where(f => f.Name != name).Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}")
                            .Append($"{name}={text}"));
                        tried.Add(name);
                    }
            }
        }
        Assert.Superset(new HashSet<string> { "Input.Name", "Input.Rest", "Input.PhoneEnd" }, tried);
    }

    async Task PostAsync(string path, IEnumerable<string> fields)
    {
        using var body = new StringContent(string.Join('&', fields), new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        var answer = await browser.PostAsync(path, body, Ct);
        Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} {path} {string.Join('&', fields)}");
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_refused_at_every_address()
    {
        foreach (var path in Endpoints
            .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") is not false).Select(PathOf).Distinct())
            foreach (var type in new[] { "multipart/form-data", "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"" + new string('x', 300) + "\"", "application/x-www-form-urlencoded; charset=nonsense" })
            {
                using var body = new ByteArrayContent("--x\r\nContent-Disposition: form-data\r\n"u8.ToArray());
                body.Headers.TryAddWithoutValidation("Content-Type", type);
                var answer = await browser.PostAsync(path, body, Ct);
                Assert.True((int)answer.StatusCode is >= 300 and < 500, $"{(int)answer.StatusCode} {path} {type}");
            }
    }
}
