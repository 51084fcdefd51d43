using System.Net;
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
            kestrel.Listen(address, settings.Port);
        else
            kestrel.ListenAnyIP(settings.Port);
        if (settings.Broker is not null)
            return;
        kestrel.Listen(At(settings.MqttAddress, settings.MqttPort), mqtt => mqtt.UseConnectionHandler<MqttConnectionHandler>());
        if (settings.MqttTlsPort is { } tls)
            kestrel.Listen(At(settings.MqttTlsAddress, tls), mqtt => mqtt
                .UseMqttTls(kestrel.ApplicationServices.GetRequiredService<MqttCertificate>(), settings.MqttClientCertificates)
                .UseConnectionHandler<MqttConnectionHandler>());
    }

    static MqttEndPoint At(IPAddress? address, int port) => address is null ? MqttEndPoint.Any(port) : new MqttEndPoint(address, port);
}
