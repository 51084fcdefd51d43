using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Adapter;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>How we use MQTTnet's client.</summary>
public static class MqttClients
{
    static readonly MqttClientFactory Factory = new();

    /// <summary>A client that is not connected yet.</summary>
    public static IMqttClient Create() => Factory.CreateMqttClient();

    /// <summary>MQTT 5.0 over TCP, a clean session; the caller changes what it wants otherwise.</summary>
    /// <param name="host">Its name or address.</param>
    /// <param name="clientId">The session's name.</param>
    /// <param name="userName">Null where it needs none.</param>
    /// <param name="password">Null where it needs none.</param>
    /// <param name="tls">The server must show a certificate for <paramref name="host"/> that the machine trusts.</param>
    public static MqttClientOptions Options(string host, int port, string clientId, string? userName, string? password, bool tls = false) => new()
    {
        ClientId = clientId,
        Credentials = userName is null ? null : new MqttClientCredentials(userName, password is null ? null : Encoding.UTF8.GetBytes(password)),
        KeepAlivePeriod = TimeSpan.FromSeconds(60),
        Timeout = TimeSpan.FromSeconds(10),
        ChannelOptions = new MqttClientTcpOptions
        {
            RemoteEndpoint = new DnsEndPoint(host, port),
            BufferSize = 1 << 16,
            // Unless told, MQTTnet resets the connection, and its goodbye is lost.
            LingerState = new LingerOption(false, 0),
            TlsOptions = new MqttClientTlsOptions { UseTls = tls, TargetHost = host, RevocationMode = X509RevocationMode.NoCheck }
        }
    };

    /// <summary>Connects; what the server answered.</summary>
    /// <exception cref="MqttConnectingFailedException">The server refused.</exception>
    /// <exception cref="MQTTnet.Exceptions.MqttCommunicationException">There is no server, or its certificate is not trusted.</exception>
    public static async Task<MqttClientConnectResult> OpenAsync(this IMqttClient client, MqttClientOptions options, CancellationToken ct)
    {
        var answer = await client.ConnectAsync(options, ct);
        return answer.ResultCode is MqttClientConnectResultCode.Success ? answer
            : throw new MqttConnectingFailedException($"The server refused the connection: {answer.ResultCode}", null);
    }
}
