using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>It is no code by which a driver's app pays, of any channel that takes money here.</summary>
public sealed record NoPaymentCode() : Error("payments.no-code");

/// <summary>Codes are good for a minute: the driver shows a new one.</summary>
public sealed record PaymentCodeExpired() : Error("payments.code-expired");

/// <summary>The driver has not enough money there.</summary>
public sealed record NotEnoughMoney() : Error("payments.not-enough-money");

/// <summary>The channel does not take the code.</summary>
/// <param name="Reason">Its own code for why.</param>
public sealed record PaymentCodeRefused(string Reason) : Error("payments.code-refused", Reason);

/// <summary>A driver's app shows a code, and the attendant scans it. Small amounts are paid at once; else the driver is asked for the password, for which
/// the attendant waits, or gives up. The money belongs to the shift of whoever scans.</summary>
public sealed class TakePaymentCode(CitySessions sessions, IEnumerable<IPaymentChannel> channels, TakePayment payments, AskPayments ask)
{
    /// <summary>So long a driver is waited for at a gate; then the payment is reversed.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    /// <summary>Whether somebody may pay by a code what belongs to a lot.</summary>
    public async Task<bool> OfferedAsync(Actor actor, Guid lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Cash, ct);
        foreach (var channel in channels.Where(c => c.TakesCodes))
            if (await channel.PriorityAsync(s, lotId, ct) is not null)
                return true;
        return false;
    }

    /// <summary>Takes a payment. The same payment again is only asked about.</summary>
    /// <param name="code">As it was scanned.</param>
    /// <returns>Succeeded, or pending while the driver is asked for the password or nobody knows: <see cref="AskAsync"/> then; or
    /// <see cref="NoPaymentCode"/>, <see cref="PaymentCodeExpired"/>, <see cref="NotEnoughMoney"/>, <see cref="PaymentCodeRefused"/>: no money has moved, and
    /// another code is another payment.</returns>
    /// <exception cref="AccessDeniedException">The actor may not take cash.</exception>
    public async Task<Result<PaymentState>> RunAsync(Actor actor, PaymentRequest request, string? code, CancellationToken ct)
    {
        code = code?.Trim() ?? "";
        if (channels.FirstOrDefault(c => c.TakesCodes && c.IsCode(code)) is not { } channel)
            return new NoPaymentCode();
        if (!(await payments.BeginCodeAsync(actor, request, channel, ct)).Try(out var begun, out var error))
            return error;
        if (begun.Payment.State is PaymentState.Failed)
            return new PaymentGivenUp();
        if (begun.Payment.State is PaymentState.Succeeded)
            return PaymentState.Succeeded;
        if ((await channel.TakeCodeAsync(begun.City, begun.Payment, code, ct)).Try(out var told, out var refused))
            return await ask.BookAsync(begun.City, begun.Payment, told, ct);
        await ask.BookAsync(begun.City, begun.Payment, new ChannelProgress(PaymentState.Failed, refused.Code), ct);
        return refused;
    }

    /// <summary>Asks what became of a payment by code.</summary>
    /// <param name="giveUp">What is not paid yet is reversed, so that nobody pays it any more.</param>
    /// <exception cref="AccessDeniedException">The actor may not take cash.</exception>
    public async Task<Result<PaymentState>> AskAsync(Actor actor, Guid paymentId, bool giveUp, CancellationToken ct)
    {
        Payment? payment;
        City city;
        await using (var s = await sessions.OpenAsync(actor, PaymentPermissions.Cash, ct))
        {
            (city, payment) = (s.City, await s.Db.Set<Payment>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == paymentId
                && s.Db.Set<ChannelOrder>().Any(o => o.PaymentId == p.Id && o.Way == ChannelWay.Scanned), ct));
        }
        return payment is null ? new NotFound("payment")
            : payment.State is not PaymentState.Pending ? payment.State
            : await ask.AskAsync(city, payment, giveUp, ct);
    }
}
