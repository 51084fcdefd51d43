using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;

namespace ParkingSaaS.Core.Devices;

sealed class DevicesSlice : ISlice
{
    public void AddServices(IServiceCollection services)
    {
        services.TryAddSingleton(new ClockPolicy()); // unless the host has settings
        services.TryAddSingleton(new PicturePolicy());
        services
            .AddMetrics()
            .AddSingleton<DeviceMetrics>()
            .AddPermission(DevicePermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
            .AddPermission(DevicePermissions.Manage, Roles.City, Roles.Company)
            .AddPermission(DevicePermissions.Command, Roles.City, Roles.Company, Roles.Attendant)
            .AddPermission(DevicePermissions.Replay, Roles.City, Roles.Company)
            .AddSingleton<DeviceSignIn>()
            .AddSingleton<DeviceStates>()
            .AddSingleton<BrokerStates>()
            .AddSingleton<CommandProgress>()
            .AddSingleton<AddDevice>()
            .AddSingleton<ChangeDevice>()
            .AddImport<ImportDevices>()
            .AddSingleton<RenewSecret>()
            .AddSingleton<RetireDevice>()
            .AddSingleton<BindCertificate>()
            .AddSingleton<UnbindCertificate>()
            .AddSingleton<RecordEvents>()
            .AddSingleton<DeviceInbox>()
            .AddSingleton<ReplayMessages>()
            .AddSingleton<AddPicture>()
            .AddSingleton<ExpirePictures>()
            .AddSingleton<CommandSender>()
            .AddSingleton<SendCommand>();
    }
}
