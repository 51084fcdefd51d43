using MudBlazor;
using ParkingSaaS.Core.Alarms;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Alarms;

/// <summary>The alarms' list and rules, and the bell in the bar of every page.</summary>
sealed class AlarmsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Operations, 80, "alarms", "Alarms", Icons.Material.Outlined.NotificationsActive, AlarmPermissions.View),
        new(MenuGroup.System, 720, "alarm-rules", "Alarm rules", Icons.Material.Outlined.NotificationAdd, AlarmPermissions.Manage)
    ];

    public void AddServices(IServiceCollection services, Settings settings) =>
        services.AddSingleton(new BarPart(20, typeof(AlarmBellButton), AlarmPermissions.View))
            .AddSingleton(new LotPart(20, typeof(AlarmCard), AlarmPermissions.View));
}
