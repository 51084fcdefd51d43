using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>How a channel's bill and what is booked here differ.</summary>
public enum BillDifferenceKind
{
    /// <summary>The channel has it, and nothing is booked here: it is unknown here, or did not succeed.</summary>
    NotBooked,

    /// <summary>Both have it, with other amounts.</summary>
    OtherAmount,

    /// <summary>It is booked here on that day, and no bill has it.</summary>
    NotBilled
}

/// <summary>What a person found out about a difference: it waits for nobody any more.</summary>
public sealed class BillExplanation
{
    public required Guid BillId { get; init; }

    /// <summary>The bill's row or, where no bill has it, the payment.</summary>
    public required Guid SubjectId { get; init; }

    /// <summary>What it was, and what was done.</summary>
    public required string Note { get; init; }

    /// <summary>Who found out: an actor's name.</summary>
    public required string By { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A payment or refund of which a bill and the books say otherwise.</summary>
/// <param name="SubjectId">See <see cref="BillExplanation.SubjectId"/>.</param>
/// <param name="At">When the channel, or else this program, took it.</param>
/// <param name="Number">The channel's own number; empty where it has none.</param>
/// <param name="Billed">By the channel; less than nothing where it went back. Null where no bill has it.</param>
/// <param name="Booked">By this program; null where nothing is booked.</param>
/// <param name="Payment">The payment here, in whatever state; null where it is unknown.</param>
/// <param name="Explanation">What somebody found out; null where it is open.</param>
public sealed record BillDifference(Guid SubjectId, BillDifferenceKind Kind, DateTimeOffset At, string Number, Money? Billed, Money? Booked, Payment? Payment,
    BillExplanation? Explanation);

/// <summary>Holds a channel's bill beside what is booked, one by one and by our own number: what the channel has on one day and the program on the next, or
/// heard of late, is no difference.</summary>
public sealed class BillDifferences(CitySessions sessions)
{
    /// <summary>So many of a kind are told at most.</summary>
    public const int Most = 1000;

    /// <summary>A difference that nobody has explained.</summary>
    public sealed class Open
    {
        public Guid BillId { get; init; }
        public Guid SubjectId { get; init; }
    }

    sealed class Missing
    {
        public Guid BillId { get; init; }
        public required Payment Payment { get; init; }
    }

    /// <summary>All differences of all bills that nobody has explained.</summary>
    public static IQueryable<Open> OpenOf(CitySession s) => NotBooked(s).Select(r => new Open { BillId = r.BillId, SubjectId = r.Id })
        .Concat(NotBilled(s).Select(m => new Open { BillId = m.BillId, SubjectId = m.Payment.Id }))
        .Where(d => !s.Db.Set<BillExplanation>().Any(e => e.BillId == d.BillId && e.SubjectId == d.SubjectId));

    /// <summary>Rows of bills that did not succeed here, or with another amount.</summary>
    static IQueryable<ChannelBillRow> NotBooked(CitySession s) => s.Db.Set<ChannelBillRow>().Where(r =>
        !s.Db.Set<Payment>().Any(p => p.Id == r.PaymentId && p.State == PaymentState.Succeeded && p.Amount.Minor == r.Amount.Minor));

    /// <summary>What was paid by a bill's account and booked on its day, and what went back of it, that no bill has.</summary>
    static IQueryable<Missing> NotBilled(CitySession s)
    {
        var paid = s.Db.Set<ChannelOrder>();
        return s.Db.Set<ChannelBill>().SelectMany(b => s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded && p.BusinessDate == b.Day
                && (paid.Any(o => o.PaymentId == p.Id && o.AccountId == b.AccountId)
                    || s.Db.Set<Refund>().Any(r => r.PaymentId == p.Id && paid.Any(o => o.PaymentId == r.OfPaymentId && o.AccountId == b.AccountId)))
                && !s.Db.Set<ChannelBillRow>().Any(r => r.PaymentId == p.Id)),
            (b, p) => new Missing { BillId = b.Id, Payment = p });
    }

    /// <summary>The differences of a bill, those that nobody has explained first.</summary>
    /// <exception cref="AccessDeniedException">The actor may not see bills.</exception>
    public async Task<Result<IReadOnlyList<BillDifference>>> RunAsync(Actor actor, Guid billId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Bills, ct);
        if (!await s.Db.Set<ChannelBill>().AnyAsync(b => b.Id == billId, ct))
            return new NotFound("bill");
        var explained = await s.Db.Set<BillExplanation>().AsNoTracking().Where(e => e.BillId == billId).ToDictionaryAsync(e => e.SubjectId, ct);
        var rows = await NotBooked(s).AsNoTracking().Where(r => r.BillId == billId).OrderBy(r => r.At).Take(Most).ToListAsync(ct);
        var ids = rows.Select(r => r.PaymentId).OfType<Guid>().ToList();
        var known = await s.Db.Set<Payment>().AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, ct);
        var missing = await NotBilled(s).Where(m => m.BillId == billId).Select(m => m.Payment).AsNoTracking().OrderBy(p => p.PaidAt).Take(Most)
            .ToListAsync(ct);
        return (BillDifference[])[.. rows.Select(Of).Concat(missing.Select(Missed)).OrderBy(d => d.Explanation is not null).ThenBy(d => d.At)];

        BillDifference Missed(Payment p) => new(
            p.Id, BillDifferenceKind.NotBilled, p.PaidAt!.Value, p.Reference, null, p.Amount, p, explained.GetValueOrDefault(p.Id));

        BillDifference Of(ChannelBillRow row)
        {
            var payment = row.PaymentId is { } id ? known.GetValueOrDefault(id) : null;
            var booked = payment is { State: PaymentState.Succeeded };
            return new BillDifference(row.Id, booked ? BillDifferenceKind.OtherAmount : BillDifferenceKind.NotBooked, row.At, row.Number, row.Amount,
                booked ? payment!.Amount : null, payment, explained.GetValueOrDefault(row.Id));
        }
    }
}
