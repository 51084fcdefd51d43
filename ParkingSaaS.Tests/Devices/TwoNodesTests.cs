using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Npgsql;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>Two processes share what devices send to an outside broker, and one of them is killed.</summary>
public sealed class TwoNodesTests(Cluster cluster) : PlatformTest(cluster)
{
    const int Events = 1000;
    const int KilledAfter = 300;
    const int Senders = 4;

    /// <summary>A time that the program accepts whenever the test runs.</summary>
    static readonly DateTimeOffset At = TimeProvider.System.GetUtcNow().AddHours(-1);

    ParkingProcess a => field ??= Own(new ParkingProcess("parking-node-a-"));
    ParkingProcess b => field ??= Own(new ParkingProcess("parking-node-b-"));
    Mosquitto broker = null!;

    protected override async Task PrepareAsync()
    {
        broker = Own(await Mosquitto.StartAsync("alpha/v1/cam-in"));
    }

    async Task<Process> StartAsync(ParkingProcess program, string node)
    {
        var process = program.Start("Test", "--Node=" + node, broker.Setting,
            "--ConnectionStrings:Control=" + platform.ControlConnectionString, platform.KeySetting);
        var block = await ParkingProcess.ReadBlockAsync(process);
        _ = process.StandardOutput.ReadToEndAsync(Ct); // so that it can go on writing
        using var http = new HttpClient { BaseAddress = new Uri(block.Single(l => l.Contains("Address")).Split(' ')[^1]) };
        await Eventually.HoldsAsync(async () => (await http.GetAsync("/health/ready", Ct)).StatusCode is HttpStatusCode.OK);
        return process;
    }

    /// <summary>Sends as fast as the broker takes it.</summary>
    async Task SendAsync(int sender, int from, int count, Action<int>? onTaken = null)
    {
        await using var camera = await broker.ConnectAsync("alpha/v1/cam-in", $"camera-{sender}");
        for (var id = from + sender; id < from + count; id += Senders)
        {
            var payload = JsonSerializer.SerializeToUtf8Bytes(
                new { id = $"event-{id}", at = At.AddSeconds(id), replay = true, plate = $"B{id:00000}" });
            Assert.Equal(MqttReason.Success, await camera.PublishAsync("alpha/v1/cam-in/up/passage", payload, ct: Ct));
            onTaken?.Invoke(id);
        }
    }

    /// <summary>Waits for commits, as the nodes tell them, until the city has so many messages.</summary>
    async Task UntilThereAsync(long count)
    {
        await using var source = NpgsqlDataSource.Create(platform.ConnectionString("alpha"));
        await using var listening = await source.OpenConnectionAsync(Ct);
        await using (var listen = new NpgsqlCommand("LISTEN parking_pages", listening))
            await listen.ExecuteNonQueryAsync(Ct);
        while (true)
        {
            await using (var read = source.CreateCommand("SELECT count(*) FROM device_messages"))
                if ((long)(await read.ExecuteScalarAsync(Ct))! >= count)
                    break;
            await listening.WaitAsync(Ct).InTimeAsync();
        }
        foreach (var exactly in new[]
        {
            "SELECT count(*), count(DISTINCT message_id) FROM device_messages WHERE message_id LIKE 'event-%' AND error_code IS NULL",
            "SELECT count(*), count(DISTINCT plate) FROM orders",
            "SELECT count(*), count(DISTINCT message_id) FROM passages"
        })
        {
            await using var read = source.CreateCommand(exactly);
            await using var row = await read.ExecuteReaderAsync(Ct);
            await row.ReadAsync(Ct);
            Assert.Equal((count, count), (row.GetInt64(0), row.GetInt64(1)));
        }
    }

    [Fact]
    public async Task Every_event_is_there_exactly_once_though_one_node_is_killed()
    {
        var killed = await StartAsync(a, "a");
        await StartAsync(b, "b");
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(n => SendAsync(n, 0, Events, _ =>
        {
            if (Interlocked.Increment(ref taken) == KilledAfter)
                killed.Kill();
        })));
        await UntilThereAsync(Events);

        // It comes back, and takes its session back.
        await StartAsync(a, "a");
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(n => SendAsync(n, Events, 100)));
        await UntilThereAsync(Events + 100);
    }
}
