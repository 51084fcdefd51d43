using System.Globalization;
using System.Net;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Invoices.Nuonuo;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Devices;
using ParkingSaaS.Devices.External;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Web.Node;

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
    /// <summary>How many days of history the demo's cities are made with; 0 for none.</summary>
    public int DemoDays { get; init; }

    /// <summary>What tells this node from others that serve the same cities; devices' sessions are kept by it.</summary>
    public string Node { get; init; } = "main";

    /// <summary>The installation's key; null for the one in the data directory.</summary>
    public MasterKey? Key { get; init; }

    /// <summary>Where web pages and API are listened for; null on all addresses.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Where devices are listened for without TLS; null on all addresses.</summary>
    public IPAddress? MqttAddress { get; init; }

    /// <summary>Where devices are listened for with TLS; null on all addresses.</summary>
    public IPAddress? MqttTlsAddress { get; init; }

    /// <summary>Proxies that are believed about who calls, and whether over https; empty: there is none.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>What one address or account may ask.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>What drivers' pages tell somebody who only typed a plate.</summary>
    public StrangerSees StrangerSees { get; init; }

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

    /// <summary>How long people stay signed in, and what passwords they may have.</summary>
    public SignInPolicy SignIn { get; init; } = new();

    /// <summary>Where metrics, traces and logs go.</summary>
    public Telemetry Telemetry { get; init; } = new(null, null);

    /// <summary>When a device's clock counts as wrong.</summary>
    public ClockPolicy Clocks { get; init; } = new();

    /// <summary>How large and how many pictures of devices are taken, and how long they are kept.</summary>
    public PicturePolicy Pictures { get; init; } = new();

    /// <summary>The store that files are kept in; null for the data directory.</summary>
    public S3Place? S3 { get; init; }

    /// <summary>How long an unpaid choice of a pass on a phone is kept.</summary>
    public PassPolicy Passes { get; init; } = new();

    /// <summary>How WeChat Pay is reached.</summary>
    public WeChatPayPolicy WeChatPay { get; init; } = new();

    /// <summary>How Alipay is reached.</summary>
    public AlipayPolicy Alipay { get; init; } = new();

    /// <summary>How 诺诺, which issues invoices, is reached.</summary>
    public NuonuoPolicy Nuonuo { get; init; } = new();

    /// <summary>How long messages of payment channels are kept.</summary>
    public ChannelLogPolicy ChannelLog { get; init; } = new();

    /// <summary>How messages to people outside leave, and how long they are kept.</summary>
    public MessagePolicy Messages { get; init; } = new();

    /// <summary>Where maps get their tiles, an address with <c>{z}</c>, <c>{x}</c> and <c>{y}</c>; null draws places on a plain ground.</summary>
    public string? MapTiles { get; init; }

    /// <summary>Whose tiles they are, as their licence wants it said on the map.</summary>
    public string? MapNote { get; init; }

    /// <summary>Where the private server's files lie; null with a server of one's own.</summary>
    public string? Database { get; init; }

    /// <summary>Every other environment, a misspelt one too, is held like production.</summary>
    static readonly string[] ForTrying = ["Demo", "Development", "Test"];

    /// <summary>The installation's key: the setting, or the file in the data directory, which is made.</summary>
    /// <exception cref="StartUpException">The data directory, or the file, cannot be used.</exception>
    public async Task<MasterKey> ReadKeyAsync(CancellationToken ct)
    {
        PrepareData();
        return Key ?? await KeyFile.ReadAsync(Data, ct);
    }

    /// <summary>Starts the private server, or joins it; null with a server of one's own, which is tried once.</summary>
    /// <exception cref="StartUpException">It does not start, or cannot be used.</exception>
    public async Task<EmbeddedPostgres?> StartServerAsync(MasterKey key, CancellationToken ct)
    {
        if (Control is not null)
            return await DatabaseServer.TryAsync(Control, ct) is { } problem
                ? throw new StartUpException($"The database server of the setting ConnectionStrings:Control cannot be used: {problem.TrimEnd('.')}.")
                : null;
        var directory = Path.Combine(Data, "postgres");
        try
        {
            return await EmbeddedPostgres.StartAsync(directory, key, durable: true, ct);
        }
        catch (StorageSetupException e)
        {
            throw new StartUpException(e.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new StartUpException($"The private database server in {directory} cannot be started: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    void PrepareData()
    {
        try
        {
            Directory.CreateDirectory(Data);
            using var probe = new FileStream(Path.Combine(Data, ".writable"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartUpException($"The data directory {Data} cannot be written to: {e.Message}");
        }
    }

    /// <exception cref="StartUpException">A setting cannot be used.</exception>
    public static Settings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var demo = Flag("Demo", false);
        var demoPayments = Flag("Payments:Demo", demo);
        if (!ForTrying.Contains(environment.EnvironmentName))
            RefuseWhatWeakens();
        if (configuration["FORWARDEDHEADERS_ENABLED"] is { Length: > 0 } forwarded && !forwarded.Equals("false", StringComparison.OrdinalIgnoreCase))
            throw new StartUpException("ASPNETCORE_FORWARDEDHEADERS_ENABLED believes anybody's X-Forwarded-For. Leave it out, and name your proxies in the "
                + "setting Proxies.");
        foreach (var level in configuration.GetSection("Logging").AsEnumerable().Where(s => s.Key.Contains("LogLevel:") && s.Value is not null))
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
                throw new StartUpException($"The setting {level.Key} is a level such as Information or Warning, not '{level.Value}'");
        var control = configuration.GetConnectionString("Control") is { Length: > 0 } text ? text : null;
        if (control is not null && DatabaseServer.Problem(control) is { } problem)
            throw new StartUpException($"The setting ConnectionStrings:Control cannot be used: {problem}.");
        var tls = configuration["Mqtt:TlsPort"] is { Length: > 0 };
        var certificate = Text("Mqtt:Certificate");
        if (tls && certificate is null)
            throw new StartUpException("The setting Mqtt:TlsPort needs a certificate: Mqtt:Certificate is the path of a PEM or PFX file.");
        return new Settings(Path.GetFullPath(configuration["Data"] is { Length: > 0 } data ? data : "data"),
            Port("Port", 8080), Port("Mqtt:Port", 1883),
            control, demo, demoPayments, Number("Simulator:Speed", 1), (int)Number("Simulator:Seed", 1))
        {
            DemoDays = Whole("DemoDays", 365, 0, 365),
            Address = Place("Address"),
            MqttAddress = Place("Mqtt:Address"),
            MqttTlsAddress = Place("Mqtt:TlsAddress"),
            Proxies = [.. (configuration.GetSection("Proxies").Get<string[]>() ?? []).Select(Network)],
            Limits = Limits.Read(configuration),
            StrangerSees = Text("Drivers:StrangerSees") is not { } sight ? StrangerSees.Coarse
                : Enum.GetNames<StrangerSees>().Contains(sight) ? Enum.Parse<StrangerSees>(sight)
                : throw new StartUpException($"The setting Drivers:StrangerSees is Exact, Coarse or Proof, not '{sight}'"),
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
            MqttOperator = new OperatorSecret(Secret("Mqtt:OperatorSecret")),
            Telemetry = new Telemetry(
                Secret("Telemetry:MetricsToken"),
                Text("Telemetry:Otlp") is not { } collector ? null
                    : Uri.TryCreate(collector, UriKind.Absolute, out var otlp) && otlp.Scheme is "http" or "https" ? otlp
                    : throw new StartUpException("The setting Telemetry:Otlp is http://host:port or https://host:port")),
            SignIn = new SignInPolicy
            {
                Idle = TimeSpan.FromMinutes(Whole("SignIn:IdleMinutes", 30, 1, 24 * 60)),
                AttendantIdle = TimeSpan.FromMinutes(Whole("SignIn:AttendantIdleMinutes", 8 * 60, 1, 24 * 60)),
                Absolute = TimeSpan.FromHours(Whole("SignIn:AbsoluteHours", 12, 1, 7 * 24)),
                MinPasswordLength = Whole("SignIn:MinPasswordLength", 10, 8, 64)
            },
            Clocks = new ClockPolicy { Tolerance = TimeSpan.FromSeconds(Whole("Devices:ClockToleranceSeconds", 120, 5, 24 * 60 * 60)) },
            Pictures = new PicturePolicy
            {
                Keep = TimeSpan.FromDays(Whole("Pictures:KeepDays", 90, 1, 3650)),
                MaxBytes = Whole("Pictures:MaxKilobytes", 2048, 16, 16 * 1024) << 10,
                PerMinute = Whole("Pictures:PerMinute", 60, 1, 6000)
            },
            S3 = Text("Files:S3") is { } store ? Store(store) : null,
            Passes = new PassPolicy { OnLineWait = TimeSpan.FromMinutes(Whole("Passes:OnLineWaitMinutes", 60, 5, 7 * 24 * 60)) },
            ChannelLog = new ChannelLogPolicy { Keep = TimeSpan.FromDays(Whole("Payments:KeepMessagesDays", 180, 1, 3650)) },
            WeChatPay = new WeChatPayPolicy
            {
                Address = Site("Payments:WeChat", "https://api.mch.weixin.qq.com"),
                Accounts = Site("Payments:WeChatAccounts", "https://api.weixin.qq.com")
            },
            Alipay = new AlipayPolicy { Address = Site("Payments:Alipay", "https://openapi.alipay.com") },
            Messages = new MessagePolicy
            {
                Address = Text("Messages:Address") is null && !demo ? null
                    : Site("Messages:Address", $"http://localhost:{Port("Port", 8080).ToString(CultureInfo.InvariantCulture)}"),
                Aliyun = Site("Messages:Aliyun", "https://dysmsapi.aliyuncs.com"),
                Keep = TimeSpan.FromDays(Whole("Messages:KeepDays", 180, 1, 3650))
            },
            Nuonuo = new NuonuoPolicy
            {
                Services = Site("Invoices:Nuonuo", "https://sdk.nuonuo.com"),
                Tokens = Site("Invoices:NuonuoTokens", "https://open.nuonuo.com")
            },
            MapTiles = Text("Map:Tiles") is not { } tiles ? null
                : new[] { "{z}", "{x}", "{y}" }.All(tiles.Contains) && Uri.TryCreate(tiles, UriKind.Absolute, out var map) && map.Scheme is "http" or "https"
                    ? tiles
                : throw new StartUpException("The setting Map:Tiles is an address such as https://tiles.example/{z}/{x}/{y}.png"),
            MapNote = Text("Map:Note"),
            MqttAllowedOrigins = configuration.GetSection("Mqtt:AllowedOrigins").Get<string[]>() ?? []
        };

        void RefuseWhatWeakens()
        {
            if (demo)
                throw new StartUpException(
                    "A production start never makes demo data. Leave the setting Demo out, or set DOTNET_ENVIRONMENT to Demo.");
            if (demoPayments)
                throw new StartUpException("A production start never takes demonstration payments, by which no money moves. Leave the setting "
                    + "Payments:Demo out, or set DOTNET_ENVIRONMENT to Demo.");
            if (Flag("DetailedErrors", false))
                throw new StartUpException("A production start never shows faults to browsers. Leave the setting DetailedErrors out.");
        }

        Uri Site(string name, string usual) => Uri.TryCreate(Text(name) ?? usual, UriKind.Absolute, out var site)
            && site is { Scheme: "http" or "https", PathAndQuery: "/" } ? site
            : throw new StartUpException($"The setting {name} is an address such as {usual}");

        IPAddress? Place(string name) => Text(name) is not { } text ? null
            : IPAddress.TryParse(text, out var address) ? address
            : throw new StartUpException($"The setting {name} is an address of this machine such as 127.0.0.1, not '{text}'");

        static IPNetwork Network(string text) => IPNetwork.TryParse(text, out var network) ? network
            : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new StartUpException($"The setting Proxies holds addresses and networks such as 10.1.0.0/16, not '{text}'");

        S3Place Store(string text)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Segments is not ["/", var bucket]
                || bucket.EndsWith('/'))
                throw new StartUpException("The setting Files:S3 is the address of a bucket such as https://s3.example.org/parking");
            return new S3Place(new Uri(uri.GetLeftPart(UriPartial.Authority)), bucket, Text("Files:Region") ?? "us-east-1",
                Text("Files:AccessKey") ?? throw new StartUpException("The setting Files:S3 needs Files:AccessKey and Files:SecretKey"),
                Text("Files:SecretKey") ?? throw new StartUpException("The setting Files:S3 needs Files:AccessKey and Files:SecretKey"));
        }

        double Number(string name, double usual) => Text(name) is not { } text ? usual
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= int.MaxValue ? number
            : throw new StartUpException($"The setting {name} is a number from zero up, not '{text}'");

        string? Text(string name) => configuration[name] is { Length: > 0 } text ? text : null;

        string? Secret(string name) => Text(name) is not { Length: < 16 } ? Text(name)
            : throw new StartUpException($"The setting {name} has at least 16 characters");

        bool Flag(string name, bool usual) => configuration[name] is not { Length: > 0 } text ? usual
            : bool.TryParse(text, out var value) ? value
            : throw new StartUpException($"The setting {name} is true or false, not '{text}'");

        int Whole(string name, int usual, int least, int most) => Text(name) is not { } text ? usual
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new StartUpException($"The setting {name} is a whole number from {least} to {most}, not '{text}'");

        int Port(string name, int usual) => configuration[name] is not { Length: > 0 } text ? usual
            : ushort.TryParse(text, out var port) ? port
            : throw new StartUpException($"The setting {name} is a port number, not '{text}'");
    }
}

/// <summary>What drivers' pages tell somebody who only typed a plate, which anybody can.</summary>
public enum StrangerSees
{
    /// <summary>Lot and fee, enough to pay; the entry to the hour. More with a proof.</summary>
    Coarse,

    /// <summary>Everything: times to the second, how the fee came about, receipts, passes.</summary>
    Exact,

    /// <summary>Nothing without a proof.</summary>
    Proof
}

/// <summary>The program cannot start, and the message tells the operator why.</summary>
public sealed class StartUpException(string message) : Exception(message);
