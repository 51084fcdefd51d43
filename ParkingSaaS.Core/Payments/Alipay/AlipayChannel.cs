using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.Alipay;

/// <summary>Drivers pay by Alipay: on a phone at Alipay's own page, which opens the app, elsewhere by a code that their phone scans.</summary>
sealed class AlipayChannel(CitySessions sessions, AlipayClient client, ILogger<AlipayChannel> log) : IPaymentChannel
{
    /// <summary>The method code of its payments.</summary>
    public const string Name = "alipay";

    /// <summary>The channel as it calls back, and as it is asked.</summary>
    public static Actor ActorOf(string city) => Actor.Channel(city, Name, PaymentPermissions.Confirm);

    /// <inheritdoc/>
    public string Code => Name;

    /// <inheritdoc/>
    public Task<int?> PriorityAsync(CitySession s, Guid lotId, CancellationToken ct) => ChannelAccount.PriorityAsync(s, ChannelKind.Alipay, lotId, ct);

    /// <inheritdoc/>
    public async Task<Result<string>> BeginAsync(City city, Payment payment, Payer payer, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        return await ChannelOrder.BeginAsync(s, ChannelKind.Alipay, payment, payer.Site, _ => WayOf(payer), async (account, order, subject) =>
            order.Way is ChannelWay.Link
                ? client.Page(account, payment, subject, order.Notify, new Uri(payer.Site, ChannelOrder.PageOf(payment)))
                : await client.CodeAsync(city.Code, account, payment, subject, order.Notify, ct), ct);
    }

    /// <summary>Another app's browser does not open Alipay.</summary>
    static ChannelWay WayOf(Payer payer) => payer.OnPhone && payer.App is null or Name ? ChannelWay.Link : ChannelWay.Code;

    /// <inheritdoc/>
    public async Task<ChannelProgress> AskAsync(City city, Payment payment, bool close, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        var (order, account) = await ChannelOrder.OfAsync(s, payment, ct);
        var told = await client.FindAsync(city.Code, account, payment, ct);
        if (close && told is not { IsPaid: true })
        {
            await client.CloseAsync(city.Code, account, payment, order.Way, ct);
            told = await client.FindAsync(city.Code, account, payment, ct);
        }
        if (told is null)
            return ChannelProgress.Open;
        if (told.IsPaid)
            return Paid(payment, told);
        // Alipay knows a payment only from when its code is scanned, or its page opened.
        return (told.TradeStatus is null ? close : told.IsOver) ? new ChannelProgress(PaymentState.Failed, "") : ChannelProgress.Open;
    }

    ChannelProgress Paid(Payment payment, AlipayTrade told)
    {
        if (told.Misfit(payment) is not { } misfit)
            return new ChannelProgress(PaymentState.Succeeded, told.TradeNo!);
        log.LogWarning("What Alipay tells of payment {Payment} does not fit it: {Misfit}", payment.Id, misfit);
        return ChannelProgress.Open;
    }

    /// <inheritdoc/>
    public bool TakesCodes => true;

    /// <inheritdoc/>
    public bool IsCode(string text) => text is { Length: >= 16 and <= 24 } and (['2', >= '5' and <= '9', ..] or ['3', '0', ..]) && text.All(char.IsAsciiDigit);

    /// <inheritdoc/>
    public async Task<Result<ChannelProgress>> TakeCodeAsync(City city, Payment payment, string code, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        if (await ChannelOrder.BeginCodeAsync(s, ChannelKind.Alipay, payment, ct) is not { } account)
            return await AskAsync(city, payment, close: false, ct);
        var told = await client.TakeCodeAsync(city.Code, account, payment, await ChannelOrder.SubjectAsync(s, payment, ct), code, ct);
        return told switch
        {
            { Done: true } => Paid(payment, told),
            { Refused: true } => told.SubCode is "ACQ.PAYMENT_AUTH_CODE_INVALID" ? new PaymentCodeExpired()
                : told.SubCode?.EndsWith("BALANCE_NOT_ENOUGH", StringComparison.Ordinal) == true ? new NotEnoughMoney()
                : new PaymentCodeRefused(told.SubCode ?? ""),
            _ => ChannelProgress.Open
        };
    }

    /// <inheritdoc/>
    public async Task<ChannelProgress> RefundAsync(City city, Payment refund, Payment paid, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        var (_, account) = await ChannelOrder.OfAsync(s, paid, ct);
        var told = await client.FindRefundAsync(city.Code, account, refund, paid, ct);
        if (told is { Done: true, RefundStatus: "REFUND_SUCCESS" })
        {
            if (told.Misfit(refund, paid) is not { } misfit)
                return new ChannelProgress(PaymentState.Succeeded, told.TradeNo ?? "");
            log.LogWarning("What Alipay tells of refund {Refund} does not fit it: {Misfit}", refund.Id, misfit);
            return ChannelProgress.Open;
        }
        // Only what is not back is handed in: so what is refused then has not been paid back before.
        if (told is not ({ Done: true } or { Unknown: true }))
            return ChannelProgress.Open;
        return await client.RefundAsync(city.Code, account, refund, paid, ct) switch
        {
            // Accepted without that is not paid back: it is asked again later.
            { Done: true, FundChange: "Y" } done when done.OutTradeNo == AlipayTrade.Number(paid.Id) =>
                new ChannelProgress(PaymentState.Succeeded, done.TradeNo ?? ""),
            { Refused: true } refused => new ChannelProgress(PaymentState.Failed, refused.SubCode ?? ""),
            _ => ChannelProgress.Open
        };
    }
}
