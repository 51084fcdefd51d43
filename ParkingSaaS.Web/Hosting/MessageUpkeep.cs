using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Sends messages and asks what became of them; cities side by side, for a provider may be slow.</summary>
sealed class MessageUpkeep(CityDirectory cities, FindMessages find, SendMessages send, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromSeconds(10), "sending messages", Environment.ProcessorCount)
{
    protected override async Task RunAsync(City city, CancellationToken ct)
    {
        await find.RunAsync(city.Code, ct);
        await send.RunAsync(city.Code, ct);
    }
}

/// <summary>Reminds of arrears, and deletes messages that were kept for long enough.</summary>
sealed class ReminderUpkeep(CityDirectory cities, Dunning dunning, SendMessages send, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromMinutes(10), "reminding of arrears")
{
    protected override async Task RunAsync(City city, CancellationToken ct)
    {
        await dunning.RunAsync(city.Code, ct);
        await send.ExpireAsync(city.Code, ct);
    }
}
