using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Payments.WeChat;

namespace ParkingSaaS.Core.Payments;

sealed class PaymentsSlice : ISlice
{
    public void AddServices(IServiceCollection services)
    {
        // Unless the host has settings.
        services.TryAddSingleton(new WeChatPayPolicy());
        services.TryAddSingleton(new AlipayPolicy());
        services.TryAddSingleton(new ChannelLogPolicy());
        services.AddPermission(PaymentPermissions.Cash, Roles.City, Roles.Company, Roles.Attendant)
            .AddPermission(PaymentPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
            .AddPermission(PaymentPermissions.Channels, Roles.City)
            .AddPermission(PaymentPermissions.Bills, Roles.City)
            .AddPermission(PaymentPermissions.Shift, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
            .AddPermission(PaymentPermissions.Shifts, Roles.City, Roles.District, Roles.Company, Roles.Staff)
            .AddPermission(PaymentPermissions.ConfirmShift, Roles.City, Roles.Company)
            .AddPermission(PaymentPermissions.Receipts, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
            .AddNames("channel-account", s => s.Db.Set<ChannelAccount>().Select(a => a.Name))
            .AddSingleton<TakePayment>()
            .AddSingleton<PrintReceipts>()
            .AddSingleton<OpenShift>()
            .AddSingleton<HandInShift>()
            .AddSingleton<DecideShift>()
            .AddSingleton<CollectorReport>()
            .AddSingleton<OfferedChannels>()
            .AddSingleton<GiveUpPayments>()
            .AddSingleton<PayBack>()
            .AddSingleton<AskPayments>()
            .AddSingleton<TakePaymentCode>()
            .AddSingleton<AskRefunds>()
            .AddSingleton<ChannelSecrets>()
            .AddSingleton<ChannelLog>()
            .AddSingleton<SaveChannelAccount>()
            .AddSingleton<FindChannelOrder>()
            .AddSingleton<WeChatPayClient>()
            .AddSingleton<IPaymentChannel, WeChatPay>()
            .AddSingleton<AlipayClient>()
            .AddSingleton<IPaymentChannel, AlipayChannel>()
            .AddSingleton<TakeAlipayNotice>()
            .AddSingleton<PayInWeChat>()
            .AddSingleton<TakeWeChatNotice>()
            .AddSingleton<TakeBill>()
            .AddSingleton<BillDifferences>()
            .AddSingleton<ExplainDifference>()
            .AddSingleton<AskDifference>()
            .AddSingleton<FetchBills>();
    }
}
