using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>What was paid too much by a channel goes back by it, once, whatever the channel does.</summary>
public abstract class ChannelRefundTests(Cluster cluster) : DayTest(cluster)
{
    protected const string Car = "粤B12345";

    FakeGateway gateway = null!;

    protected TakePayment Payments { get; private set; } = null!;

    protected PayBack PayBack { get; private set; } = null!;

    protected AskRefunds Job { get; private set; } = null!;

    protected Guid AccountId { get; private set; }

    protected Actor Clerk => field ??= City.User(FinancePermissions.Ask, OrderPermissions.ChangeAmount);
    protected Actor Finance => field ??= City.User(FinancePermissions.Reviews, FinancePermissions.ReviewAsFinance);

    /// <summary>The method code of its payments.</summary>
    protected abstract string Method { get; }

    /// <summary>Starts the fake, and speaks to it.</summary>
    protected abstract Task<(FakeGateway Gateway, IPaymentChannel Channel)> StartAsync(bool partner);

    /// <summary>The driver pays.</summary>
    protected abstract void Pay(Guid id);

    /// <summary>The numbers of refunds that the channel took.</summary>
    protected abstract IEnumerable<string> Taken { get; }

    /// <summary>The channel refuses refunds for this.</summary>
    protected abstract void Refuse(string why);

    /// <summary>What the channel took is back.</summary>
    protected abstract void Back(Guid refundId);

    protected async Task ConnectAsync(bool partner = false)
    {
        (gateway, var channel) = await StartAsync(partner);
        Own(gateway);
        Payments = new TakePayment(platform.Get<CitySessions>(), platform.Get<IEnumerable<IPayable>>(), [channel], platform.Get<LiveFeed>());
        PayBack = By(channel);
        Job = new AskRefunds(platform.Get<CitySessions>(), PayBack);
        AccountId = (await platform.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), gateway.Account, Ct)).Value;
    }

    PayBack By(IPaymentChannel by) => new(platform.Get<CitySessions>(), platform.Get<IEnumerable<IPayable>>(), [by], platform.Get<LiveFeed>(),
        NullLogger<PayBack>.Instance);

    protected DecideReview Decide(PayBack by) => new(platform.Get<CitySessions>(), platform.Get<OrderChanges>(), by, platform.Get<LiveFeed>());

    /// <summary>A stay of ¥7.00 that is paid, and then costs less.</summary>
    protected async Task<Guid> OverpaidAsync(long due = 200)
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var id = Guid.CreateVersion7();
        Assert.True((await Payments.BeginAsync(day.Driver, new PaymentRequest(id, (await day.OrderAsync()).Id, new Money(700))
        {
            Payer = new Payer("203.0.113.7", new Uri("https://parking.example.org/alpha/"), OnPhone: false)
        }, Method, Ct)).Ok);
        Pay(id);
        Assert.True((await Payments.ConfirmAsync(Actor.Channel("alpha", Method, PaymentPermissions.Confirm), id, new Money(700), "tx", Ct)).Ok);
        day.Until(62);
        await DueAsync(due);
        return id;
    }

    protected async Task DueAsync(long amount) => Assert.True((await platform.Get<ChangeAmount>().RunAsync(
        Clerk, (await day.OrderAsync()).Id, new Money(amount), "the machine was slow", Ct)).Ok);

    protected async Task<ReviewRequest> WantedAsync(Guid paymentId, long amount) =>
        new(Guid.CreateVersion7(), ReviewKind.Refund, (await day.OrderAsync()).Id, new Money(amount), null, "paid in two tabs") { PaymentId = paymentId };

    protected Task<Result<Done>> AskAsync(ReviewRequest request) =>
        new AskReview(platform.Get<CitySessions>(), PayBack, Decide(PayBack)).RunAsync(Clerk, request, Ct);

    protected Task<Result<Done>> AgreeAsync(ReviewRequest request, PayBack? by = null) =>
        Decide(by ?? PayBack).RunAsync(Finance, new ReviewAnswer(request.Id, ReviewSteps.Finance, Agreed: true, null, null), Ct);

    protected async Task<Payment> RefundAsync(Guid id) => (await day.PaymentsAsync()).Single(p => p.Id == id);

    protected async Task StandsAsync(ReviewRequest request, PaymentState state, long received)
    {
        Assert.Equal((state, -request.Amount.Minor, Method), await RefundAsync(request.Id) is var r ? (r.State, r.Amount.Minor, r.Method) : default);
        Assert.Equal(received, (await day.OrderAsync()).Received.Minor);
        await using var s = await City.OpenAsync();
        Assert.Equal(state is PaymentState.Succeeded ? 1 : 0, await s.Db.Set<Posting>().CountAsync(p => p.PaymentId == request.Id, Ct));
    }

    /// <summary>A program that ends right after the approval.</summary>
    sealed class Dying(string code) : IPaymentChannel
    {
        public string Code => code;

        public Task<int?> PriorityAsync(CitySession s, Guid lotId, CancellationToken ct) => Task.FromResult<int?>(0);

        public Task<Result<string>> BeginAsync(City city, Payment payment, Payer payer, CancellationToken ct) => throw new OperationCanceledException();

        public Task<ChannelProgress> RefundAsync(City city, Payment refund, Payment paid, CancellationToken ct) => throw new OperationCanceledException();
    }

    [Fact]
    public async Task What_was_approved_and_never_handed_in_is_found()
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        Assert.Null((await AskAsync(request)).Error);
        await Assert.ThrowsAsync<OperationCanceledException>(() => AgreeAsync(request, By(new Dying(Method))));
        Assert.Empty(Taken);
        day.Until(62.25);
        Assert.Equal(0, await Job.RunAsync("alpha", Ct));
        Assert.Equal(request.Id.ToString("N"), Assert.Single(Taken));
        await StandsAsync(request, PaymentState.Pending, 700);
    }

    [Fact]
    public async Task What_nobody_tells_is_asked_for_at_growing_distance_and_never_given_up()
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        Assert.Null((await AskAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        var asked = new List<double>();
        for (var minute = 0.25; minute <= 40; minute += 0.25)
        {
            day.Until(62 + minute);
            var before = gateway.Asked.Count;
            Assert.Equal(0, await Job.RunAsync("alpha", Ct));
            if (gateway.Asked.Count > before)
                asked.Add(minute);
        }
        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 16, 32], asked);
        day.Until(62 + 3 * 24 * 60);
        Assert.Equal(0, await platform.Get<GiveUpPayments>().RunAsync("alpha", Ct));
        await StandsAsync(request, PaymentState.Pending, 700);
        Back(request.Id);
        Assert.Equal(1, await Job.RunAsync("alpha", Ct));
        Assert.Equal(0, await Job.RunAsync("alpha", Ct));
        await StandsAsync(request, PaymentState.Succeeded, 200);
    }

    [Fact]
    public async Task What_the_channel_refuses_has_failed_with_its_reason()
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        Refuse("NOT_ENOUGH");
        Assert.Null((await AskAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        await StandsAsync(request, PaymentState.Failed, 700);
        Assert.Equal("NOT_ENOUGH", (await RefundAsync(request.Id)).Reference);
    }

    [Theory, InlineData(Mood.Down), InlineData(Mood.Broken), InlineData(Mood.WrongSignature), InlineData(Mood.Unsigned)]
    public async Task While_the_channel_does_not_answer_it_is_approved_and_handed_in_later(Mood mood)
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        gateway.Mood = mood;
        Assert.Null((await AskAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        await StandsAsync(request, PaymentState.Pending, 700);
        gateway.Mood = Mood.Well;
        day.Until(62.25);
        Assert.Equal(0, await Job.RunAsync("alpha", Ct));
        Back(request.Id);
        day.Until(62.5);
        Assert.Equal(1, await Job.RunAsync("alpha", Ct));
        await StandsAsync(request, PaymentState.Succeeded, 200);
    }
}
