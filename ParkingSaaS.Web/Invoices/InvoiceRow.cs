using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Invoices;

/// <summary>An invoice in the list of all. Amounts are in minor units.</summary>
public sealed class InvoiceRow
{
    public Guid Id { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public InvoiceState State { get; init; }
    public string Number { get; init; } = "";
    public DateTimeOffset? IssuedAt { get; init; }
    public string Buyer { get; init; } = "";
    public string BuyerTaxNumber { get; init; } = "";
    public string Issuer { get; init; } = "";
    public string Lot { get; init; } = "";
    public long Net { get; init; }
    public long Tax { get; init; }
    public long Gross { get; init; }
    public string Problem { get; init; } = "";

    /// <summary>Of what stands on it less is paid by now: it is to be taken back, and the rest invoiced again.</summary>
    public bool Exceeds { get; init; }

    /// <summary>Of what stands on an issued invoice less is paid by now than its lines and those of others say.</summary>
    internal static IQueryable<Guid> Exceeding(CitySession s)
    {
        var lines = s.Db.Set<InvoiceLine>().Where(l => !l.Released);
        var payments = s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded || (p.State == PaymentState.Pending && p.Amount.Minor < 0));
        return lines.Where(l => lines.Where(x => x.PayableId == l.PayableId).Sum(x => x.Gross.Minor)
            > payments.Where(p => p.PayableId == l.PayableId).Sum(p => p.Amount.Minor)
                + payments.Join(s.Db.Set<PassPeriod>().Where(x => x.PassId == l.PayableId), p => p.PayableId, x => x.Id, (p, _) => p.Amount.Minor).Sum())
            .Select(l => l.InvoiceId);
    }
}

/// <summary>Which invoices a list shows, as its address says; also the query of its workbook.</summary>
public sealed record InvoiceFilter
{
    /// <summary>A part of the number, or of who it is made out to.</summary>
    public string? Text { get; init; }
    public InvoiceState? State { get; init; }
    public Guid? Lot { get; init; }
    public Guid? Issuer { get; init; }

    /// <summary>Only those to take back, for less is paid by now.</summary>
    public bool? Exceeds { get; init; }

    /// <summary>Asked for at or after this wall-clock time.</summary>
    public DateTime? AskedFrom { get; init; }

    /// <summary>Asked for before this wall-clock time.</summary>
    public DateTime? AskedTo { get; init; }

    /// <summary>What the address of the list says.</summary>
    public static InvoiceFilter Of(ListFilters f) => new()
    {
        Text = f["text"],
        State = f.Of<InvoiceState>("state"),
        Lot = f.Id("lot"),
        Issuer = f.Id("issuer"),
        Exceeds = f.Is("exceeds"),
        AskedFrom = f.At("askedFrom"),
        AskedTo = f.At("askedTo")
    };

    /// <summary>The invoices within the session's reach that are wanted.</summary>
    public IQueryable<InvoiceRow> Apply(CitySession s)
    {
        var (invoices, zone, exceeding) = (s.Db.Set<Invoice>().AsQueryable(), s.City.Zone, InvoiceRow.Exceeding(s));
        if (Text?.Trim() is { Length: > 0 } text)
            invoices = invoices.Where(i => i.Number.Contains(text) || i.Buyer.Contains(text) || i.BuyerTaxNumber.Contains(text));
        if (State is { } state)
            invoices = invoices.Where(i => i.State == state);
        if (Lot is { } lot)
            invoices = invoices.Where(i => i.LotId == lot);
        if (Issuer is { } issuer)
            invoices = invoices.Where(i => i.IssuerId == issuer);
        if (Exceeds is true)
            invoices = invoices.Where(i => i.State == InvoiceState.Issued && exceeding.Contains(i.Id));
        if (AskedFrom is { } from && zone.Instant(from) is var first)
            invoices = invoices.Where(i => i.AskedAt >= first);
        if (AskedTo is { } to && zone.Instant(to) is var end)
            invoices = invoices.Where(i => i.AskedAt < end);
        return invoices.Select(i => new InvoiceRow
        {
            Id = i.Id,
            AskedAt = i.AskedAt,
            State = i.State,
            Number = i.Number,
            IssuedAt = i.IssuedAt,
            Buyer = i.Buyer,
            BuyerTaxNumber = i.BuyerTaxNumber,
            Issuer = s.Db.Set<Issuer>().First(x => x.Id == i.IssuerId).Name,
            Lot = s.Db.Set<Lot>().First(l => l.Id == i.LotId).Name,
            Net = i.Gross.Minor - i.Tax.Minor,
            Tax = i.Tax.Minor,
            Gross = i.Gross.Minor,
            Problem = i.Problem,
            Exceeds = i.State == InvoiceState.Issued && exceeding.Contains(i.Id)
        });
    }
}
