using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Ends what would wait for ever: cars that stood at an exit and are gone, payments that nobody finished,
/// passes that nobody paid. It also lays renewals of passes ready, and deletes old messages of payment channels.</summary>
sealed class OrderUpkeep(CityDirectory cities, CloseWaiting closeWaiting, GiveUpPayments giveUpPayments, PassUpkeep passUpkeep,
    ChannelLog messages, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromMinutes(5), "closing what waits")
{
    protected override async Task RunAsync(City city, CancellationToken ct)
    {
        await closeWaiting.RunAsync(city.Code, ct);
        await giveUpPayments.RunAsync(city.Code, ct);
        await passUpkeep.RunAsync(city.Code, ct);
        await messages.ExpireAsync(city.Code, ct);
    }
}
