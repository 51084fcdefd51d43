using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Invoices.Nuonuo;

namespace ParkingSaaS.Core.Invoices;

sealed class InvoicesSlice : ISlice
{
    public void AddServices(IServiceCollection services)
    {
        // Unless the host has settings.
        services.TryAddSingleton(new NuonuoPolicy());
        services.AddPermission(InvoicePermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
            .AddPermission(InvoicePermissions.Ask, Roles.City, Roles.Company, Roles.Staff)
            .AddPermission(InvoicePermissions.Manage, Roles.City, Roles.Company)
            .AddPermission(InvoicePermissions.Issuers, Roles.City)
            .AddSingleton<SaveIssuer>()
            .AddSingleton<AskInvoice>()
            .AddSingleton<DecideInvoice>()
            .AddSingleton<SendInvoices>()
            .AddSingleton<DriverInvoices>()
            .AddSingleton<NuonuoClient>()
            .AddSingleton<IInvoiceProvider, NuonuoInvoices>();
    }
}
