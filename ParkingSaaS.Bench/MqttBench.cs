using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

/// <summary>
/// Our broker and Debian's Mosquitto in turn, each pinned to one core, or to both, with the load on the other: acknowledged messages
/// per second, the wait for an acknowledgement at a fixed rate, and memory of an idle connection.
/// </summary>
internal static class MqttBench
{
    private const string Mosquitto = "/usr/sbin/mosquitto";
    // as long as the runtime takes to compile what is hot a second time
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    private const int Port = 21883, TlsPort = 28883;

    /// <param name="options">Of <c>rate</c>, <c>wait</c> and <c>memory</c>, none for all; and a number of rounds, three without.</param>
    public static async Task<int> RunAsync(string[] options)
    {
        if (!File.Exists(Mosquitto))
        {
            Console.Error.WriteLine("Debian's package mosquitto is needed for comparison: apt-get install mosquitto");
            return 2;
        }

        // the load has the second core for itself
        using var self = Process.GetCurrentProcess();
        self.ProcessorAffinity = 2;
        Console.WriteLine($"{"",-52}{"ours",12}{"mosquitto",12}{"ratio",8}");
        var rounds = options.Select(o => int.TryParse(o, out var number) ? number : 0).FirstOrDefault(n => n > 0, 3);
        string[] parts = [.. options.Where(o => !char.IsAsciiDigit(o[0]))];
        bool Wants(string part) => parts.Length == 0 || parts.Contains(part);
        foreach (var cores in Wants("rate") ? (string[])["0", "0,1"] : [])
            foreach (var connections in (int[])[100, 1000, 5000])
                await CompareAsync(rounds, $"QoS 1 a second, {connections:N0} connections, core {cores}", "N0", cores, port =>
                {
                    using var load = new MqttLoad(port, connections);
                    return [load.ClosedLoop(WarmUp, TimeSpan.FromSeconds(4))];
                });
        if (Wants("rate"))
        {
            Environment.SetEnvironmentVariable(BrokerBench.InlineVariable, "0");
            await CompareAsync(rounds, "the same with the program's threads, 1,000, core 0", "N0", "0", port =>
            {
                using var load = new MqttLoad(port, 1000);
                return [load.ClosedLoop(WarmUp, TimeSpan.FromSeconds(4))];
            });
            Environment.SetEnvironmentVariable(BrokerBench.InlineVariable, null);
        }

        foreach (var rate in Wants("wait") ? (int[])[5000, 20_000] : [])
            await CompareAsync(rounds, $"p50 / p99 ms at {rate:N0} a second", "0.00", "0", port =>
            {
                using var load = new MqttLoad(port, 1000);
                var (p50, p99, reached) = load.OpenLoop(rate, WarmUp, TimeSpan.FromSeconds(5));
                if (reached < rate * 0.98)
                    Console.WriteLine($"  only {reached:N0} a second were sent");
                return [p50, p99];
            });
        foreach (var tls in Wants("memory") ? (bool[])[false, true] : [])
            foreach (var connections in (int[])[5000, 19_000])
                await CompareIdleAsync(connections, tls);
        return 0;
    }

    private static async Task CompareAsync(int rounds, string name, string format, string cores, Func<int, double[]> measure)
    {
        List<double[]> ours = [], theirs = [];
        for (var round = 0; round < rounds; round++)
        {
            await using (await Server.StartAsync(mosquitto: false, cores))
                ours.Add(measure(Port));
            await using (await Server.StartAsync(mosquitto: true, cores))
                theirs.Add(measure(Port));
        }

        for (var i = 0; i < ours[0].Length; i++)
            Print(name + (ours[0].Length > 1 ? i == 0 ? " (p50)" : " (p99)" : ""), format, Median(ours, i), Median(theirs, i));
    }

    private static double Median(List<double[]> rounds, int index) => rounds.Select(r => r[index]).Order().ElementAt(rounds.Count / 2);

    private static void Print(string name, string format, double ours, double theirs) =>
        Console.WriteLine($"{name,-52}{ours.ToString(format, CultureInfo.InvariantCulture),12}"
            + $"{theirs.ToString(format, CultureInfo.InvariantCulture),12}{ours / theirs,8:0.00}");

    private static async Task CompareIdleAsync(int connections, bool tls)
    {
        double[] bytes = new double[2];
        foreach (var mosquitto in (bool[])[false, true])
        {
            await using var server = await Server.StartAsync(mosquitto, "0");
            var before = server.ResidentBytes();
            List<Stream> open = [];
            for (var n = 0; n < connections; n++)
                open.Add(await ConnectAsync(tls, n));
            // what the sign-ins left behind is not what an idle connection takes
            await Task.Delay(TimeSpan.FromSeconds(20));
            bytes[mosquitto ? 1 : 0] = (double)(server.ResidentBytes() - before) / connections;
            foreach (var stream in open)
                await stream.DisposeAsync();
        }

        Print($"bytes of {connections:N0} idle connections, {(tls ? "TLS" : "TCP")}", "N0", bytes[0], bytes[1]);
    }

    private static async Task<Stream> ConnectAsync(bool tls, int n)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, tls ? TlsPort : Port);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (tls)
        {
            var secured = new SslStream(stream, false, (_, _, _, _) => true);
            await secured.AuthenticateAsClientAsync("localhost");
            stream = secured;
        }

        await stream.WriteAsync(MqttLoad.Hello($"idle-{n}"));
        await stream.ReadExactlyAsync(new byte[4]);
        return stream;
    }

    private sealed class Server(Process process, string folder) : IAsyncDisposable
    {
        public static async Task<Server> StartAsync(bool mosquitto, string cores)
        {
            var folder = Directory.CreateTempSubdirectory("mqtt-bench-").FullName;
            var command = mosquitto
                ? $"{Mosquitto} -c {WriteConfiguration(folder)}"
                : $"dotnet {typeof(MqttBench).Assembly.Location} broker --port {Port} --tls-port {TlsPort}";
            var process = Process.Start(new ProcessStartInfo("taskset", $"-c {cores} {command}") { RedirectStandardError = true })!;
            for (var wait = Stopwatch.StartNew(); !Listens(Port) || !Listens(TlsPort);)
            {
                if (process.HasExited || wait.Elapsed > TimeSpan.FromSeconds(20))
                    throw new InvalidOperationException($"{command} did not start: {process.StandardError.ReadToEnd()}");
                await Task.Delay(50);
            }

            return new Server(process, folder);
        }

        private static bool Listens(int port)
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Connect(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        private static string WriteConfiguration(string folder)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
                .CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
            string certificateFile = Path.Combine(folder, "cert.pem"), keyFile = Path.Combine(folder, "key.pem");
            File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
            File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
            var file = Path.Combine(folder, "mosquitto.conf");
            File.WriteAllText(file, $"""
                user root
                allow_anonymous true
                persistence false
                log_type error
                set_tcp_nodelay true
                listener {Port} 127.0.0.1
                listener {TlsPort} 127.0.0.1
                certfile {certificateFile}
                keyfile {keyFile}
                """);
            return file;
        }

        public long ResidentBytes()
        {
            process.Refresh();
            return process.WorkingSet64;
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            Directory.Delete(folder, true);
        }
    }
}
