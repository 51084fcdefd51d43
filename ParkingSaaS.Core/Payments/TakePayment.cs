using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>A payment as its page knows it.</summary>
/// <param name="PaymentId">Made up by the page when it is shown, so that a second click or a repeated request is the same payment.</param>
/// <param name="PayableId">What is paid.</param>
/// <param name="Amount">The amount that was shown.</param>
public sealed record PaymentRequest(Guid PaymentId, Guid PayableId, Money Amount)
{
    /// <summary>What is paid: the code of its <see cref="IPayable"/>.</summary>
    public string Kind { get; init; } = Payment.Order;

    /// <summary>Who pays by a channel.</summary>
    public Payer Payer { get; init; } = Payer.Unknown;
}

/// <summary>Takes money, and alone books it: cash at once; by a channel in two steps, begun by the driver and confirmed by the channel's
/// callback. Every step may be repeated and then changes nothing; one that meets another writer (the car's next event, a second click) is done
/// again with what that one wrote.</summary>
public sealed class TakePayment(CitySessions sessions, IEnumerable<IPayable> payables, IEnumerable<IPaymentChannel> channels, LiveFeed live)
{
    /// <summary>The method code of cash.</summary>
    public const string Cash = "cash";

    /// <summary>How often: whoever loses against so many has met a fault.</summary>
    const int Races = 20;

    /// <summary>An attendant took cash.</summary>
    /// <exception cref="AccessDeniedException">The actor may not take cash.</exception>
    public Task<Result<Done>> CashAsync(Actor actor, PaymentRequest request, CancellationToken ct) => RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Cash, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        if (await s.Db.Set<Payment>().FindAsync([request.PaymentId], ct) is { } known)
            return known is { Method: Cash, State: PaymentState.Succeeded } && known.PayableId == request.PayableId
                ? new Done()
                : new NotFound("payment");
        if (!(await NewAsync(s, request, Cash, ct)).Try(out var payment, out var error))
            return error;
        payment.Reference = actor.Name;
        return await FinishAsync(s, payment, transaction, ct);
    });

    /// <summary>A driver chose a channel. What was begun at most <see cref="GiveUpPayments.MaxWait"/> ago for the same amount is gone on with.</summary>
    /// <returns>Where to go to pay; <see cref="ChannelUnavailable"/> where the channel cannot be reached; it may be tried again.</returns>
    public async Task<Result<string>> BeginAsync(Actor actor, PaymentRequest request, string channelCode, CancellationToken ct)
    {
        if (channels.FirstOrDefault(c => c.Code == channelCode) is not { } channel)
            return new UnknownChannel(channelCode);
        if (!(await RaceAsync(() => BeginAsync(actor, PaymentPermissions.Begin, request, channel, ct))).Try(out var begun, out var error))
            return error;
        if (begun.Payment.State is PaymentState.Failed)
            return new PaymentGivenUp();
        return await RaceAsync(() => channel.BeginAsync(begun.City, begun.Payment, request.Payer, ct));
    }

    /// <summary>An attendant scanned a code. It is a payment of its own, also where the driver has begun one on the phone.</summary>
    internal Task<Result<(City City, Payment Payment)>> BeginCodeAsync(Actor actor, PaymentRequest request, IPaymentChannel channel, CancellationToken ct) =>
        RaceAsync(() => BeginAsync(actor, PaymentPermissions.Cash, request, channel, ct));

    async Task<Result<(City City, Payment Payment)>> BeginAsync(Actor actor, string permission, PaymentRequest request, IPaymentChannel channel,
        CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, permission, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        // Of two pages at one instant the second sees what the first began.
        await s.LockAsync(CityLock.Payments, request.PayableId, ct);
        var payment = await s.Db.Set<Payment>().FindAsync([request.PaymentId], ct);
        if (payment is null)
        {
            if (!(await NewAsync(s, request, channel.Code, ct)).Try(out payment, out var error))
                return error;
            if (await channel.PriorityAsync(s, payment.LotId, ct) is null)
                return new UnknownChannel(channel.Code);
            if (permission is PaymentPermissions.Begin)
                payment = await GoOnAsync(s, payment, ct);
            if ((await s.SaveAsync(ct)).Error is { } changed)
                return changed;
            await transaction.CommitAsync(ct);
            live.Publish(s.City.Code, [Notice(payment)]);
        }
        else if (payment.Method != channel.Code || payment.PayableId != request.PayableId)
            return new NotFound("payment"); // another page's payment: its channel alone may ask for it
        return (s.City, payment);
    }

    /// <summary>The channel says that the money came. Called once or a thousand times, early or late: the first call counts. Money
    /// for something paid already in another way is kept as an overpayment, and money of a payment given up counts: none is lost.</summary>
    /// <param name="actor">The channel. Payments of another one are none that it knows.</param>
    /// <param name="amount">The amount that the channel took; it must be the amount that was asked for.</param>
    /// <param name="reference">The channel's own transaction number.</param>
    public Task<Result<Done>> ConfirmAsync(Actor actor, Guid paymentId, Money amount, string reference, CancellationToken ct) => RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Confirm, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        if (await s.Db.Set<Payment>().FindAsync([paymentId], ct) is not { } payment || payment.Method != actor.Id)
            return new NotFound("payment");
        if (payment.State is PaymentState.Succeeded)
            return new Done();
        if (payment.Amount != amount)
            return new AmountChanged(payment.Amount, s.City.Currency);
        payment.Reference = reference;
        await Shift.ReceivedAsync(s, payment.ShiftId, ct);
        return await FinishAsync(s, payment, transaction, ct);
    });

    /// <summary>The channel says that no money will come: the driver cancelled, or was refused. Called any number of times; a payment that
    /// has succeeded stays so.</summary>
    /// <param name="actor">The channel. Payments of another one are none that it knows.</param>
    public Task<Result<Done>> FailAsync(Actor actor, Guid paymentId, CancellationToken ct) => RaceAsync<Done>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Confirm, ct);
        if (await s.Db.Set<Payment>().FindAsync([paymentId], ct) is not { } payment || payment.Method != actor.Id)
            return new NotFound("payment");
        if (payment.State is not PaymentState.Pending)
            return new Done();
        payment.State = PaymentState.Failed;
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [Notice(payment)]);
        return new Done();
    });

    /// <summary>Books money that came or was paid back outside of the program, in the session's transaction.</summary>
    /// <param name="id">The payment's id: twice the same cannot be.</param>
    /// <param name="lotId">In whose books.</param>
    /// <param name="kind">What it is for: the code of its <see cref="IPayable"/>.</param>
    /// <param name="amount">Less than nothing where it was paid back.</param>
    /// <param name="reference">The number on the paper.</param>
    internal static async Task<Payment> BookAsync(CitySession s, Guid id, Guid lotId, string kind, Guid payableId, string method, Money amount,
        string reference, CancellationToken ct)
    {
        // Cash of who has no drawer comes from the safe.
        var shift = method == Cash ? await Shift.OfMoneyAsync(s, lotId, begin: false, ct) : null;
        var payment = New(s, id, lotId, kind, payableId, method, amount, shift);
        payment.Reference = reference.Trim();
        EnterInBooks(s, payment);
        return payment;
    }

    /// <summary>What open pages hear of a payment.</summary>
    internal static LiveNotice Notice(Payment payment) => new(LiveKind.Payment, payment.LotId, payment.PayableId);

    /// <summary>Does once more what met another writer, for all who book.</summary>
    internal static async Task<Result<T>> RaceAsync<T>(Func<Task<Result<T>>> step)
    {
        for (var races = 1; ; races++)
        {
            var result = await step();
            if (result.Error is not ChangedMeanwhile || races == Races)
                return result;
        }
    }

    IPayable Of(string kind) => payables.First(p => p.Kind == kind);

    async Task<Result<Payment>> NewAsync(CitySession s, PaymentRequest request, string method, CancellationToken ct)
    {
        if (!(await Of(request.Kind).OwedAsync(s, request.PayableId, ct)).Try(out var owing, out var error))
            return error;
        if (owing.Amount == Money.Zero)
            return new NothingOwed();
        if (owing.Amount != request.Amount)
            return new AmountChanged(owing.Amount, s.City.Currency);
        var shift = await Shift.OfMoneyAsync(s, owing.LotId, begin: true, ct);
        return New(s, request.PaymentId, owing.LotId, request.Kind, request.PayableId, method, owing.Amount, shift);
    }

    /// <summary>Whoever comes back from a channel and begins again what is the same goes on with what was begun: of two that are open, both could be
    /// paid. What it covers is what was shown last.</summary>
    static async Task<Payment> GoOnAsync(CitySession s, Payment again, CancellationToken ct)
    {
        var since = s.Now - GiveUpPayments.MaxWait;
        if (await s.Db.Set<Payment>().Where(p => p.PayableId == again.PayableId && p.Method == again.Method && p.Amount.Minor == again.Amount.Minor
                && p.State == PaymentState.Pending && p.CreatedAt > since
                && !s.Db.Set<ChannelOrder>().Any(o => o.PaymentId == p.Id && o.Way == ChannelWay.Scanned))
                .OrderBy(p => p.CreatedAt).FirstOrDefaultAsync(ct) is not { } begun)
            return again;
        s.Db.Remove(again);
        begun.QuotedAt = again.QuotedAt;
        return begun;
    }

    internal static Payment New(CitySession s, Guid id, Guid lotId, string kind, Guid payableId, string method, Money amount, Guid? shift = null)
    {
        var payment = new Payment
        {
            Id = id,
            LotId = lotId,
            PayableId = payableId,
            Kind = kind,
            Method = method,
            Amount = amount,
            ShiftId = shift,
            CreatedAt = s.Now,
            QuotedAt = s.Now
        };
        s.Db.Set<Payment>().Add(payment);
        return payment;
    }

    /// <summary>The money has come, or was paid back: it stands on today's report.</summary>
    internal static void EnterInBooks(CitySession s, Payment payment) =>
        (payment.State, payment.PaidAt, payment.BusinessDate) = (PaymentState.Succeeded, s.Now, s.City.Zone.Date(s.Now));

    async Task<Result<Done>> FinishAsync(CitySession s, Payment payment,
        Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, CancellationToken ct)
    {
        EnterInBooks(s, payment);
        var afterwards = await Of(payment.Kind).ReceivedAsync(s, payment, ct);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        // From here on the money is taken: a browser that goes away must not keep the gate shut.
        await transaction.CommitAsync(CancellationToken.None);
        afterwards();
        live.Publish(s.City.Code, [Notice(payment)]);
        return new Done();
    }
}
