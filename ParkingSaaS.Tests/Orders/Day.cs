using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>A city's day in a test's words: at which minute which car comes and goes. Minute 0 is <see cref="TestPlatform.Start"/>;
/// an event reaches us at the present time of the platform's clock.</summary>
public sealed class Day(TestPlatform platform)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    int messages;

    public TestPlatform Platform => platform;
    public TestCity City => platform.Alpha;

    public static DateTimeOffset Minute(double minute) => TestPlatform.Start.AddMinutes(minute);

    /// <summary>Moves the clock to a minute of the day.</summary>
    public void Until(double minute) => platform.Clock.Advance(Minute(minute) - platform.Clock.GetUtcNow());

    /// <summary>The car is seen entering at that minute, and we hear of it at once.</summary>
    public Task<EventResult> EnterAsync(string? plate, double minute)
    {
        Until(minute);
        return PassAsync(City.EntryCamera, plate, minute);
    }

    /// <summary>The car is seen leaving at that minute, and we hear of it at once.</summary>
    public Task<EventResult> LeaveAsync(string? plate, double minute)
    {
        Until(minute);
        return PassAsync(City.ExitCamera, plate, minute);
    }

    /// <summary>We hear now of what a camera saw at that minute.</summary>
    public async Task<EventResult> PassAsync(Device camera, string? plate, double minute, string? id = null, bool replay = false) =>
        await RecordAsync(new DeviceEvent(camera.Id, camera.LotId, id ?? $"m{++messages}", "t", "{}",
            new PassageReport(Minute(minute), replay, plate, "blue", "small", 0.98, null, [])));

    /// <summary>We hear now what the sensor of berth 1 saw at that minute.</summary>
    public async Task<EventResult> BerthAsync(bool occupied, double minute, string? plate = null, bool replay = false) =>
        await RecordAsync(new DeviceEvent(City.Sensor1.Id, City.Sensor1.LotId, $"m{++messages}", "t", "{}",
            new BerthReport(Minute(minute), replay, occupied, plate)));

    public async Task<EventResult> RecordAsync(DeviceEvent e) => (await RecordAsync([e]))[0];

    public Task<EventResult[]> RecordAsync(IReadOnlyList<DeviceEvent> events) =>
        platform.Get<RecordEvents>().RunAsync(City.Code, events, Ct);

    /// <summary>All orders, oldest start first.</summary>
    public async Task<List<Order>> OrdersAsync()
    {
        await using var s = await City.OpenAsync();
        return [.. (await s.Db.Set<Order>().AsNoTracking().ToListAsync(Ct)).OrderBy(o => o.Start)];
    }

    /// <summary>The only order.</summary>
    public async Task<Order> OrderAsync() => Assert.Single(await OrdersAsync());

    public async Task<List<Passage>> PassagesAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Passage>().AsNoTracking().OrderBy(p => p.Id).ToListAsync(Ct);
    }

    public async Task<List<Payment>> PaymentsAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Payment>().AsNoTracking().OrderBy(p => p.Id).ToListAsync(Ct);
    }

    /// <summary>The attendant takes cash.</summary>
    public Task<Result<Done>> CashAsync(Order order, long minor, Guid? paymentId = null) => platform.Get<TakePayment>().CashAsync(
        City.User(PaymentPermissions.Cash), new PaymentRequest(paymentId ?? Guid.CreateVersion7(), order.Id, new Money(minor)), Ct);

    /// <summary>A driver.</summary>
    public Actor Driver => Actor.Driver(City.Code, PaymentPermissions.Begin);

    /// <summary>The city's tariff was another one all the time.</summary>
    public async Task TariffAsync(Func<Tariff, Tariff> change)
    {
        await using var s = await City.OpenAsync();
        var version = await s.Db.Set<TariffVersion>().AsNoTracking().SingleAsync(Ct);
        s.Db.Add(new TariffVersion
        {
            Id = Guid.CreateVersion7(),
            TariffId = version.TariffId,
            Number = 2,
            Definition = TariffJson.Write(change(TariffJson.Read(version.Definition).Tariff!)),
            EffectiveFrom = version.EffectiveFrom,
            PublishedAt = version.PublishedAt
        });
        await s.Db.SaveChangesAsync(Ct);
    }

    /// <summary>The types of the commands since the last call.</summary>
    public string[] Commands() => [.. platform.Link.Take().Select(c => c.Type)];
}
