using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>Two nodes on the same databases: what one does, the other knows. Time stands still unless a test moves it, so nothing here
/// is the work of a poll.</summary>
public sealed class NodeTests(Cluster cluster) : PlatformTest(cluster)
{
    readonly Channel<Guid> told = Channel.CreateUnbounded<Guid>();
    WebHost a = null!;
    WebHost b = null!;

    protected override async Task PrepareAsync()
    {
        a = Own(await StartAsync("a"));
        b = Own(await StartAsync("b"));
        await Eventually.HoldsAsync(async () =>
            await AskAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'") >= 2);
    }

    /// <summary>A number that the city's database answers.</summary>
    async Task<long> AskAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(platform.ConnectionString(City.Code));
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    Task<WebHost> StartAsync(string node) => WebHost.StartAsync(platform, Ct, null, "--Node=" + node);

    async Task<DeviceClient> GateAsync(WebHost at, string clientId = "gate", Func<Guid, ValueTask>? onCommand = null)
    {
        var gate = await DeviceClient.ConnectAsync(
            MqttClients.Options("127.0.0.1", at.MqttPort, clientId, $"{City.Code}/{City.ExitGate.Name}", City.ExitGate.Name + "-secret"),
            message => message.Topic.EndsWith("/command", StringComparison.Ordinal)
            ? (onCommand ?? (id => told.Writer.WriteAsync(id)))(JsonDocument.Parse(message.Payload).RootElement.GetProperty("id").GetGuid())
            : default, Ct);
        await gate.SubscribeAsync("v1/gate-out/down/#", ct: Ct);
        return gate;
    }

    async Task<Guid> CommandAsync(WebHost at)
    {
        var result = await at.Get<SendCommand>().RunAsync(
            City.User(DevicePermissions.Command), new ManualCommand(City.ExitGate.Id, DeviceCommand.OpenGate), Ct);
        Assert.True(result.Ok);
        return result.Value;
    }

    async Task<T> ReadAsync<T>(Func<CitySession, Task<T>> read)
    {
        await using var s = await City.OpenAsync();
        return await read(s);
    }

    Task<Device> GateRowAsync() => ReadAsync(s => s.Db.Set<Device>().AsNoTracking().SingleAsync(d => d.Id == City.ExitGate.Id, Ct));

    Task<CommandState> StateAsync(Guid id) =>
        ReadAsync(s => s.Db.Set<DeviceCommand>().AsNoTracking().Where(c => c.Id == id).Select(c => c.State).SingleAsync(Ct));

    /// <summary>Reads again after each notice that the node's pages get, until it is so.</summary>
    static async Task UntilAsync(ChannelReader<LiveNotice> notices, Func<Task<bool>> so)
    {
        while (!await so())
            await notices.ReadAsync(Ct).InTimeAsync();
    }

    (ChannelReader<LiveNotice> Notices, IDisposable End) Listen(WebHost at)
    {
        var notices = Channel.CreateUnbounded<LiveNotice>();
        return (notices.Reader, at.Get<LiveFeed>().Subscribe(City.Code, more =>
        {
            foreach (var notice in more.DefaultIfEmpty())
                notices.Writer.TryWrite(notice);
        }));
    }

    [Fact]
    public async Task A_command_of_one_node_leaves_at_once_by_the_node_that_has_the_gate()
    {
        await using var gate = await GateAsync(b);
        var first = await CommandAsync(a);
        Assert.Equal(first, await told.Reader.ReadAsync(Ct).InTimeAsync());
        var second = await CommandAsync(b);
        Assert.Equal(second, await told.Reader.ReadAsync(Ct).InTimeAsync());
        Assert.False(told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task The_states_of_a_command_are_told_to_pages_of_both_nodes()
    {
        var (atA, endA) = Listen(a);
        var (atB, endB) = Listen(b);
        using var _ = endA;
        using var __ = endB;
        var taken = new TaskCompletionSource();
        await using var gate = await GateAsync(b, onCommand: async id =>
        {
            await told.Writer.WriteAsync(id);
            await taken.Task.InTimeAsync();
        });
        var id = await CommandAsync(a);
        await told.Reader.ReadAsync(Ct).InTimeAsync();
        foreach (var reader in new[] { atA, atB })
            await UntilAsync(reader, async () => await StateAsync(id) is CommandState.Sent);
        taken.SetResult();
        foreach (var reader in new[] { atA, atB })
            await UntilAsync(reader, async () => await StateAsync(id) is CommandState.Acknowledged);
        await gate.PublishAsync("v1/gate-out/up/reply",
            JsonSerializer.SerializeToUtf8Bytes(new { id = "r", at = platform.Clock.GetUtcNow(), command = id, ok = true }), ct: Ct);
        Assert.Equal(CommandState.Executed, await StateAsync(id));
        while (await atA.ReadAsync(Ct).InTimeAsync() is var notice)
            if (notice == new LiveNotice(LiveKind.Command, City.North.Id, City.ExitGate.Id) && atA.Count == 0)
                break;
    }

    [Fact]
    public async Task An_expired_command_is_told_to_pages()
    {
        var id = await CommandAsync(a);
        var (atB, end) = Listen(b);
        using var _ = end;
        platform.Clock.Advance(DeviceCommand.Validity);
        await UntilAsync(atB, async () => await StateAsync(id) is CommandState.Expired);
    }

    [Theory]
    [InlineData("retire")]
    [InlineData("renew")]
    public async Task A_device_that_may_no_longer_sign_in_is_cut_off_at_the_other_node(string what)
    {
        await using var gate = await GateAsync(b);
        var actor = City.User(DevicePermissions.Manage);
        Assert.True(what == "retire"
            ? (await a.Get<RetireDevice>().RunAsync(actor, City.ExitGate.Id, Ct)).Ok
            : (await a.Get<RenewSecret>().RunAsync(actor, City.ExitGate.Id, Ct)).Ok);
        Assert.Equal(MqttReason.AdministrativeAction, await gate.Closed.InTimeAsync());
    }

    [Fact]
    public async Task A_device_that_moved_leaves_its_old_node_and_takes_along_what_it_had_not_taken()
    {
        var first = await GateAsync(a, onCommand: async id =>
        {
            await told.Writer.WriteAsync(id);
            await new TaskCompletionSource().Task; // takes it, and never says so
        });
        var id = await CommandAsync(a);
        Assert.Equal(id, await told.Reader.ReadAsync(Ct).InTimeAsync());
        var (atB, end) = Listen(b);
        using var _ = end;
        await UntilAsync(atB, async () => await StateAsync(id) is CommandState.Sent);

        await using var moved = await GateAsync(b);
        Assert.Equal(MqttReason.SessionTakenOver, await first.Closed.InTimeAsync());
        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(id, await told.Reader.ReadAsync(Ct).InTimeAsync());
        await UntilAsync(atB, async () => await StateAsync(id) is CommandState.Acknowledged);
        var row = await GateRowAsync();
        Assert.Equal((true, "b"), (row.Online, row.Node));
    }

    [Fact]
    public async Task A_start_leaves_other_nodes_devices_alone()
    {
        await using var gate = await GateAsync(b);
        await a.DisposeAsync();
        a = await StartAsync("a");
        Assert.True((await GateRowAsync()).Online);
    }

    [Fact]
    public async Task The_devices_of_a_node_that_is_gone_are_marked_as_away()
    {
        await using var gate = await GateAsync(b);
        var (atA, end) = Listen(a);
        using var _ = end;
        await b.Get<NodePresence>().DisposeAsync(); // what the server does when a process is killed
        Assert.DoesNotContain("b", await a.Get<NodePresence>().LookAsync(Ct));
        // the server takes a moment to let go of a lock
        var gone = await a.Get<NodePresence>().LookAsync(Ct);
        while (!gone.Contains("b") && (await GateRowAsync()).Online)
            gone = await a.Get<NodePresence>().LookAsync(Ct);
        await a.Get<INodeWitness>().OnGoneAsync(gone, Ct);
        await UntilAsync(atA, async () => !(await GateRowAsync()).Online);
    }

    [Fact]
    public async Task A_name_is_one_process_s_and_a_node_that_lost_it_says_so_once()
    {
        await a.Get<NodePresence>().DisposeAsync(); // its connection broke
        NodePresence Process() => new(platform.Get<CityDatabases>(), new NodeName("a"), NullLogger<NodePresence>.Instance);
        await using var second = Process();
        Assert.True(await second.TryClaimAsync(Ct));
        await using var third = Process();
        Assert.False(await third.TryClaimAsync(Ct));
        for (var look = 0; look < 3; look++)
            await a.Get<NodePresence>().LookAsync(Ct);
        Assert.Single(a.Logs.Lines, l => l.Contains("Another process has the name a"));
    }

    [Fact]
    public async Task A_node_that_could_not_listen_catches_up()
    {
        await using var gate = await GateAsync(b);
        var (atB, end) = Listen(b);
        using var _ = end;
        Assert.Equal(2, await AskAsync(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"));
        await Eventually.HoldsAsync(() => b.Logs.Lines.Any(l => l.Contains("fails at listening to other nodes")));
        Assert.True((await a.Get<RenewSecret>().RunAsync(City.User(DevicePermissions.Manage), City.ExitGate.Id, Ct)).Ok);
        Assert.False(gate.Closed.IsCompleted);
        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(MqttReason.AdministrativeAction, await gate.Closed.InTimeAsync());
        // Pages too: nobody knows what they missed.
        while (await atB.ReadAsync(Ct).InTimeAsync() != default) { }
    }

    [Fact]
    public async Task Many_changes_at_once_are_told_as_anything()
    {
        var (atB, end) = Listen(b);
        using var _ = end;
        var one = new LiveNotice(LiveKind.Order, City.North.Id, Guid.NewGuid());
        a.Get<LiveFeed>().Publish(City.Code, [one]);
        while (await atB.ReadAsync(Ct).InTimeAsync() != one) { }
        a.Get<LiveFeed>().Publish(City.Code, [.. Enumerable.Range(0, 500).Select(_ => one with { Id = Guid.NewGuid() })]);
        Assert.Equal(default, await atB.ReadAsync(Ct).InTimeAsync());
        Assert.False(atB.TryRead(out var _));
    }
}
