using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>What we ask any channel for: payments, what became of them, and to close them; and what we make of its answers.</summary>
public abstract class ChannelOrderTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    protected static readonly Payer Computer = new("203.0.113.7", new Uri("https://parking.example.org/alpha/"), OnPhone: false);

    FakeGateway gateway = null!;
    TakePayment payments = null!;

    protected AskPayments Ask { get; private set; } = null!;

    /// <summary>The method code of its payments.</summary>
    protected abstract string Method { get; }

    /// <summary>Starts the fake, and speaks to it.</summary>
    protected abstract Task<(FakeGateway Gateway, IPaymentChannel Channel)> StartAsync(bool partner, TimeSpan patience);

    /// <summary>The driver is at the channel and has not paid.</summary>
    protected abstract void Seen(Guid id);

    /// <summary>The driver pays.</summary>
    /// <returns>The channel's own number.</returns>
    protected abstract string Pay(Guid id);

    /// <summary>How far the channel says that it is.</summary>
    protected abstract string? StateAt(Guid id);

    /// <summary>The numbers of payments that the channel was told of.</summary>
    protected abstract IEnumerable<string> Told { get; }

    protected async Task ConnectAsync(bool partner = false, Mood mood = Mood.Well, TimeSpan? patience = null)
    {
        (gateway, var channel) = await StartAsync(partner, patience ?? TimeSpan.FromSeconds(60));
        Own(gateway).Mood = mood;
        var sessions = platform.Get<CitySessions>();
        payments = new TakePayment(sessions, platform.Get<IEnumerable<IPayable>>(), [channel], platform.Get<LiveFeed>());
        Ask = new AskPayments(sessions, [channel], payments);
        Assert.Null((await platform.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), gateway.Account, Ct)).Error);
    }

    /// <summary>A car that owes 7 yuan stands at the exit.</summary>
    protected async Task AtExitAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Commands();
    }

    protected async Task<Result<string>> BeginAsync(Guid id, Payer? payer = null) => await payments.BeginAsync(day.Driver,
        new PaymentRequest(id, (await day.OrderAsync()).Id, new Money(700)) { Payer = payer ?? Computer }, Method, Ct);

    protected async Task<Guid> BegunAsync(Payer? payer = null)
    {
        await AtExitAsync();
        var id = Guid.CreateVersion7();
        Assert.Equal($"pay/channel/{id}", (await BeginAsync(id, payer)).Value);
        return id;
    }

    protected async Task<ChannelOrder> ChannelOrderAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<ChannelOrder>().AsNoTracking().SingleAsync(Ct);
    }

    protected async Task<PaymentState> StateAsync() => Assert.Single(await day.PaymentsAsync()).State;

    async Task BookedOnceAsync(Guid id, string reference, params string[] commands)
    {
        var payment = Assert.Single(await day.PaymentsAsync());
        Assert.Equal((PaymentState.Succeeded, reference, Method), (payment.State, payment.Reference, payment.Method));
        Assert.Equal((OrderState.Completed, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal(commands, day.Commands());
        await using var s = await City.OpenAsync();
        Assert.Equal($"money:{Method}", (await s.Db.Set<Posting>().SingleAsync(p => p.PaymentId == id, Ct)).Debit);
    }

    [Fact]
    public async Task A_double_click_is_one_order()
    {
        await ConnectAsync();
        await AtExitAsync();
        var id = Guid.CreateVersion7();
        Assert.All(await Task.WhenAll(BeginAsync(id), BeginAsync(id), BeginAsync(id)), begun => Assert.Equal($"pay/channel/{id}", begun.Value));
        Assert.Equal(id.ToString("N"), Assert.Single(Told));
        Assert.Single(await day.PaymentsAsync());
        Assert.Empty(gateway.Refused);
    }

    [Theory]
    [InlineData(Mood.Down)]
    [InlineData(Mood.Broken)]
    [InlineData(Mood.UnknownSerial)]
    [InlineData(Mood.WrongSignature)]
    [InlineData(Mood.Unsigned)]
    public async Task What_the_channel_did_not_sign_is_no_answer_and_the_driver_is_told(Mood mood) => await NoAnswerAsync(mood);

    protected async Task NoAnswerAsync(Mood mood)
    {
        await ConnectAsync(mood: mood);
        await AtExitAsync();
        var id = Guid.CreateVersion7();
        Assert.Equal(new ChannelUnavailable(), (await BeginAsync(id)).Error);
        Assert.Equal(PaymentState.Pending, await StateAsync());
        Assert.Null((await ChannelOrderAsync()).Address);

        gateway.Mood = Mood.Well;
        Assert.Equal($"pay/channel/{id}", (await BeginAsync(id)).Value);
        Assert.Single(await day.PaymentsAsync());
    }

    [Theory, InlineData(Mood.Slow), InlineData(Mood.Silent)]
    public async Task Who_answers_too_late_or_only_half_does_not_answer(Mood mood)
    {
        await ConnectAsync(mood: mood, patience: TimeSpan.FromMilliseconds(500));
        await AtExitAsync();
        Assert.Equal(new ChannelUnavailable(), (await BeginAsync(Guid.CreateVersion7()).InTimeAsync()).Error);
        Assert.Equal(PaymentState.Pending, await StateAsync());
    }

    [Fact]
    public async Task Who_fails_again_and_again_is_not_asked_for_a_while()
    {
        await ConnectAsync(mood: Mood.Down);
        await AtExitAsync();
        for (var i = 0; i < 20; i++)
            Assert.Equal(new ChannelUnavailable(), (await BeginAsync(Guid.CreateVersion7())).Error);
        Assert.InRange(gateway.Asked.Count, 6, 19);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_paid_order_whose_notification_never_comes_is_found_by_asking(bool partner)
    {
        await ConnectAsync(partner);
        var id = await BegunAsync();
        var reference = Pay(id);
        day.Until(61.24);
        Assert.Equal(0, await Ask.RunAsync("alpha", Ct));
        day.Until(61.25);
        Assert.Equal(1, await Ask.RunAsync("alpha", Ct));
        Assert.Equal(0, await Ask.RunAsync("alpha", Ct));
        await BookedOnceAsync(id, reference, DeviceCommand.OpenGate);
        Assert.Null((await ChannelOrderAsync()).AskAt);
        Assert.Empty(gateway.Refused);
    }

    [Fact]
    public async Task Of_two_nodes_that_ask_at_once_one_does()
    {
        await ConnectAsync();
        Seen(await BegunAsync());
        day.Until(61.25);
        var before = gateway.Asked.Count;
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Ask.RunAsync("alpha", Ct), Ct)));
        Assert.Equal(before + 1, gateway.Asked.Count);
    }

    [Fact]
    public async Task What_is_not_paid_is_asked_at_growing_distance_and_closed_before_it_is_given_up()
    {
        await ConnectAsync();
        var id = await BegunAsync();
        Seen(id);
        var asked = new List<double>();
        for (var minute = 61.25; minute <= 61 + 40; minute += 0.25)
        {
            day.Until(minute);
            var before = gateway.Asked.Count;
            await Ask.RunAsync("alpha", Ct);
            Assert.Equal(0, await platform.Get<GiveUpPayments>().RunAsync("alpha", Ct));
            if (gateway.Asked.Count > before)
                asked.Add(minute - 61);
        }
        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 16, 24, 32], asked);
        Assert.EndsWith("close", gateway.Asked.ToArray()[^2]);
        Assert.EndsWith("CLOSED", StateAt(id));
        Assert.Equal(PaymentState.Failed, await StateAsync());
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task What_is_paid_at_last_is_booked_and_not_closed()
    {
        await ConnectAsync();
        var id = await BegunAsync();
        var reference = Pay(id);
        day.Until(61 + 31);
        Assert.Equal(1, await Ask.RunAsync("alpha", Ct));
        Assert.DoesNotContain(gateway.Asked, asked => asked.EndsWith("close", StringComparison.Ordinal));
        await BookedOnceAsync(id, reference); // half an hour at the gate: nobody stands there any more
    }

    [Fact]
    public async Task An_order_that_never_arrived_waits_and_then_fails()
    {
        await ConnectAsync(mood: Mood.Down);
        await AtExitAsync();
        Assert.Equal(new ChannelUnavailable(), (await BeginAsync(Guid.CreateVersion7())).Error);
        gateway.Mood = Mood.Well;
        day.Until(62);
        Assert.Equal(0, await Ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Pending, await StateAsync());
        day.Until(61 + 31);
        Assert.Equal(1, await Ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Failed, await StateAsync());
    }

    [Fact]
    public async Task While_the_channel_does_not_answer_nothing_is_given_up_for_a_day()
    {
        await ConnectAsync();
        await BegunAsync();
        gateway.Mood = Mood.Down;
        day.Until(61 + 23 * 60);
        Assert.Equal(0, await Ask.RunAsync("alpha", Ct));
        Assert.Equal(0, await platform.Get<GiveUpPayments>().RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Pending, await StateAsync());
        day.Until(61 + 24 * 60 + 1);
        Assert.Equal(1, await platform.Get<GiveUpPayments>().RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Failed, await StateAsync());
    }

    protected async Task NotBookedAsync()
    {
        day.Until(61.25);
        Assert.Equal(0, await Ask.RunAsync("alpha", Ct));
        Assert.Equal((OrderState.AwaitingPayment, Money.Zero), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal(PaymentState.Pending, await StateAsync());
    }

    [Fact]
    public async Task Without_an_account_of_the_lot_the_channel_takes_nothing()
    {
        await ConnectAsync();
        await AtExitAsync();
        await using (var s = await City.OpenAsync())
            await s.Db.Set<ChannelAccount>().ExecuteUpdateAsync(set => set.SetProperty(a => a.LotId, City.South.Id), Ct);
        Assert.Equal(new UnknownChannel(Method), (await BeginAsync(Guid.CreateVersion7())).Error);
        Assert.Empty(await day.PaymentsAsync());
        Assert.Empty(gateway.Asked);
    }

    /// <summary>It was given up here, and its bill says that it was paid: what the channel says when it is asked is booked, the bill alone books
    /// nothing.</summary>
    [Fact]
    public async Task What_a_bill_has_and_nobody_booked_is_asked_for()
    {
        await ConnectAsync();
        var id = await BegunAsync();
        Seen(id);
        Assert.True((await payments.FailAsync(Actor.Channel("alpha", Method, PaymentPermissions.Confirm), id, Ct)).Ok);
        var row = await BilledAsync(id);
        var finance = City.User(PaymentPermissions.Bills);
        var difference = new AskDifference(platform.Get<CitySessions>(), Ask, platform.Get<PayBack>());
        Assert.IsType<NotFound>((await difference.RunAsync(finance, Guid.NewGuid(), Ct)).Error);
        Assert.IsType<StillOpenAtChannel>((await difference.RunAsync(finance, row, Ct)).Error);
        Assert.Equal(PaymentState.Failed, await StateAsync());

        var number = Pay(id);
        for (var i = 0; i < 2; i++)
            Assert.True((await difference.RunAsync(finance, row, Ct)).Ok);
        await BookedOnceAsync(id, number, DeviceCommand.OpenGate);
    }

    async Task<Guid> BilledAsync(Guid id)
    {
        await using var s = await City.OpenAsync();
        var bill = new ChannelBill
        {
            Id = Guid.CreateVersion7(),
            AccountId = (await ChannelOrderAsync()).AccountId,
            Day = s.City.Zone.Date(s.Now),
            Rows = 1,
            Paid = new Money(700),
            Refunded = Money.Zero,
            TakenBy = "t",
            TakenAt = s.Now
        };
        var row = new ChannelBillRow { Id = Guid.CreateVersion7(), BillId = bill.Id, At = s.Now, Number = "1", PaymentId = id, Amount = new Money(700) };
        s.Db.AddRange(bill, row);
        await s.Db.SaveChangesAsync(Ct);
        return row.Id;
    }
}
