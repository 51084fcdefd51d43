using MudBlazor;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Payments;

/// <summary>The accounts that drivers pay into.</summary>
sealed class PaymentsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Finance, 80, "payments/channels", "Payment channels", Icons.Material.Outlined.AccountBalanceWallet, PaymentPermissions.Channels)
    ];
}
