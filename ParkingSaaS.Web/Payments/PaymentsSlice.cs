using MudBlazor;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Payments;

/// <summary>The accounts that drivers pay into, and what channels say of them.</summary>
sealed class PaymentsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Finance, 80, "payments/channels", "Payment channels", Icons.Material.Outlined.AccountBalanceWallet, PaymentPermissions.Channels),
        new(MenuGroup.Finance, 85, "payments/bills", "Channel bills", Icons.Material.Outlined.RequestQuote, PaymentPermissions.Bills)
    ];
}
