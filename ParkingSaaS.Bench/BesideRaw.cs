using ParkingSaaS.Core.Devices;

/// <summary>
/// Device events made durable per second, beside the same rows written raw: in batches with one commit, and each event by itself. Then
/// how long an event waits at a fixed rate, beside a raw commit of the same rows. The rounds take turns, so that all see the
/// same machine.
/// </summary>
/// <param name="name">What is measured.</param>
/// <param name="city">Where.</param>
internal sealed class BesideRaw(string name, BenchCity city)
{
    private const int InFlight = 800;
    private const int Seconds = 3;

    /// <summary>Sends an event; the first task ends when it is durable, others by their <see cref="Parts"/>.</summary>
    public required Func<DeviceEvent, Task[]> Send { get; init; }

    /// <summary>Makes so many events, and those that come before without being measured.</summary>
    public Func<int, (DeviceEvent[] Before, DeviceEvent[] Events)> Next { get; init; } = count => ([], city.Next(count));

    /// <summary>What is waited for.</summary>
    public required string[] Parts { get; init; }

    /// <summary>Ends when nothing is under way any more that would disturb the raw peers.</summary>
    public Func<Task> Settled { get; init; } = () => Task.CompletedTask;

    /// <summary>Of a round of throughput.</summary>
    public required int Events { get; init; }

    /// <summary>Events a second, where waits are measured.</summary>
    public required int[] Rates { get; init; }

    /// <summary>Rounds that count.</summary>
    public required int Rounds { get; init; }

    /// <summary>Rounds before those, until as many cars leave as come.</summary>
    public required int WarmUps { get; init; }

    public async Task RunAsync()
    {
        await using var together = await RawRows.OpenAsync(city.ConnectionString(BenchCity.RawTogether));
        await using var each = await RawRows.OpenAsync(city.ConnectionString(BenchCity.RawEach));
        await ThroughputAsync(together, each);
        foreach (var rate in Rates)
            await WaitsAsync(together, each, rate);
        Console.WriteLine(await city.CountsAsync());
    }

    private async Task<DeviceEvent[]> NextAsync(int count, RawRows together, RawRows each)
    {
        var (before, events) = Next(count);
        if (before.Length > 0)
        {
            await Measure.ClosedLoopAsync(before.Length, InFlight, i => Send(before[i])[0]);
            await Settled();
            var rows = await EventRows.ReadAsync(city.ConnectionString(), before);
            await together.WriteBatchesAsync(rows);
            await each.WriteBatchesAsync(rows);
        }
        return events;
    }

    private async Task ThroughputAsync(RawRows together, RawRows each)
    {
        List<double> ours = [], batches = [], single = [];
        Console.WriteLine($"{"events/s",-10}{name,12}{"raw batches",14}{"raw each",12}");
        for (var round = 1 - WarmUps; round <= Rounds; round++)
        {
            var events = await NextAsync(Events, together, each);
            var seconds = await Measure.ClosedLoopAsync(events.Length, InFlight, i => Send(events[i])[0]);
            await Settled();
            var rows = await EventRows.ReadAsync(city.ConnectionString(), events);
            var (all, one) = (await together.WriteBatchesAsync(rows), await each.WriteEachAsync(rows));
            Console.WriteLine($"{(round <= 0 ? "warm-up" : round),-10}{Events / seconds,12:N0}{Events / all,14:N0}{Events / one,12:N0}");
            if (round <= 0)
                continue;
            ours.Add(Events / seconds);
            batches.Add(Events / all);
            single.Add(Events / one);
        }
        var (o, b, e) = (Measure.At(ours, 0.5), Measure.At(batches, 0.5), Measure.At(single, 0.5));
        Console.WriteLine($"{"median",-10}{o,12:N0}{b,14:N0}{e,12:N0}");
        Console.WriteLine($"{name} / raw batches: {o / b:0.00}, {name} / raw each: {o / e:0.00}");
    }

    private async Task WaitsAsync(RawRows together, RawRows each, int rate)
    {
        List<double[]> ours = [], raw = [];
        for (var round = 0; round < Rounds; round++)
        {
            var events = await NextAsync(rate * Seconds, together, each);
            var waited = await Measure.AtRateAsync(events.Length, rate, i => Send(events[i]));
            await Settled();
            var rows = await EventRows.ReadAsync(city.ConnectionString(), events);
            var committed = await Measure.AtRateAsync(rows.Count, rate, i => [each.WriteOneAsync(rows[i])]);
            ours.AddRange(waited);
            raw.AddRange(committed);
        }
        Console.WriteLine($"{$"ms at {rate:N0} events a second",-32}{"p50",10}{"p99",10}{"of raw p50",14}{"of raw p99",14}");
        var peer = raw.ConvertAll(w => w[0]);
        Print("raw commit", peer);
        for (var part = 0; part < Parts.Length; part++)
            Print($"{name}: {Parts[part]}", ours.ConvertAll(w => w[part]));

        void Print(string what, List<double> waits)
        {
            var (p50, p99) = (Measure.At(waits, 0.5), Measure.At(waits, 0.99));
            Console.WriteLine($"{what,-32}{p50,10:0.0}{p99,10:0.0}{p50 / Measure.At(peer, 0.5),14:0.00}{p99 / Measure.At(peer, 0.99),14:0.00}");
        }
    }
}
