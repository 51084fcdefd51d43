using ParkingSaaS.Core.Storage;
using ParkingSaaS.Devices;
using ParkingSaaS.Devices.External;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Web.Hosting;

/// <summary>The settings that the start needs; <c>appsettings.json</c> says what each means.</summary>
/// <param name="Data">Absolute path of the data directory.</param>
/// <param name="Port">Web pages and API; 0 takes a free one.</param>
/// <param name="MqttPort">Devices; 0 takes a free one.</param>
/// <param name="Control">Connection string of the control database, or null for the private server.</param>
/// <param name="Demo">Whether to fill an empty platform.</param>
/// <param name="DemoPayments">Whether drivers may pay by the demonstration channel, by which no money moves.</param>
/// <param name="SimulatorSpeed">How much faster than life the demo's cars are; 0 leaves them out.</param>
/// <param name="SimulatorSeed">The same seed plays the same cars.</param>
sealed record Settings(string Data, int Port, int MqttPort, string? Control, bool Demo, bool DemoPayments,
    double SimulatorSpeed, int SimulatorSeed)
{
    /// <summary>What tells this node from others that serve the same cities; devices' sessions are kept by it.</summary>
    public string Node { get; init; } = "main";

    /// <summary>The installation's key; null for the one in the data directory.</summary>
    public MasterKey? Key { get; init; }

    /// <summary>A broker outside of the program that devices are connected to; null for the one inside.</summary>
    public BrokerAddress? Broker { get; init; }

    /// <summary>Devices over TLS, 0 takes a free port; null listens to none.</summary>
    public int? MqttTlsPort { get; init; }

    /// <summary>The certificate of <see cref="MqttTlsPort"/>.</summary>
    public MqttCertificateFiles? MqttCertificate { get; init; }

    /// <summary>Whether devices on <see cref="MqttTlsPort"/> are asked for a certificate.</summary>
    public MqttClientCertificates MqttClientCertificates { get; init; }

    /// <summary>With it those who run the broker read its figures; null: nobody does.</summary>
    public OperatorSecret MqttOperator { get; init; } = new(Value: null);

    /// <summary>Pages of these origins may speak MQTT, besides our own.</summary>
    public IReadOnlyList<string> MqttAllowedOrigins { get; init; } = [];

    /// <summary>Where the private server's files lie; null with a server of one's own.</summary>
    public string? Database { get; init; }

    /// <exception cref="StartUpException">A setting cannot be used.</exception>
    public static Settings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var demo = Flag("Demo", false);
        if (demo && environment.IsProduction())
            throw new StartUpException(
                "A production start never makes demo data. Leave the setting Demo out, or set DOTNET_ENVIRONMENT to something else.");
        var tls = configuration["Mqtt:TlsPort"] is { Length: > 0 };
        var certificate = Text("Mqtt:Certificate");
        if (tls && certificate is null)
            throw new StartUpException("The setting Mqtt:TlsPort needs a certificate: Mqtt:Certificate is the path of a PEM or PFX file.");
        return new Settings(Path.GetFullPath(configuration["Data"] is { Length: > 0 } data ? data : "data"),
            Port("Port", 8080), Port("Mqtt:Port", 1883),
            configuration.GetConnectionString("Control") is { Length: > 0 } control ? control : null, demo,
            Flag("Payments:Demo", demo), configuration.GetValue("Simulator:Speed", 20.0), configuration.GetValue("Simulator:Seed", 1))
        {
            Node = Text("Node") switch
            {
                null => "main",
                { Length: <= 64 } node => node,
                _ => throw new StartUpException("The setting Node is a name of at most 64 characters")
            },
            Key = Text("Key") is not { } key ? null : MasterKey.TryParse(key)
                ?? throw new StartUpException("The setting Key is 32 bytes as Base64, as `openssl rand -base64 32` makes them"),
            Broker = Text("Devices:Broker") is not { } broker ? null : BrokerAddress.TryParse(broker)
                // It may hold a password, so it is not repeated.
                ?? throw new StartUpException("The setting Devices:Broker is mqtt://user:password@host:port, or mqtts://…"),
            MqttTlsPort = tls ? Port("Mqtt:TlsPort", 0) : null,
            MqttCertificate = tls ? new MqttCertificateFiles(certificate!, Text("Mqtt:CertificateKey"), Text("Mqtt:CertificatePassword")) : null,
            MqttClientCertificates = Text("Mqtt:ClientCertificates") is not { } name ? MqttClientCertificates.Accept
                : Enum.GetNames<MqttClientCertificates>().Contains(name) ? Enum.Parse<MqttClientCertificates>(name)
                : throw new StartUpException($"The setting Mqtt:ClientCertificates is None, Accept or Require, not '{name}'"),
            MqttOperator = new OperatorSecret(Text("Mqtt:OperatorSecret") switch
            {
                { Length: < 16 } => throw new StartUpException("The setting Mqtt:OperatorSecret has at least 16 characters"),
                var secret => secret
            }),
            MqttAllowedOrigins = configuration.GetSection("Mqtt:AllowedOrigins").Get<string[]>() ?? []
        };

        string? Text(string name) => configuration[name] is { Length: > 0 } text ? text : null;

        bool Flag(string name, bool usual) => configuration[name] is not { Length: > 0 } text ? usual
            : bool.TryParse(text, out var value) ? value
            : throw new StartUpException($"The setting {name} is true or false, not '{text}'");

        int Port(string name, int usual) => configuration[name] is not { Length: > 0 } text ? usual
            : ushort.TryParse(text, out var port) ? port
            : throw new StartUpException($"The setting {name} is a port number, not '{text}'");
    }
}

/// <summary>The program cannot start, and the message tells the operator why.</summary>
public sealed class StartUpException(string message) : Exception(message);
