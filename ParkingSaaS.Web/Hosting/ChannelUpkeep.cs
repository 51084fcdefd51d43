using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Asks payment channels about payments of which they told nothing; cities side by side, for a channel may be slow.</summary>
sealed class ChannelUpkeep(CityDirectory cities, AskWeChatPay ask, TimeProvider clock, FaultLog faults) : BackgroundService
{
    const string What = "asking payment channels";

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(ct))
            await Parallel.ForEachAsync(cities.Active, ct, AskAsync);
    }

    async ValueTask AskAsync(City city, CancellationToken ct)
    {
        try
        {
            await ask.RunAsync(city.Code, ct);
            faults.Worked(city.Code, What);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            faults.Failed(city.Code, What, e);
        }
    }
}
