using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Devices.Simulator;

/// <summary>The cars of one lot: they come, stay, mostly pay, and leave. Now and then a camera misses one or misreads its plate,
/// a driver does not pay, a message is repeated.</summary>
sealed class LotSimulation(SimulatedCity city, SimulatedLot lot, IReadOnlyList<SimulatedDevice> devices, ISimulatedDrivers drivers,
    SimulationOptions options, TimeProvider clock, FaultLog faults)
{
    const string What = "a simulated car";
    static readonly TimeSpan MeanStay = TimeSpan.FromMinutes(80);

    /// <summary>How often a camera errs. A city that is played for a day leaves some dozens of cases to people, not hundreds.</summary>
    const double Slip = 0.0005;

    static readonly string[] Provinces = ["粤B", "粤B", "粤B", "粤A", "浙A", "浙A", "沪C", "苏E", "赣A", "湘A"];
    const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";

    readonly Random random = new(options.Seed + lot.Devices.Sum(d => d.UserName.Sum(c => c)));
    readonly SimulatedDevice[] entries = [.. devices.Where(d => d.Plan.Kind is DeviceKind.EntryCamera)];
    readonly SimulatedDevice[] exits = [.. devices.Where(d => d.Plan.Kind is DeviceKind.ExitCamera)];
    readonly LinkedList<SimulatedDevice> berths = new(devices.Where(d => d.Plan.Kind is DeviceKind.BerthSensor));
    readonly Lock gate = new();
    int inside;

    /// <summary>Plays until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var stays = new List<Task>();
        var gated = exits.Length > 0;
        var wanted = gated ? lot.Cars : (int)(berths.Count * 0.7);
        var parked = await drivers.ParkedAsync(city.Code, lot.Id, ct);
        foreach (var car in parked)
            if (gated)
                stays.Add(PlayAsync(() => LeaveGatedAsync(car.Plate, "blue", Left(Stay(), begun: true), ct), ct));
            else if (berths.FirstOrDefault(b => b.Plan.Name == car.Sensor) is { } berth && berths.Remove(berth))
                stays.Add(PlayAsync(() => LeaveBerthAsync(berth, car.Plate, Left(Stay(), begun: true), ct), ct));
        // A street that nobody has played yet is as full as ever. Later no car can have come before its berth was free.
        for (var i = 0; !gated && parked.Count == 0 && i < wanted; i++)
            stays.Add(PlayAsync(() => OnStreetAsync(begun: true, ct), ct));
        var speed = gated ? options.Speed : 1;
        while (!ct.IsCancellationRequested)
        {
            // As many come as leave, so the lot hovers about its usual number; while it is emptier, they come faster.
            var rate = wanted / (MeanStay.TotalSeconds / speed) * (Volatile.Read(ref inside) < wanted / 2 ? 4 : 1);
            await Task.Delay(TimeSpan.FromSeconds(Exponential(1 / rate)), clock, ct);
            stays.RemoveAll(s => s.IsCompleted);
            var filling = gated && Volatile.Read(ref inside) < wanted / 2;
            if (Volatile.Read(ref inside) < wanted * 1.2)
                stays.Add(PlayAsync(() => gated ? GatedAsync(filling, ct) : OnStreetAsync(begun: false, ct), ct));
        }
    }

    async Task PlayAsync(Func<Task> car, CancellationToken ct)
    {
        Interlocked.Increment(ref inside);
        try
        {
            await car();
            faults.Worked(city.Code, What);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            faults.Failed(city.Code, What, e);
        }
        finally
        {
            Interlocked.Decrement(ref inside);
        }
    }

    async Task GatedAsync(bool begun, CancellationToken ct)
    {
        var (plate, colour) = NewPlate();
        var stay = Stay();
        var left = Left(stay, begun);
        var at = EntryTime(stay, left);
        var camera = Pick(entries);
        if (!Chance(Slip))
            await camera.PassageAsync(Chance(Slip) ? null : plate, colour, at, Replayed(at), ct);
        if (Chance(0.01))
            await camera.PassageAsync(plate, colour, at, Replayed(at), ct);
        await LeaveGatedAsync(plate, colour, left, ct);
    }

    async Task LeaveGatedAsync(string plate, string colour, TimeSpan left, CancellationToken ct)
    {
        await Task.Delay(left / options.Speed, clock, ct);
        if (Chance(0.3))
            await drivers.PayAsync(city.Code, lot.Id, plate, ct);
        if (Chance(Slip))
            return;
        var read = Chance(Slip) ? plate[..^1] + "8" : plate;
        await Pick(exits).PassageAsync(read, colour, clock.GetUtcNow(), false, ct);
        await Task.Delay(TimeSpan.FromSeconds(2 + random.NextDouble() * 8), clock, ct);
        if (!Chance(0.02))
            await drivers.PayAsync(city.Code, lot.Id, plate, ct);
    }

    async Task OnStreetAsync(bool begun, CancellationToken ct)
    {
        SimulatedDevice berth;
        lock (gate)
        {
            if (berths.First is not { } free)
                return;
            berth = free.Value;
            berths.RemoveFirst();
        }
        var (plate, _) = NewPlate();
        var stay = Stay();
        var left = Left(stay, begun);
        var at = clock.GetUtcNow() - (stay - left);
        await berth.BerthAsync(true, plate, at, Replayed(at), ct);
        await LeaveBerthAsync(berth, plate, left, ct);
    }

    async Task LeaveBerthAsync(SimulatedDevice berth, string plate, TimeSpan left, CancellationToken ct)
    {
        try
        {
            await Task.Delay(left, clock, ct);
            if (Chance(0.8))
                await drivers.PayAsync(city.Code, lot.Id, plate, ct);
            await berth.BerthAsync(false, null, clock.GetUtcNow(), false, ct);
        }
        finally
        {
            lock (gate)
                berths.AddLast(berth);
        }
    }

    /// <summary>The entry is told as if it had been a whole stay before the exit, which at more than the speed of life it was not.</summary>
    DateTimeOffset EntryTime(TimeSpan stay, TimeSpan left) => clock.GetUtcNow() - (stay - left / options.Speed);

    bool Replayed(DateTimeOffset at) => clock.GetUtcNow() - at > TimeSpan.FromMinutes(1);

    /// <summary>How much of the stay is to come. A lot that fills up at the start gets cars that have been in for a while, so that the
    /// first ones leave, and pay, at once.</summary>
    TimeSpan Left(TimeSpan stay, bool begun)
    {
        lock (gate)
            return begun ? stay * random.NextDouble() : stay;
    }

    TimeSpan Stay() => TimeSpan.FromMinutes(Math.Clamp(Exponential(MeanStay.TotalMinutes), 4, 12 * 60));

    double Exponential(double mean)
    {
        lock (gate)
            return -Math.Log(1 - random.NextDouble()) * mean;
    }

    bool Chance(double probability)
    {
        lock (gate)
            return random.NextDouble() < probability;
    }

    T Pick<T>(T[] items)
    {
        lock (gate)
            return items[random.Next(items.Length)];
    }

    (string Plate, string Colour) NewPlate()
    {
        lock (gate)
        {
            var electric = random.NextDouble() < 0.35;
            var head = Provinces[random.Next(Provinces.Length)];
            var tail = random.Next(10_000, 100_000).ToString();
            return electric ? ($"{head}{(random.Next(2) == 0 ? 'D' : 'F')}{tail}", "green")
                : ($"{head}{Letters[random.Next(Letters.Length)]}{tail[1..]}", "blue");
        }
    }
}
