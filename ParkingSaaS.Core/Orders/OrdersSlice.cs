using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Core.Orders;

sealed class OrdersSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(OrderPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
        .AddPermission(OrderPermissions.Booth, Roles.City, Roles.Company, Roles.Attendant)
        .AddPermission(OrderPermissions.Mark, Roles.City, Roles.Company, Roles.Attendant)
        .AddPermission(OrderPermissions.Void, Roles.City, Roles.Company)
        .AddPermission(OrderPermissions.ChangeAmount, Roles.City, Roles.Company)
        .AddPermission(OrderPermissions.Reopen, Roles.City, Roles.Company)
        .AddPermission(OrderPermissions.Merge, Roles.City, Roles.Company)
        .AddSingleton<Pricing>()
        .AddSingleton<Gates>()
        .AddSingleton<OrderChanges>()
        .AddSingleton<PassByHand>()
        .AddSingleton<OpenGateByHand>()
        .AddSingleton<MatchExit>()
        .AddSingleton<SetEntryTime>()
        .AddSingleton<SetExitTime>()
        .AddSingleton<CorrectPlate>()
        .AddSingleton<MarkOrder>()
        .AddSingleton<ChangeAmount>()
        .AddSingleton<VoidOrder>()
        .AddSingleton<ReopenOrder>()
        .AddSingleton<MergeOrders>()
        .AddSingleton<SplitOrder>()
        .AddSingleton<SettleMisread>()
        .AddSingleton<CloseWaiting>()
        .AddSingleton<FreezeStays>()
        .AddSingleton<KeepStay>()
        .AddSingleton<ExitCandidates>()
        .AddSingleton<CountRepainted>()
        .AddSingleton<ICarsInLot, CarsInLot>()
        .AddSingleton<IReportHandler, HandleReports>()
        .AddSingleton<DriverOrders>()
        .AddSingleton<PassagePictures>()
        .AddSingleton<OrderPayments>()
        .AddSingleton<IPayable>(services => services.GetRequiredService<OrderPayments>());
}
