using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>An acknowledgement means durable: the program is killed in the middle of a thousand events.</summary>
public sealed class KillTests : IDisposable
{
    const int Events = 1000;
    const int KilledAfter = 300;
    const int Cameras = 4;
    const string City = "city_shenzhen";

    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly ParkingProcess program = new("parking-kill-");

    public void Dispose() => program.Dispose();

    [Fact]
    public async Task Every_acknowledged_event_is_there_exactly_once_after_kill_9()
    {
        var port = Ports.Free();
        string[] settings = ["--Demo=true", "--DemoDays=0", "--Simulator:Speed=0", $"--Mqtt:Port={port}"];
        var killed = program.Start("Test", settings);
        await ParkingProcess.ReadBlockAsync(killed);
        var cameras = await CamerasAsync();
        var acknowledged = new ConcurrentDictionary<int, bool>();
        var count = 0;

        await Task.WhenAll(Enumerable.Range(0, Cameras).Select(async n =>
        {
            try
            {
                await SendAsync(cameras[n], n, port, Share(n, _ => true), id =>
                {
                    acknowledged[id] = true;
                    if (Interlocked.Increment(ref count) == KilledAfter)
                        killed.Kill();
                });
            }
            catch (IOException)
            {
                // it was killed
            }
        }));
        await killed.WaitForExitAsync(Ct).InTimeAsync();
        Assert.InRange(acknowledged.Count, KilledAfter, Events - 1);

        await ParkingProcess.ReadBlockAsync(program.Start("Test", settings));
        var kept = await MessagesAsync();
        Assert.Empty(acknowledged.Keys.Except(kept.Keys));
        Assert.All(kept.Values, copies => Assert.Equal(1, copies));

        // The devices repeat what was not acknowledged, and some of what was.
        await Task.WhenAll(Enumerable.Range(0, Cameras).Select(n =>
            SendAsync(cameras[n], n, port, Share(n, id => !acknowledged.ContainsKey(id) || id % 3 == 0), _ => { })));
        kept = await MessagesAsync();
        Assert.Equal(Enumerable.Range(0, Events), kept.Keys.Order());
        Assert.All(kept.Values, copies => Assert.Equal(1, copies));
        // The demo has orders of its own.
        Assert.Equal((Events, Events), await CountAsync("SELECT count(*), count(DISTINCT plate) FROM orders WHERE plate LIKE 'B00%'"));
        Assert.Equal((Events, Events), await CountAsync("SELECT count(*), count(DISTINCT message_id) FROM passages WHERE plate LIKE 'B00%'"));
    }

    static IEnumerable<int> Share(int camera, Func<int, bool> wanted) =>
        Enumerable.Range(0, Events).Where(id => id % Cameras == camera && wanted(id));

    /// <summary>Sends one event after the other.</summary>
    static async Task SendAsync((string User, string Secret, string Name) camera, int connection, int port, IEnumerable<int> ids, Action<int> onAcknowledged)
    {
        await using var client = await DeviceClient.ConnectAsync(
            MqttClients.Options("127.0.0.1", port, $"{camera.Name}-{connection}", camera.User, camera.Secret), ct: Ct);
        foreach (var id in ids)
        {
            var payload = JsonSerializer.SerializeToUtf8Bytes(
                new { id = $"kill-{id}", at = DateTimeOffset.Parse(At).AddSeconds(id), replay = true, plate = $"B{id:00000}" });
            Assert.Equal(MqttReason.Success, await client.PublishAsync($"v1/{camera.Name}/up/passage", payload, ct: Ct));
            onAcknowledged(id);
        }
    }

    /// <summary>A time that the program accepts whenever the test runs: the start of this process's day.</summary>
    static readonly string At = TimeProvider.System.GetUtcNow().AddHours(-1).ToString("O");

    /// <summary>Several connections of one camera and of others, as the demo's file names them.</summary>
    async Task<(string User, string Secret, string Name)[]> CamerasAsync()
    {
        using var demo = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(program.Data, "demo.json"), Ct));
        var cameras = demo.RootElement.GetProperty("cities")[0].GetProperty("lots").EnumerateArray()
            .SelectMany(lot => lot.GetProperty("allDevices").EnumerateArray())
            .Where(d => d.GetProperty("kind").GetString() == "entryCamera" && d.GetProperty("dialect").GetString() == "standard")
            .Select(d => (d.GetProperty("username").GetString()!, d.GetProperty("password").GetString()!, d.GetProperty("device").GetString()!))
            .ToArray();
        return [.. Enumerable.Range(0, Cameras).Select(n => cameras[n % cameras.Length])];
    }

    async Task<Dictionary<int, int>> MessagesAsync()
    {
        var kept = new Dictionary<int, int>();
        await QueryAsync("SELECT message_id FROM device_messages WHERE message_id LIKE 'kill-%'", row =>
        {
            var id = int.Parse(row.GetString(0)[5..]);
            kept[id] = kept.GetValueOrDefault(id) + 1;
        });
        return kept;
    }

    async Task<(long, long)> CountAsync(string sql)
    {
        var counts = (0L, 0L);
        await QueryAsync(sql, row => counts = (row.GetInt64(0), row.GetInt64(1)));
        return counts;
    }

    async Task QueryAsync(string sql, Action<NpgsqlDataReader> onRow)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = Path.Combine(program.Data, "postgres", "socket"),
            Username = City,
            Password = MasterKey.TryParse(await File.ReadAllTextAsync(Path.Combine(program.Data, "key"), Ct))!.PasswordOf(City),
            Database = City,
            Pooling = false
        };
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(Ct);
        while (await rows.ReadAsync(Ct))
            onRow(rows);
    }
}
