using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Metrics, traces and logs by OpenTelemetry. Without a setting nothing is collected.</summary>
static class TelemetrySetup
{
    /// <param name="services">The host's services.</param>
    /// <param name="telemetry">What is wanted.</param>
    /// <param name="node">Which node says so.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, Telemetry telemetry, string node)
    {
        services.AddSingleton(telemetry);
        if (telemetry is { MetricsToken: null, Otlp: null })
            return services;
        var open = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("parking-saas", serviceInstanceId: node))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(DeviceMetrics.MeterName, MqttMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
                        "Microsoft.AspNetCore.Components.Server.Circuits", CityDatabases.TelemetryName)
                    .AddRuntimeInstrumentation();
                if (telemetry.MetricsToken is not null)
                    metrics.AddPrometheusExporter(options => options.ScrapeEndpointPath = Telemetry.Path);
                if (telemetry.Otlp is { } collector)
                    metrics.AddOtlpExporter(options => options.Endpoint = collector);
            });
        if (telemetry.Otlp is not { } otlp)
            return services;
        open.WithTracing(traces => traces.AddSource(DeviceMetrics.MeterName, CityDatabases.TelemetryName)
                .AddAspNetCoreInstrumentation(options =>
                {
                    options.Filter = http => !http.Request.Path.StartsWithSegments("/health");
                    // The ids in drivers' addresses open their stays; the route stays.
                    options.EnrichWithHttpResponse = (span, _) => span.SetTag("url.path", null);
                })
                .AddOtlpExporter(options => options.Endpoint = otlp))
            .WithLogging(logs => logs.AddOtlpExporter(options => options.Endpoint = otlp));
        return services;
    }

    /// <summary>Before everything that asks who calls: a scraper is nobody, and has the token.</summary>
    public static void UseMetrics(this WebApplication app)
    {
        var telemetry = app.Services.GetRequiredService<Telemetry>();
        if (telemetry.MetricsToken is not null)
            app.UseOpenTelemetryPrometheusScrapingEndpoint(http => http.Request.Path == Telemetry.Path && telemetry.Opens(http.Request));
    }
}
