using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>What was done to an invoice, or became of it.</summary>
public enum InvoiceOperationKind
{
    Asked,

    /// <summary>The provider has taken it up.</summary>
    TakenUp,

    /// <summary>The detail is its number.</summary>
    Issued,

    /// <summary>The detail is why.</summary>
    Failed,

    SentAgain,

    GivenUp,

    /// <summary>Somebody wants it taken back; the detail is why.</summary>
    ReversalAsked,

    /// <summary>The detail is the red one's number.</summary>
    Reversed,

    /// <summary>The provider refuses the red one; the detail is why.</summary>
    ReversalFailed
}

/// <summary>Who did what to an invoice, when.</summary>
public sealed class InvoiceOperation : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid InvoiceId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: an actor's name.</summary>
    public required string By { get; init; }

    public required InvoiceOperationKind Kind { get; init; }

    public string Detail { get; init; } = "";

    /// <summary>Notes in the invoice's log what was done; it is saved with the session.</summary>
    internal static void Log(CitySession s, Invoice invoice, InvoiceOperationKind kind, string detail = "") => s.Db.Add(new InvoiceOperation
    {
        Id = Guid.CreateVersion7(),
        LotId = invoice.LotId,
        InvoiceId = invoice.Id,
        At = s.Now,
        By = s.Actor.Name,
        Kind = kind,
        Detail = detail
    });
}
