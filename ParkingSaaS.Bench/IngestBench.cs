using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Devices;

/// <summary>Device events through the inbox, beside the same rows written raw. The gate command leaves just before an event's task
/// ends.</summary>
internal static class IngestBench
{
    public static Task<int> RunAsync() => BenchCity.RunAsync(lots: 20, lanes: 1, async city => await new BesideRaw("inbox", city)
    {
        Send = e => [RecordAsync(city, e)],
        Parts = ["durable"],
        Events = 10_000,
        Rates = [1000],
        Rounds = 5,
        WarmUps = 2
    }.RunAsync(), BenchCity.RawTogether, BenchCity.RawEach);

    private static async Task RecordAsync(BenchCity city, DeviceEvent e)
    {
        city.Clock.Step();
        var result = await city.Services.GetRequiredService<DeviceInbox>().AcceptAsync(BenchCity.Code, e, CancellationToken.None);
        if (result.Outcome is not EventOutcome.Recorded)
            throw new InvalidOperationException($"{e.MessageId}: {result}");
    }
}
