using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Whether clients are asked for a certificate of theirs.</summary>
public enum MqttClientCertificates
{
    None,

    /// <summary>Those that have one show it.</summary>
    Accept,

    /// <summary>Without one there is no connection.</summary>
    Require
}

/// <summary>TLS before the broker.</summary>
public static class MqttTls
{
    /// <summary>
    /// TLS 1.2 or 1.3. Of a client's certificate only the possession of its key is checked here: who issued it does not
    /// matter, and whether it opens anything is decided by <see cref="IMqttPolicy.AuthenticateAsync"/>.
    /// </summary>
    public static ListenOptions UseMqttTls(this ListenOptions listen, MqttCertificate certificate, MqttClientCertificates clients) =>
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                // none is negotiated: otherwise Kestrel would offer those of HTTP, and refuse clients that ask for "mqtt"
                ApplicationProtocols = [],
                ClientCertificateRequired = clients is not MqttClientCertificates.None,
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null || clients is not MqttClientCertificates.Require,
                // a stranger's certificate must not make the server fetch addresses that stand in it
                CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            }),
        });
}
