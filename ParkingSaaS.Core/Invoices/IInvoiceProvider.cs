using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>Who issues invoices for an issuer and tells the tax office. It is outside of this program.</summary>
public interface IInvoiceProvider
{
    /// <summary>Its code, kept with issuers.</summary>
    string Code { get; }

    /// <summary>It knows issuers by a key and a secret.</summary>
    bool NeedsKeys { get; }

    /// <summary>Hands an invoice in, or says how far it is. No transaction is open, so this may ask over the network. Asked twice for the same
    /// <see cref="Invoice.Serial"/> it is the same invoice.</summary>
    Task<InvoiceProgress> IssueAsync(City city, InvoicePaper paper, CancellationToken ct);

    /// <summary>Hands in that a red invoice takes an issued one back, or says how far that is; as <see cref="IssueAsync"/>, by
    /// <see cref="Invoice.ReverseSerial"/>.</summary>
    Task<InvoiceProgress> ReverseAsync(City city, InvoicePaper paper, CancellationToken ct);
}

/// <summary>An invoice with all that stands on it.</summary>
/// <param name="Lines">At least one.</param>
public sealed record InvoicePaper(Invoice Invoice, Issuer Issuer, IReadOnlyList<InvoiceLine> Lines);

/// <summary>How far a provider has come with an invoice, or with the red one that takes it back.</summary>
/// <param name="State"><see cref="InvoiceState.Asked"/> where nobody knows, <see cref="InvoiceState.AtProvider"/> once it is taken up,
/// <see cref="InvoiceState.Issued"/> or <see cref="InvoiceState.Failed"/>.</param>
public sealed record InvoiceProgress(InvoiceState State)
{
    /// <summary>It gave no answer, or none that says anything.</summary>
    public static readonly InvoiceProgress Unknown = new(InvoiceState.Asked);

    /// <summary>It has taken it up, and has not issued it.</summary>
    public static readonly InvoiceProgress TakenUp = new(InvoiceState.AtProvider);

    /// <summary>The tax office's number; of an issued one.</summary>
    public string Number { get; init; } = "";

    /// <summary>Of older kinds the code besides the number.</summary>
    public string Code { get; init; } = "";

    public DateTimeOffset? IssuedAt { get; init; }

    public string? Pdf { get; init; }

    public string? Ofd { get; init; }

    /// <summary>Why it cannot be, in the provider's words; of a failed one.</summary>
    public string Problem { get; init; } = "";
}
