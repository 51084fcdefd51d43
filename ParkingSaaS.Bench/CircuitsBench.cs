using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.NETCore.Client;

/// <summary>Many people look at a city's home page at once: what an open page takes of the program's memory, and how late a car that comes is on all
/// of them.</summary>
internal static partial class CircuitsBench
{
    private const int Rounds = 20, PagesOfPerson = 10, AtOnce = 8;

    /// <summary>Of a hello-world app, as Microsoft plans for.</summary>
    private const double HelloWorld = 273;

    public static async Task<int> RunAsync(int count)
    {
        await using var program = await PagesProgram.StartAsync();
        var city = new Uri(program.Address, $"/{program.Code}/");
        // The first ones compile, and fill the pools that all share.
        var first = await OpenAsync(city, program, count / 10);
        await RoundAsync(program, first, 0);
        var before = await HeapAsync(program);
        var clients = (List<CircuitsClient>)[.. first, .. await OpenAsync(city, program, count - first.Count)];
        await RoundAsync(program, clients, 1);
        var idle = await HeapAsync(program);
        var kilobytes = (idle - before) / 1e3 / (clients.Count - first.Count);
        Console.WriteLine($"{clients.Count} open pages; managed memory of one after a collection: {kilobytes:0} kB, "
            + $"{kilobytes / HelloWorld:0.00} of Microsoft's {HelloWorld:0} kB for a hello-world app; "
            + $"heap {before / 1e6:0} MB with {first.Count}, {idle / 1e6:0} MB with all; "
            + $"resident {Process.GetProcessById(program.Id).WorkingSet64 / 1e6:0} MB");

        List<double> delays = [], last = [];
        for (var round = 0; round < Rounds; round++)
        {
            var told = await RoundAsync(program, clients, 2 + round);
            delays.AddRange(told);
            last.Add(told.Max());
        }
        Console.WriteLine($"a car comes, {Rounds} times: it is on a page after p50 {Measure.At(delays, 0.5):0} ms, p95 {Measure.At(delays, 0.95):0} ms; "
            + $"on the last one of all after {last.Max():0} ms at most (p50 {Measure.At(last, 0.5):0} ms)");
        foreach (var client in clients)
            await client.DisposeAsync();
        return 0;
    }

    private static async Task<List<CircuitsClient>> OpenAsync(Uri city, PagesProgram program, int count)
    {
        List<CookieContainer> people = [];
        while (people.Count * PagesOfPerson < count)
            people.Add(await CircuitsClient.SignInAsync(city, program.Administrator));
        var clients = new CircuitsClient[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, _) => clients[i] = await CircuitsClient.OpenAsync(city, people[i / PagesOfPerson]));
        return [.. clients];
    }

    /// <summary>A car comes.</summary>
    /// <returns>Milliseconds from the moment at which the camera tells of it until each page is told.</returns>
    private static async Task<double[]> RoundAsync(PagesProgram program, List<CircuitsClient> clients, int round)
    {
        // What the round before has set off is over.
        await Task.Delay(TimeSpan.FromSeconds(3));
        if (clients.FirstOrDefault(c => c.Failure is not null) is { } failed)
            throw new InvalidOperationException($"A page is gone: {failed.Failure}");
        var plate = $"粤C{round:D5}";
        var waits = clients.Select(c => c.ToldAsync(plate)).ToList();
        var start = Stopwatch.GetTimestamp();
        await PagesCar.PassAsync(program, plate, TimeSpan.Zero);
        var told = await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(60));
        return [.. told.Select(t => Stopwatch.GetElapsedTime(start, t).TotalMilliseconds)];
    }

    /// <summary>Has the program collect what nobody needs, twice for what is finalized in between.</summary>
    /// <returns>Bytes of its heap afterwards.</returns>
    private static async Task<double> HeapAsync(PagesProgram program)
    {
        const long CollectNow = 0x800000;
        for (var i = 0; i < 2; i++)
        {
            using var session = new DiagnosticsClient(program.Id).StartEventPipeSession(
                [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, CollectNow)], requestRundown: false);
            var reading = session.EventStream.CopyToAsync(Stream.Null);
            await Task.Delay(TimeSpan.FromSeconds(5));
            await session.StopAsync(CancellationToken.None);
            await reading;
        }
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", PagesProgram.MetricsToken);
        var metrics = await http.GetStringAsync(new Uri(program.Address, "/metrics"));
        // The holes between what lives are the collector's, and are filled by what comes next.
        return Sum(Heap) - Sum(Holes);

        double Sum(Regex name) => name.Matches(metrics) is { Count: > 0 } found
            ? found.Sum(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException("The program tells nothing of its heap");
    }

    [GeneratedRegex(@"^dotnet_gc_last_collection_heap_size_bytes\{[^}]*\} ([0-9.eE+]+)", RegexOptions.Multiline)]
    private static partial Regex Heap { get; }

    [GeneratedRegex(@"^dotnet_gc_last_collection_heap_fragmentation_size_bytes\{[^}]*\} ([0-9.eE+]+)", RegexOptions.Multiline)]
    private static partial Regex Holes { get; }
}
