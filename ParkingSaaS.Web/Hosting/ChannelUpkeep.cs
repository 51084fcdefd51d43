using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Asks payment channels about payments and refunds of which they told nothing; cities side by side, for a channel may be slow.</summary>
sealed class ChannelUpkeep(CityDirectory cities, AskPayments payments, AskRefunds refunds, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromSeconds(5), "asking payment channels", Environment.ProcessorCount)
{
    protected override async Task RunAsync(City city, CancellationToken ct)
    {
        await payments.RunAsync(city.Code, ct);
        await refunds.RunAsync(city.Code, ct);
    }
}
