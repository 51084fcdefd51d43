using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Devices;

/// <summary>Cars that owe at the exit: how long until the fee is worked out and in the ledger, all of it durable and the command for the lane under way, beside
/// the raw commit of the same rows.</summary>
internal static class ExitsBench
{
    public static Task<int> RunAsync() => BenchCity.RunAsync(lots: 20, lanes: 1, async city => await new BesideRaw("exits", city)
    {
        Next = city.NextStays,
        Send = e => [RecordAsync(city, e)],
        Parts = ["durable"],
        Events = 3_000,
        Rates = [100, 1000],
        Rounds = 5,
        WarmUps = 2
    }.RunAsync(), BenchCity.RawTogether, BenchCity.RawEach);

    private static async Task RecordAsync(BenchCity city, DeviceEvent e)
    {
        city.Clock.Reach(((PassageReport)e.Report!).At);
        var result = await city.Services.GetRequiredService<DeviceInbox>().AcceptAsync(BenchCity.Code, e, CancellationToken.None);
        if (result.Outcome is not EventOutcome.Recorded)
            throw new InvalidOperationException($"{e.MessageId}: {result}");
    }
}
