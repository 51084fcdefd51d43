using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core;

/// <summary>The use cases of all slices, lowest first. Each slice registers itself.</summary>
public static class Slices
{
    /// <summary>Registers every slice's use cases. The host adds an <see cref="Devices.IDeviceLink"/>.</summary>
    public static IServiceCollection AddSlices(this IServiceCollection services) => services
        .AddAccounts()
        .AddLots()
        .AddDevices()
        .AddTariffs()
        .AddCalendars()
        .AddVehicles()
        .AddPayments()
        .AddPasses()
        .AddOrders()
        .AddReports();
}
