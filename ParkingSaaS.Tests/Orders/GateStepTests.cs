using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Why a gate was asked to open, or was not: what the order's page tells.</summary>
public sealed class GateStepTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    async Task<List<GateAnswer>> AnswersAsync(string plate)
    {
        await using var s = await day.City.OpenAsync();
        var order = await s.Db.Set<Order>().SingleAsync(o => o.Plate == plate, Ct);
        var passages = await s.Db.Set<Passage>().Where(p => p.OrderId == order.Id).ToListAsync(Ct);
        var told = await s.Db.Set<DeviceMessage>().ToDictionaryAsync(m => m.Id, m => m.ReceivedAt, Ct);
        var payments = await s.Db.Set<Payment>().Where(p => p.PayableId == order.Id).ToListAsync(Ct);
        var commands = await s.Db.Set<DeviceCommand>().Where(c => c.OrderId == order.Id).ToListAsync(Ct);
        return [.. (await GateStep.ReadAsync(s, order, passages, told, payments, commands, Ct)).Select(step => step.Answer)];
    }

    [Fact]
    public async Task A_stay_opens_the_entry_is_held_at_the_exit_and_opens_it_by_paying()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 0.25);
        await day.LeaveAsync(Car, 61);
        day.Until(62);
        await day.CashAsync(await day.OrderAsync(), 700);
        Assert.Equal([GateAnswer.Asked, GateAnswer.Repeated, GateAnswer.Owed, GateAnswer.Asked], await AnswersAsync(Car));
    }

    [Fact]
    public async Task What_is_told_late_opens_nothing_and_says_so()
    {
        day.Until(60);
        await day.PassAsync(day.City.EntryCamera, Car, 0, replay: true);
        await day.PassAsync(day.City.ExitCamera, Car, 10);
        Assert.Equal([GateAnswer.NotLive, GateAnswer.NotLive], await AnswersAsync(Car));
    }

    /// <summary>As where the lane got its gate later, or what the gate was told is of before the program.</summary>
    [Fact]
    public async Task What_was_never_told_to_a_gate_is_not_taken_for_told_before()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 10);
        await using (var s = await day.City.OpenAsync())
            await s.Db.Set<DeviceCommand>().ExecuteDeleteAsync(Ct);
        Assert.Equal([GateAnswer.NotKnown, GateAnswer.NotKnown], await AnswersAsync(Car));
    }

    [Fact]
    public async Task Who_pays_when_the_next_car_stands_there_opens_nothing()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        await day.LeaveAsync("粤B99999", 62);
        await day.CashAsync((await day.OrdersAsync()).Single(o => o.Plate == Car), 700);
        Assert.Equal([GateAnswer.Asked, GateAnswer.Owed, GateAnswer.PaidElsewhere], await AnswersAsync(Car));
        Assert.Equal([GateAnswer.NoEntry], await AnswersAsync("粤B99999"));
    }

    [Fact]
    public async Task A_lane_without_devices_has_nothing_to_ask()
    {
        await using (var s = await day.City.OpenAsync())
            await s.Db.Set<Device>().ExecuteUpdateAsync(set => set.SetProperty(d => d.RetiredAt, s.Now), Ct);
        await day.Platform.Get<PassByHand>().RunAsync(day.City.User(OrderPermissions.Booth),
            new PassByHandRequest(Guid.CreateVersion7(), day.City.Entry.Id, true, Car), Ct);
        Assert.Equal([GateAnswer.NoDevice], await AnswersAsync(Car));
    }
}
