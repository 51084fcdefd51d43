using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>Drivers pay by WeChat: on a computer by a code that their phone scans (Native), on a phone by a link (H5), in WeChat's own browser right there
/// (JSAPI), where the account has what that takes.</summary>
sealed class WeChatPay(CitySessions sessions, WeChatPayClient client, ILogger<WeChatPay> log) : IPaymentChannel
{
    /// <summary>The method code of its payments.</summary>
    public const string Name = "wechat";

    /// <summary>The channel as it calls back, and as it is asked.</summary>
    public static Actor ActorOf(string city) => Actor.Channel(city, Name, PaymentPermissions.Confirm);

    /// <inheritdoc/>
    public string Code => Name;

    /// <inheritdoc/>
    public Task<int?> PriorityAsync(CitySession s, Guid lotId, CancellationToken ct) => ChannelAccount.PriorityAsync(s, ChannelKind.WeChatPay, lotId, ct);

    /// <inheritdoc/>
    public async Task<Result<string>> BeginAsync(City city, Payment payment, Payer payer, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        return await ChannelOrder.BeginAsync(s, ChannelKind.WeChatPay, payment, payer.Site, account => WayOf(account, payer), (account, order, subject) =>
            client.OrderAsync(city.Code, account, WeChatOrder.Of(payment, order, subject, payer.Address), ct), ct);
    }

    static ChannelWay WayOf(ChannelAccount account, Payer payer) => payer.App is Name && account.AppSecret.Length > 0 ? ChannelWay.InApp
        : payer.OnPhone && payer.App is null ? ChannelWay.Link : ChannelWay.Code;

    /// <inheritdoc/>
    public async Task<ChannelProgress> RefundAsync(City city, Payment refund, Payment paid, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        var (order, account) = await ChannelOrder.OfAsync(s, paid, ct);
        var told = await client.FindRefundAsync(city.Code, account, refund, ct);
        // Only what WeChat does not know is handed in: so what is refused then has not been taken up before.
        if (told?.Code is WeChatRefund.Unknown)
            told = await client.RefundAsync(city.Code, account, refund, paid, order.Notify, ct);
        if (told is null)
            return ChannelProgress.Open;
        if (told.Code is null && told.Misfit(refund, paid) is { } misfit)
        {
            log.LogWarning("What WeChat Pay tells of refund {Refund} does not fit it: {Misfit}", refund.Id, misfit);
            return ChannelProgress.Open;
        }
        return told.Progress;
    }

    /// <inheritdoc/>
    public async Task<ChannelProgress> AskAsync(City city, Payment payment, bool close, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        var (order, account) = await ChannelOrder.OfAsync(s, payment, ct);
        var told = await client.FindAsync(city.Code, account, payment, ct);
        if (close && told is not { IsPaid: true })
        {
            await (order.Way is ChannelWay.Scanned ? client.ReverseAsync(city.Code, account, payment, ct) : client.CloseAsync(city.Code, account, payment, ct));
            told = await client.FindAsync(city.Code, account, payment, ct);
        }
        if (told is null)
            return ChannelProgress.Open;
        if (told.IsPaid)
            return Paid(account, payment, told);
        // What WeChat does not know yet may be on its way there.
        return (told.TradeState is null ? close : told.IsOver) ? new ChannelProgress(PaymentState.Failed, "") : ChannelProgress.Open;
    }

    ChannelProgress Paid(ChannelAccount account, Payment payment, WeChatTransaction told)
    {
        if (told.Misfit(account, payment) is not { } misfit)
            return new ChannelProgress(PaymentState.Succeeded, told.TransactionId!);
        log.LogWarning("What WeChat Pay tells of payment {Payment} does not fit it: {Misfit}", payment.Id, misfit);
        return ChannelProgress.Open;
    }

    /// <inheritdoc/>
    public bool TakesCodes => true;

    /// <inheritdoc/>
    public bool IsCode(string text) => text is { Length: 18 } and ['1', >= '0' and <= '5', ..] && text.All(char.IsAsciiDigit);

    /// <inheritdoc/>
    public async Task<Result<ChannelProgress>> TakeCodeAsync(City city, Payment payment, string code, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        if (await ChannelOrder.BeginCodeAsync(s, ChannelKind.WeChatPay, payment, ct) is not { } account)
            return await AskAsync(city, payment, close: false, ct);
        var told = await client.TakeCodeAsync(city.Code, account, payment, await ChannelOrder.SubjectAsync(s, payment, ct), code, ct);
        return told switch
        {
            { IsPaid: true } => Paid(account, payment, told),
            { RefusedFor: { } why } => why.Contains("EXPIRE", StringComparison.Ordinal) ? new PaymentCodeExpired()
                : why.Replace("_", "", StringComparison.Ordinal) is "NOTENOUGH" ? new NotEnoughMoney()
                : new PaymentCodeRefused(why),
            _ => ChannelProgress.Open
        };
    }
}
