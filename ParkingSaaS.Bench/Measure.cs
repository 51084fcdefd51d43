using System.Diagnostics;

/// <summary>How benchmarks of events load, and how their figures are told.</summary>
internal static class Measure
{
    /// <summary>The value below which that part of the values lies.</summary>
    public static double At(IReadOnlyCollection<double> values, double part) =>
        values.Order().ElementAt(Math.Min(values.Count - 1, (int)(values.Count * part)));

    /// <summary>Runs all, never more than so many at once.</summary>
    /// <returns>Seconds.</returns>
    public static async Task<double> ClosedLoopAsync(int count, int inFlight, Func<int, Task> run)
    {
        using var slots = new SemaphoreSlim(inFlight);
        var clock = Stopwatch.StartNew();
        var waits = new Task[count];
        for (var i = 0; i < count; i++)
        {
            await slots.WaitAsync();
            waits[i] = RunAsync(i);
        }
        await Task.WhenAll(waits);
        return clock.Elapsed.TotalSeconds;

        async Task RunAsync(int i)
        {
            await run(i);
            slots.Release();
        }
    }

    /// <summary>How long each part of each took from the instant at which it was due, in milliseconds.</summary>
    public static async Task<double[][]> AtRateAsync(int count, int rate, Func<int, Task[]> run)
    {
        var clock = Stopwatch.StartNew();
        var waits = new Task<double[]>[count];
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / rate);
            while (due > clock.Elapsed)
                await Task.Delay(1);
            waits[i] = Task.WhenAll(run(i).Select(part => WaitAsync(part, due)));
        }
        return await Task.WhenAll(waits);

        async Task<double> WaitAsync(Task part, TimeSpan due)
        {
            await part;
            return (clock.Elapsed - due).TotalMilliseconds;
        }
    }
}
