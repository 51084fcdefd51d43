using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Passes;

namespace ParkingSaaS.Tests.Messages;

/// <summary>What is told besides payments: passes that end, and money that went back.</summary>
public sealed class FindMessagesTests(Cluster cluster) : MessageTest(cluster)
{
    [Fact]
    public async Task Who_holds_a_pass_is_told_of_its_end_once_a_term()
    {
        var desk = new Desk(day);
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Car));
        Assert.Null((await saveText.RunAsync(Clerk, Text(MessageScene.PassEnding), Ct)).Error);
        Assert.Equal(0, await find.RunAsync(City.Code, Ct));
        day.Until((pass.Until.DayNumber - 3 - new DateOnly(2026, 11, 21).DayNumber) * 24 * 60);
        Assert.Equal(1, await find.RunAsync(City.Code, Ct));
        Assert.Equal(0, await find.RunAsync(City.Code, Ct));
        var message = await MessageAsync();
        Assert.Equal((pass.Id, pass.Phone), (message.PassId!.Value, message.Address));
        Assert.Contains($"粤B12345: pass {pass.Number} ends on {pass.Until:yyyy-MM-dd}", message.Text);
        Assert.NotEqual(pass.Id, message.SubjectId); // but its term, so that the next one is told as well
    }

    [Fact]
    public async Task Money_that_went_back_is_told()
    {
        ForgeBooks();
        Assert.Null((await saveText.RunAsync(Clerk, Text(MessageScene.RefundPaid), Ct)).Error);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        Assert.Null((await day.CashAsync(order, 700)).Error);
        Assert.Equal(0, await find.RunAsync(City.Code, Ct));
        await using (var s = await City.OpenAsync())
        {
            s.Db.Add(new Payment
            {
                Id = Guid.CreateVersion7(),
                LotId = order.LotId,
                PayableId = order.Id,
                Method = "cash",
                Amount = new Money(-250),
                State = PaymentState.Succeeded,
                CreatedAt = s.Now,
                QuotedAt = s.Now,
                PaidAt = s.Now,
                BusinessDate = s.City.Zone.Date(s.Now)
            });
            await s.Db.SaveChangesAsync(Ct);
        }
        Assert.Equal(1, await find.RunAsync(City.Code, Ct));
        Assert.Contains("We paid ¥2.50 back for 粤B12345, North", (await MessageAsync()).Text);
    }
}
