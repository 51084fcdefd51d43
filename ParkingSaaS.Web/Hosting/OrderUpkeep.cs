using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Ends what would wait for ever: cars that stood at an exit and are gone, payments that nobody finished,
/// passes that nobody paid. It also lays renewals of passes ready. A city that cannot be reached keeps no other
/// waiting.</summary>
sealed class OrderUpkeep(CityDirectory cities, CloseWaiting closeWaiting, GiveUpPayments giveUpPayments, PassUpkeep passUpkeep,
    TimeProvider clock, FaultLog faults)
    : BackgroundService
{
    const string What = "closing what waits";

    static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var city in cities.Active)
                await CloseAsync(city, ct);
    }

    async Task CloseAsync(City city, CancellationToken ct)
    {
        try
        {
            await closeWaiting.RunAsync(city.Code, ct);
            await giveUpPayments.RunAsync(city.Code, ct);
            await passUpkeep.RunAsync(city.Code, ct);
            faults.Worked(city.Code, What);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            faults.Failed(city.Code, What, e);
        }
    }
}
