using MudBlazor;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Web.Payments.Shifts;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Payments;

/// <summary>The accounts that drivers pay into, what channels say of them, and the shifts of those who take money by hand.</summary>
sealed class PaymentsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Finance, 30, "shifts", "Shifts", Icons.Material.Outlined.PointOfSale, PaymentPermissions.Shift),
        new(MenuGroup.Reports, 410, "reports/collectors", "By collector", Icons.Material.Outlined.SupervisorAccount, PaymentPermissions.Shifts),
        new(MenuGroup.Finance, 80, "payments/channels", "Payment channels", Icons.Material.Outlined.AccountBalanceWallet, PaymentPermissions.Channels),
        new(MenuGroup.Finance, 85, "payments/bills", "Channel bills", Icons.Material.Outlined.RequestQuote, PaymentPermissions.Bills)
    ];

    public void MapEndpoints(IEndpointRouteBuilder app) => app.MapShiftFiles();
}
