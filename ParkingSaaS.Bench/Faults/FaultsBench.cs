using System.Globalization;

namespace ParkingSaaS.Bench.Faults;

/// <summary>The long run: <c>faults --minutes N [--seed S] [--rate R]</c>.</summary>
internal static class FaultsBench
{
    public static async Task<int> RunAsync(string[] options)
    {
        var (minutes, seed, rate) = (5.0, Environment.ProcessId, 100);
        for (var i = 0; i + 1 < options.Length; i += 2)
            switch (options[i])
            {
                case "--minutes":
                    minutes = double.Parse(options[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "--seed":
                    seed = int.Parse(options[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "--rate":
                    rate = int.Parse(options[i + 1], CultureInfo.InvariantCulture);
                    break;
            }
        Console.WriteLine($"{minutes} minutes of faults, seed {seed}, {rate} events a second");
        var report = await FaultRun.RunAsync(TimeSpan.FromMinutes(minutes), seed, rate, CancellationToken.None);
        Console.WriteLine(report);
        return report.Missing.Count + report.Doubled.Count + report.Failed.Count == 0 ? 0 : 1;
    }
}
