using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Web.Hosting;

/// <summary>What the server listens on, and how much it takes from a caller.</summary>
static class Listening
{
    /// <summary>Forms and API requests are small. A page that takes files raises it for its own address.</summary>
    const long MaxRequestBody = 1 << 20;

    public static void Listen(this KestrelServerOptions kestrel, Settings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
        if (settings.Address is { } address)
            kestrel.Listen(address, settings.Port, pages => pages.UseRefusalInWords());
        else
            kestrel.ListenAnyIP(settings.Port, pages => pages.UseRefusalInWords());
        if (settings.Broker is not null)
            return;
        kestrel.Listen(At(settings.MqttAddress, settings.MqttPort), mqtt => mqtt.UseConnectionHandler<MqttConnectionHandler>());
        if (settings.MqttTlsPort is { } tls)
            kestrel.Listen(At(settings.MqttTlsAddress, tls), mqtt => mqtt
                .UseMqttTls(kestrel.ApplicationServices.GetRequiredService<MqttCertificate>(), settings.MqttClientCertificates)
                .UseConnectionHandler<MqttConnectionHandler>());
    }

    /// <summary>What can be done where a port is in use; null where something else went wrong.</summary>
    public static string? PortInUse(Exception e, Settings settings)
    {
        if (e is not IOException { InnerException: AddressInUseException })
            return e.InnerException is { } inner ? PortInUse(inner, settings) : null;
        // The server says it in words alone: "… address http://[::]:8080: address already in use."
        var port = Regex.Match(e.Message, @":(\d+):").Groups[1].Value;
        var other = port == $"{settings.MqttPort}" ? "devices another one: ./run.sh --mqtt-port M, or the setting Mqtt:Port"
            : port == $"{settings.MqttTlsPort}" ? "devices with TLS another one by the setting Mqtt:TlsPort"
            : "web pages another one: ./run.sh --port P, or the setting Port";
        return $"Port {port} is in use, by another program or a second start of this one. Give {other}.";
    }

    static MqttEndPoint At(IPAddress? address, int port) => address is null ? MqttEndPoint.Any(port) : new MqttEndPoint(address, port);
}
