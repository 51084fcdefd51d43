using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;

namespace ParkingSaaS.Core.Payments;

/// <summary>Registers the slice.</summary>
static class PaymentsSlice
{
    public static IServiceCollection AddPayments(this IServiceCollection services) => services
        .AddPermission(PaymentPermissions.Cash, Roles.City, Roles.Company, Roles.Attendant)
        .AddPermission(PaymentPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddSingleton<TakePayment>()
        .AddSingleton<GiveUpPayments>();
}
