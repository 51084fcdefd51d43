using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Asks payment channels about payments of which they told nothing; cities side by side, for a channel may be slow.</summary>
sealed class ChannelUpkeep(CityDirectory cities, AskWeChatPay ask, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromSeconds(5), "asking payment channels", Environment.ProcessorCount)
{
    protected override Task RunAsync(City city, CancellationToken ct) => ask.RunAsync(city.Code, ct);
}
