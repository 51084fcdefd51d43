using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ParkingSaaS.Devices.Mqtt;

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
        kestrel.ListenAnyIP(settings.Port);
        if (settings.Broker is not null)
            return;
        kestrel.Listen(MqttEndPoint.Any(settings.MqttPort), mqtt => mqtt.UseConnectionHandler<MqttConnectionHandler>());
        if (settings.MqttTlsPort is { } tls)
            kestrel.Listen(MqttEndPoint.Any(tls), mqtt => mqtt
                .UseMqttTls(kestrel.ApplicationServices.GetRequiredService<MqttCertificate>(), settings.MqttClientCertificates)
                .UseConnectionHandler<MqttConnectionHandler>());
    }
}
