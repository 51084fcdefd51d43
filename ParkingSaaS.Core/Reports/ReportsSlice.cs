using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Reports;

/// <summary>Registers the slice. Reports read the tables of every slice and write none.</summary>
sealed class ReportsSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(ReportPermissions.Home, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddPermission(ReportPermissions.Income, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddPermission(ReportPermissions.WhatIf, Roles.City, Roles.District)
        .AddSingleton<DailyIncome>()
        .AddSingleton<WhatIf>()
        .AddSingleton<SharedFigures>()
        .AddSingleton<TodayFigures>()
        .AddSingleton<FirstSteps>()
        .AddSingleton<DayTrendFigures>()
        .AddSingleton<LotDayFigures>()
        .AddSingleton<CityHealthFigures>()
        .AddSingleton<OccupancyFigures>();
}
