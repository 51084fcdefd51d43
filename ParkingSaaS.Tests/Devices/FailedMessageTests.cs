using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>What becomes of a message that could not be processed: kept in any case, and processed in the end.</summary>
public sealed class FailedMessageTests(Cluster cluster) : PlatformTest(cluster)
{
    string Database => platform.Get<CityDirectory>().Get(City.Code).Database;

    Actor Clerk => City.RestrictedTo(City.North, DevicePermissions.Replay);

    ReplayMessages Replay => platform.Get<ReplayMessages>();

    static string Json(string id, string plate = "粤B12345", double minute = 0) =>
        JsonSerializer.Serialize(new { id, at = TestPlatform.Start.AddMinutes(minute), plate });

    DeviceEvent Message(string payload)
    {
        var reading = platform.Get<IMessageReader>().Read("standard", "cam-in", "v1/cam-in/up/passage", System.Text.Encoding.UTF8.GetBytes(payload));
        return new DeviceEvent(City.EntryCamera.Id, City.North.Id, reading.MessageId, "v1/cam-in/up/passage", payload, reading.Report, reading.ErrorCode);
    }

    Task<EventResult> SendAsync(string payload) => platform.Get<DeviceInbox>().AcceptAsync(City.Code, Message(payload), Ct);

    async Task<DeviceMessage> KeptAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<DeviceMessage>().AsNoTracking().SingleAsync(Ct);
    }

    async Task<int> OrdersAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Order>().CountAsync(Ct);
    }

    async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Cluster.CityConnectionString(Database));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    /// <summary>The database that breaks off every connection is slow, and nothing more.</summary>
    [Fact]
    public async Task No_event_fails_while_connections_are_cut()
    {
        await using var source = NpgsqlDataSource.Create(Cluster.SetupConnectionString("postgres"));
        for (var (round, cut) = (0, 0); round < 10 || cut < 10; round++)
        {
            var sent = Task.WhenAll(Enumerable.Range(0, 20).Select(n => SendAsync(Json($"{round}-{n}", $"粤B{round:00}{n:000}", round))));
            for (var times = 0; times < 3; times++)
            {
                await using var cuts = source.CreateCommand(
                    $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{Database}'");
                cut += (int)(long)(await cuts.ExecuteScalarAsync(Ct))!;
            }
            Assert.All(await sent.WaitAsync(TimeSpan.FromMinutes(2), Ct), r => Assert.NotEqual(EventOutcome.Refused, r.Outcome));
        }

        await using var s = await City.OpenAsync();
        var kept = await s.Db.Set<DeviceMessage>().ToListAsync(Ct);
        Assert.True(kept.Count >= 200);
        Assert.All(kept, m => Assert.Null(m.ErrorCode));
        Assert.Equal(kept.Select(m => m.Id).Order(), (await s.Db.Set<Passage>().Select(p => p.MessageId!.Value).ToListAsync(Ct)).Order());
        Assert.Equal(kept.Count, await s.Db.Set<Order>().CountAsync(Ct));
    }

    /// <summary>A table that the program does not find stands for its own mistakes: the message is kept, and processed once it can be.</summary>
    [Fact]
    public async Task What_fails_by_no_fault_of_its_own_is_kept_and_processed_by_itself()
    {
        await ExecuteAsync("ALTER TABLE passages RENAME TO lost");
        Assert.Equal(new EventResult(EventOutcome.Refused, EventErrors.Failed), await SendAsync(Json("1")));
        var failed = await KeptAsync();
        Assert.Contains("passages", failed.Failure);
        Assert.Equal(platform.Clock.GetUtcNow().AddSeconds(10), failed.TryAt);

        // Not before its time, and later each time.
        await Replay.RetryAsync(City.Code, Ct);
        Assert.Equal(0, (await KeptAsync()).Tries);
        platform.Clock.Advance(TimeSpan.FromSeconds(10));
        await Replay.RetryAsync(City.Code, Ct);
        failed = await KeptAsync();
        Assert.Equal((1, EventErrors.Failed), (failed.Tries, failed.ErrorCode));
        Assert.True(failed.TryAt > platform.Clock.GetUtcNow());

        await ExecuteAsync("ALTER TABLE lost RENAME TO passages");
        await Replay.HastenAsync(City.Code, Ct);
        await Replay.RetryAsync(City.Code, Ct);
        var taken = await KeptAsync();
        Assert.Equal((null, null, null, "passage"), (taken.ErrorCode, taken.Failure, taken.TryAt, taken.Kind));
        Assert.Equal(1, await OrdersAsync());
        await Replay.RetryAsync(City.Code, Ct);
        Assert.Equal(EventOutcome.Duplicate, (await SendAsync(Json("1"))).Outcome);
        Assert.Equal(1, await OrdersAsync());
    }

    [Fact]
    public async Task A_refused_message_is_corrected_and_processed_and_stays_as_it_came()
    {
        var broken = Json("1").Replace("\"at\"", "\"when\"");
        Assert.Equal(new EventResult(EventOutcome.Refused, EventErrors.BadField), await SendAsync(broken));
        var refused = await KeptAsync();
        Assert.Null(refused.TryAt);

        Assert.Equal(new StillRefused(EventErrors.BadField), (await Replay.RunAsync(Clerk, refused.Id, null, Ct)).Error);
        Assert.Equal(new InvalidField("payload", "invalid"), (await Replay.RunAsync(Clerk, refused.Id, "", Ct)).Error);
        Assert.Equal(0, await OrdersAsync());
        Assert.True((await Replay.RunAsync(Clerk, refused.Id, Json("1"), Ct)).Ok);
        Assert.True((await Replay.RunAsync(Clerk, refused.Id, Json("1", "粤B99999"), Ct)).Ok); // done already
        Assert.Equal(1, await OrdersAsync());
        Assert.Empty(platform.Link.Take());

        var taken = await KeptAsync();
        Assert.Equal((broken, null, "passage", "1"), (taken.Payload, taken.ErrorCode, taken.Kind, taken.MessageId));
        await using var s = await City.OpenAsync();
        Assert.Equal([null, Json("1")], await s.Db.Set<DeviceMessageReplay>().OrderBy(r => r.Id).Select(r => r.Payload).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_message_that_the_device_repeated_meanwhile_is_not_taken_twice()
    {
        await SendAsync("{");
        var refused = await KeptAsync();
        Assert.Equal(EventOutcome.Recorded, (await SendAsync(Json("1"))).Outcome);
        Assert.Equal(new SameMessage("1"), (await Replay.RunAsync(Clerk, refused.Id, Json("1"), Ct)).Error);
        Assert.Equal(1, await OrdersAsync());
    }

    [Fact]
    public async Task Only_those_who_may_do_so_and_only_within_their_lots()
    {
        await SendAsync("{");
        var refused = await KeptAsync();
        await Assert.ThrowsAsync<AccessDeniedException>(() => Replay.RunAsync(City.RestrictedTo(City.North, DevicePermissions.View), refused.Id, null, Ct));
        var elsewhere = City.RestrictedTo(City.South, DevicePermissions.Replay);
        Assert.Equal(new NotFound("message"), (await Replay.RunAsync(elsewhere, refused.Id, Json("1"), Ct)).Error);
        Assert.Equal(0, await OrdersAsync());
    }
}
