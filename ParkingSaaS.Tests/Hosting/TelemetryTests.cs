using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>What Prometheus and a collector are told.</summary>
public sealed class TelemetryTests(Cluster cluster) : DayTest(cluster)
{
    const string Token = "a-token-of-sixteen-or-more";

    static async Task<HttpResponseMessage> ScrapeAsync(HttpClient scraper, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await scraper.SendAsync(request, Ct);
    }

    Task RecordAsync(WebHost web) => web.Get<RecordEvents>().RunAsync(City.Code,
        [new DeviceEvent(City.EntryCamera.Id, City.EntryCamera.LotId, "m1", "t", "{}",
            new PassageReport(Day.Minute(0), false, "粤B12345", "blue", "small", 0.98, null, []))], Ct);

    [Fact]
    public async Task Prometheus_reads_metrics_with_the_token_alone()
    {
        await using var web = await WebHost.StartAsync(platform, Ct, null, $"--Telemetry:MetricsToken={Token}");
        await RecordAsync(web);
        using var scraper = web.Browser();
        Assert.Equal(HttpStatusCode.NotFound, (await ScrapeAsync(scraper, null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ScrapeAsync(scraper, "another-token-of-sixteen")).StatusCode);
        var answer = await ScrapeAsync(scraper, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var lines = (await answer.Content.ReadAsStringAsync(Ct)).Split('\n');
        // Meters are the process's, and other tests run in it.
        void IsCounted(string name, params string[] labels) => Assert.Contains(lines,
            l => l.StartsWith(name, StringComparison.Ordinal) && labels.All(l.Contains)
            && double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture) >= 1);
        IsCounted("parking_inbox_events_total{", "city=\"alpha\"", "outcome=\"recorded\"");
        IsCounted("parking_gate_commands_total{", "city=\"alpha\"", $"type=\"{DeviceCommand.OpenGate}\"");
        IsCounted("parking_inbox_write_duration_seconds_count");
        foreach (var of in new[] { "http_server_request_duration_seconds", "db_client_", "dotnet_", "kestrel_" })
            Assert.Contains(lines, l => l.StartsWith(of, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_token_nobody_reads_metrics()
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        using var scraper = web.Browser();
        Assert.Equal(HttpStatusCode.NotFound, (await ScrapeAsync(scraper, Token)).StatusCode);
        Assert.Contains("at least 16 characters",
            (await Assert.ThrowsAsync<StartUpException>(() => WebHost.StartAsync(platform, Ct, null, "--Telemetry:MetricsToken=short"))).Message);
        Assert.Contains("http://host:port",
            (await Assert.ThrowsAsync<StartUpException>(() => WebHost.StartAsync(platform, Ct, null, "--Telemetry:Otlp=collector"))).Message);
    }

    /// <summary>The collector is a server of its own that takes OTLP over gRPC, which is HTTP/2.</summary>
    [Fact]
    public async Task A_collector_is_sent_metrics_and_traces()
    {
        var heard = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var collector = builder.Build();
        collector.Run(async http =>
        {
            using var content = new MemoryStream();
            await http.Request.Body.CopyToAsync(content, http.RequestAborted);
            var told = System.Text.Encoding.Latin1.GetString(content.ToArray());
            heard.AddOrUpdate(http.Request.Path, told, (_, before) => before + told);
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(new byte[5], http.RequestAborted);
            http.Response.AppendTrailer("grpc-status", "0");
        });
        await collector.StartAsync(Ct);

        await using (var web = await WebHost.StartAsync(platform, Ct, null, $"--Telemetry:Otlp={collector.Urls.First()}"))
        {
            await RecordAsync(web);
            using var driver = web.Browser();
            Assert.Equal(HttpStatusCode.NotFound,
                (await driver.GetAsync("/alpha/pay/order/7b1f0c1e-0000-7000-8000-0000000000aa?plate=粤B12345", Ct)).StatusCode);
        }

        // What waits is sent as the program ends.
        Assert.Contains("parking.inbox.events", heard["/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"]);
        var traces = heard["/opentelemetry.proto.collector.trace.v1.TraceService/Export"];
        Assert.Contains("inbox write", traces);
        Assert.Contains("/pay/order/{Id:guid}", traces);
        Assert.DoesNotContain("7b1f0c1e", traces);
        Assert.DoesNotContain("12345", traces);
    }
}
