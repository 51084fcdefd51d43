using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Simulator;
using ParkingSaaS.Web.Drivers;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Web.Demo;

/// <summary>Plays the demo cities, except for the lots that are left to people.</summary>
sealed class DemoSimulation(Settings settings, CitySimulator simulator, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(ct);
        // Devices go before the broker does, not after.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        var file = (await DemoFile.ReadAsync(DemoFile.PathIn(settings.Data), ct))!;
        var cities = file.Cities.Select(city => new SimulatedCity(city.Code,
            [.. city.Lots.Where(lot => lot.Simulated).Select(lot => new SimulatedLot(lot.Id, lot.Kind is LotKind.Indoor ? 24 : 15,
                [.. lot.AllDevices.Where(d => d.Device != DemoPlan.LostGate)
                    .Select(d => new SimulatedDevicePlan(d.Kind, d.Dialect, d.Username, d.Password, d.Device))]))]));
        var options = new SimulationOptions("127.0.0.1", settings.MqttPort, settings.SimulatorSpeed, settings.SimulatorSeed)
        {
            Pages = new Uri($"http://127.0.0.1:{settings.Port}")
        };
        await simulator.RunAsync([.. cities], options, stop.Token);
    }
}

/// <summary>Simulated drivers pay as people do: at the booth, or on the demonstration channel.</summary>
sealed class DemoDrivers(CitySessions sessions, TakePayment payments, OrderPayments payables, TimeProvider clock) : ISimulatedDrivers
{
    static Actor ActorOf(string city) => Actor.Job(city, "simulator", OrderPermissions.View, OrderPermissions.Pay,
        PaymentPermissions.Cash, PaymentPermissions.Begin);

    public async Task<IReadOnlyList<SimulatedCar>> ParkedAsync(string city, Guid lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), OrderPermissions.View, ct);
        return await s.Db.Set<Order>().Where(o => o.LotId == lotId && o.Plate != null && o.State == OrderState.Parked)
            .Select(o => new SimulatedCar(o.Plate!,
                s.Db.Set<Device>().Where(d => d.BerthId == o.BerthId && o.BerthId != null).Select(d => d.Name).FirstOrDefault()))
            .ToListAsync(ct);
    }

    public async Task PayAsync(string city, Guid lotId, string plate, CancellationToken ct)
    {
        Guid orderId;
        Money owed;
        await using (var s = await sessions.OpenAsync(ActorOf(city), OrderPermissions.Pay, ct))
        {
            orderId = await s.Db.Set<Order>()
                .Where(o => o.LotId == lotId && o.Plate == plate
                    && (o.State == OrderState.Parked || o.State == OrderState.AwaitingPayment || o.State == OrderState.Arrears))
                .OrderByDescending(o => o.CreatedAt).Select(o => o.Id).FirstOrDefaultAsync(ct);
            if (orderId == default || !(await payables.OwedAsync(s, orderId, ct)).Try(out var owing, out _) || owing.Amount == Money.Zero)
                return;
            owed = owing.Amount;
        }
        var request = new PaymentRequest(Guid.CreateVersion7(), orderId, owed);
        if (clock.GetUtcNow().Ticks / TimeSpan.TicksPerMillisecond % 4 == 0)
            await payments.CashAsync(ActorOf(city), request, ct);
        else if ((await payments.BeginAsync(ActorOf(city), request, DemoChannel.Name, ct)).Ok)
            await payments.ConfirmAsync(DemoChannel.ActorOf(city), request.PaymentId, owed, "SIM" + request.PaymentId.ToString("N")[..12], ct);
    }
}
