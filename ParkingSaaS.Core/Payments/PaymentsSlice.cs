using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments;

sealed class PaymentsSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(PaymentPermissions.Cash, Roles.City, Roles.Company, Roles.Attendant)
        .AddPermission(PaymentPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddSingleton<TakePayment>()
        .AddSingleton<OfferedChannels>()
        .AddSingleton<GiveUpPayments>();
}
