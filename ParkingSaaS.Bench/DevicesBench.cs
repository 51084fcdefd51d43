using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MQTTnet;
using MQTTnet.Protocol;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Web.Hosting;

/// <summary>
/// The program as a process of its own, and a city's cameras on connections of their own: how long they take to sign in, the memory that one costs,
/// passages acknowledged per second, and how long one waits for its gate command and for its acknowledgement.
/// </summary>
internal static class DevicesBench
{
    private const int LanesOfLot = 10;

    public static Task<int> RunAsync(int count) => BenchCity.RunAsync(Math.Max(1, count / (2 * LanesOfLot)), LanesOfLot, async city =>
    {
        await using var program = await RunningProgram.StartAsync(city);
        var cameras = city.Topics.ToDictionary(t => t, t => new Camera(t));
        await SignInAsync(program, [.. cameras.Values]);
        var (cpu, begun) = (program.Processor, city.Sent);
        await new BesideRaw("devices", city)
        {
            Send = e => cameras[e.Topic].Send(e),
            Parts = ["acknowledged", "command came"],
            Settled = () => SettledAsync(city),
            Events = 2_500,
            Rates = [200, 1000],
            Rounds = 3,
            WarmUps = 4
        }.RunAsync();
        Console.WriteLine($"the program's processor time: {(program.Processor - cpu).TotalMilliseconds / (city.Sent - begun):0.00} ms an event; "
            + $"resident at the end: {program.Resident / 1e6:0} MB");
        foreach (var camera in cameras.Values)
            camera.Dispose();
    }, BenchCity.RawTogether, BenchCity.RawEach);

    private static async Task SignInAsync(RunningProgram program, Camera[] cameras)
    {
        var started = program.Resident;
        // What the first ones have compiled and pooled is not what a device takes.
        var first = cameras.Length / 20;
        await ConnectAsync(cameras[..first]);
        var before = program.Resident;
        var (clock, cpu) = (Stopwatch.StartNew(), program.Processor);
        await ConnectAsync(cameras[first..]);
        var (seconds, spent, count) = (clock.Elapsed.TotalSeconds, program.Processor - cpu, cameras.Length - first);
        Console.WriteLine($"{count:N0} devices signed in and subscribed in {seconds:0.0} s: {count / seconds:N0} a second, "
            + $"{spent.TotalMilliseconds / count:0.00} ms of the program's processor time each");
        // What sign-ins left behind is not what an idle connection takes.
        await Task.Delay(TimeSpan.FromSeconds(20));
        var after = program.Resident;
        Console.WriteLine($"resident: {started / 1e6:0} MB started, {before / 1e6:0} MB with {first:N0} devices, {after / 1e6:0} MB with {cameras.Length:N0}: "
            + $"{(after - before) / 1e3 / count:0.0} kB a device; all counted {(after - started) / 1e3 / cameras.Length:0.0} kB");

        Task ConnectAsync(Camera[] some) => Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (camera, ct) => await camera.ConnectAsync(program.Port, ct));
    }

    /// <summary>The program notes how far commands have come after it has sent them.</summary>
    private static async Task SettledAsync(BenchCity city)
    {
        await using var s = await city.OpenAsync();
        while (await s.Db.Set<DeviceCommand>().AnyAsync(c => c.State == CommandState.Queued || c.State == CommandState.Sent))
            await Task.Delay(100);
    }

    private sealed class Camera : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly IMqttClient client = MqttClients.Create();
        private readonly string topic, name;

        // A camera gets a command for each passage, in their order.
        private readonly ConcurrentQueue<TaskCompletionSource> waiting = new();

        /// <param name="topic">Of its passages.</param>
        public Camera(string topic)
        {
            (this.topic, name) = (topic, topic.Split('/')[1]);
            client.ApplicationMessageReceivedAsync += _ =>
            {
                if (waiting.TryDequeue(out var command))
                    command.SetResult();
                return Task.CompletedTask;
            };
        }

        public async Task ConnectAsync(int port, CancellationToken ct)
        {
            await client.OpenAsync(MqttClients.Options("127.0.0.1", port, name, $"{BenchCity.Code}/{name}", BenchCity.DeviceSecret), ct);
            await client.SubscribeAsync($"v1/{name}/down/command", MqttQualityOfServiceLevel.AtLeastOnce, ct);
        }

        /// <returns>Ends with its acknowledgement; ends when the command has come.</returns>
        public Task[] Send(DeviceEvent e)
        {
            var command = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(command);
            return [PublishAsync(e), command.Task.WaitAsync(Patience)];
        }

        private async Task PublishAsync(DeviceEvent e)
        {
            // The program's clock cannot be told to go on: the car comes now.
            var payload = BenchCity.Payload(e.MessageId!, TimeProvider.System.GetUtcNow(), ((PassageReport)e.Report!).Plate!);
            var answer = await client.PublishBinaryAsync(topic, Encoding.UTF8.GetBytes(payload), MqttQualityOfServiceLevel.AtLeastOnce).WaitAsync(Patience);
            if (!answer.IsSuccess)
                throw new InvalidOperationException($"{e.MessageId}: {answer.ReasonCode}");
        }

        public void Dispose() => client.Dispose();
    }

    private sealed class RunningProgram(Process process, int port) : IAsyncDisposable
    {
        public int Port => port;

        public TimeSpan Processor => Now.TotalProcessorTime;

        public long Resident => Now.WorkingSet64;

        private Process Now
        {
            get
            {
                process.Refresh();
                return process;
            }
        }

        /// <summary>On the city's server, which it joins.</summary>
        public static async Task<RunningProgram> StartAsync(BenchCity city)
        {
            int port;
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                port = ((IPEndPoint)free.LocalEndpoint).Port;
            }
            var start = new ProcessStartInfo("dotnet", [typeof(ParkingHost).Assembly.Location, $"--Data={city.Data}", "--Port=0", $"--Mqtt:Port={port}"])
            {
                RedirectStandardOutput = true
            };
            start.Environment["DOTNET_ENVIRONMENT"] = "Production";
            start.Environment["Key"] = city.Key.Reveal();
            var program = new RunningProgram(Process.Start(start)!, port);
            var output = program.Now.StandardOutput;
            var said = new StringBuilder();
            while (await output.ReadLineAsync() is { } line)
            {
                said.AppendLine(line);
                if (!line.Contains("Ctrl-C"))
                    continue;
                // A pipe that nobody reads would stop it.
                _ = output.BaseStream.CopyToAsync(Stream.Null);
                return program;
            }
            throw new InvalidOperationException($"The program did not start: {said}");
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
