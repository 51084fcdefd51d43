using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Hands invoices to their providers and asks what became of them; cities side by side, for a provider may be slow.</summary>
sealed class InvoiceUpkeep(CityDirectory cities, SendInvoices send, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromSeconds(5), "sending invoices", Environment.ProcessorCount)
{
    protected override Task RunAsync(City city, CancellationToken ct) => send.RunAsync(city.Code, ct);
}
