using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Alarms;

/// <summary>What is wrong in a city, and who takes care of it.</summary>
sealed class AlarmsSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(AlarmPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
        .AddPermission(AlarmPermissions.Acknowledge, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
        .AddPermission(AlarmPermissions.Manage, Roles.City)
        .AddSingleton<AlarmWatch>()
        .AddSingleton<AlarmSummary>()
        .AddSingleton<AcknowledgeAlarm>()
        .AddSingleton<ReleaseAlarm>()
        .AddSingleton<SaveAlarmRule>();
}
