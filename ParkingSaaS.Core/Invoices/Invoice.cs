using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>Where an invoice stands. The allowed changes are in <see cref="InvoiceTransitions"/>.</summary>
public enum InvoiceState
{
    /// <summary>Somebody wants it, and no provider has taken it up.</summary>
    Asked,

    /// <summary>The provider has taken it up, and it is not issued.</summary>
    AtProvider,

    /// <summary>It has its number.</summary>
    Issued,

    /// <summary>The provider says that it cannot be; it can be sent again.</summary>
    Failed,

    /// <summary>It was given up before it was issued.</summary>
    GivenUp,

    /// <summary>It is to be taken back by a red one, which is not issued.</summary>
    Reversing,

    /// <summary>A red one took it back, as a whole.</summary>
    Reversed
}

/// <summary>Who a title names.</summary>
public enum TitleKind
{
    /// <summary>A person: by name alone.</summary>
    Individual,

    /// <summary>A company: with its tax number.</summary>
    Company
}

/// <summary>An invoice of what was paid for stays and passes of one issuer.</summary>
public sealed class Invoice : ILotOwned
{
    public const int MaxReason = 200;

    /// <summary>Row id, made up by the form that asks, so that a second click is the same invoice.</summary>
    public required Guid Id { get; init; }

    /// <summary>The lot of its first line, in whose figures it stands.</summary>
    public required Guid LotId { get; init; }

    public required Guid IssuerId { get; init; }

    /// <summary>The number by which the provider knows it, new with each time that it is sent again: twice the same is one invoice.</summary>
    public required string Serial { get; set; }

    public InvoiceState State { get; set; }

    /// <summary>The issuer's <see cref="Issuer.Rate"/> when it was asked for.</summary>
    public required int Rate { get; init; }

    /// <summary>What was paid, with the tax.</summary>
    public required Money Gross { get; init; }

    /// <summary>The tax in it: the sum of that of its lines.</summary>
    public required Money Tax { get; init; }

    public Money Net => Gross - Tax;

    public TitleKind TitleKind { get; set; }

    /// <summary>Who it is made out to.</summary>
    public string Buyer { get; set; } = "";

    /// <summary>Empty for a person.</summary>
    public string BuyerTaxNumber { get; set; } = "";

    /// <summary>The buyer's address and telephone; may be empty.</summary>
    public string BuyerContact { get; set; } = "";

    /// <summary>The buyer's bank and account; may be empty.</summary>
    public string BuyerBank { get; set; } = "";

    /// <summary>Where the provider sends it; may be empty, as <see cref="Phone"/>.</summary>
    public string Mail { get; set; } = "";

    public string Phone { get; set; } = "";

    /// <summary>Who asked: an actor's name.</summary>
    public required string AskedBy { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Where the provider tells of it; null where nobody knew our address.</summary>
    public string? Notify { get; init; }

    /// <summary>How often the provider was asked since something is open.</summary>
    public int Tries { get; set; }

    /// <summary>When it is asked next; null where nothing is open.</summary>
    public DateTimeOffset? AskAt { get; set; }

    /// <summary>The tax office's number; empty while it is not issued.</summary>
    public string Number { get; set; } = "";

    /// <summary>Of older kinds the code besides the number.</summary>
    public string Code { get; set; } = "";

    public DateTimeOffset? IssuedAt { get; set; }

    /// <summary>Where it can be fetched as a PDF; null where it cannot.</summary>
    public string? Pdf { get; set; }

    /// <summary>Where it can be fetched as an OFD file; null where it cannot.</summary>
    public string? Ofd { get; set; }

    /// <summary>Why it failed, or the red one did, in the provider's words; else empty.</summary>
    public string Problem { get; set; } = "";

    /// <summary>Why it is taken back; empty where nobody wants that.</summary>
    public string ReverseReason { get; set; } = "";

    /// <summary>The number by which the provider knows the red one.</summary>
    public string? ReverseSerial { get; set; }

    /// <summary>The red one's number.</summary>
    public string ReverseNumber { get; set; } = "";

    public DateTimeOffset? ReversedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>Makes it out to somebody.</summary>
    internal void MakeOut(InvoiceTitle title)
    {
        var company = title.Kind is TitleKind.Company;
        (TitleKind, Buyer) = (title.Kind, title.Name!.Trim());
        BuyerTaxNumber = company ? TaxNumber.Normalize(title.TaxNumber)! : "";
        (BuyerContact, BuyerBank) = company ? (title.Contact?.Trim() ?? "", title.Bank?.Trim() ?? "") : ("", "");
        (Mail, Phone) = (title.Mail?.Trim() ?? "", Common.Phone.Normalize(title.Phone) ?? "");
    }

    /// <summary>It is issued.</summary>
    internal void Issue(CitySession s, InvoiceProgress progress)
    {
        this.Go(InvoiceState.Issued);
        (Number, Code, IssuedAt, Pdf, Ofd) = (progress.Number, progress.Code, progress.IssuedAt ?? s.Now, progress.Pdf, progress.Ofd);
        (Problem, AskAt, Tries) = ("", null, 0);
        InvoiceOperation.Log(s, this, InvoiceOperationKind.Issued, Number);
    }

    /// <summary>A red one has taken it back: what was paid can be invoiced again.</summary>
    /// <param name="number">The red one's.</param>
    /// <param name="at">When that was issued; null for now.</param>
    internal async Task ReverseAsync(CitySession s, string number, DateTimeOffset? at, CancellationToken ct)
    {
        this.Go(InvoiceState.Reversed);
        (ReverseNumber, ReversedAt, Problem, AskAt) = (number, at ?? s.Now, "", null);
        await ReleaseAsync(s, ct);
        InvoiceOperation.Log(s, this, InvoiceOperationKind.Reversed, number);
    }

    /// <summary>What stood on it can be invoiced again.</summary>
    internal async Task ReleaseAsync(CitySession s, CancellationToken ct)
    {
        foreach (var line in await s.Db.Set<InvoiceLine>().Where(l => l.InvoiceId == Id).ToListAsync(ct))
            line.Released = true;
    }

    /// <summary>A number that no provider has seen: 20 characters, as long as they take.</summary>
    internal static string NewSerial(DateTimeOffset now) =>
        now.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetString("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", 8);
}

/// <summary>A line of an invoice: what was paid for one stay or pass.</summary>
public sealed class InvoiceLine : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid InvoiceId { get; init; }

    /// <summary>What it is of: the code of a <see cref="Payments.IPayable"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The order or the pass.</summary>
    public required Guid PayableId { get; init; }

    public required Money Gross { get; init; }

    public required Money Tax { get; init; }

    /// <summary>The invoice was given up or reversed: what was paid can be invoiced again.</summary>
    public bool Released { get; set; }
}
