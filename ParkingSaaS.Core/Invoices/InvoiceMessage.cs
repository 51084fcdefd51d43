using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Invoices;

/// <summary>What a provider was asked about an invoice and what it answered, kept for when that is in question. Nothing in it is secret, and what names
/// the buyer is left out.</summary>
public sealed class InvoiceMessage : ILotOwned
{
    /// <summary>The rest of a longer text is not kept.</summary>
    public const int MaxText = 4000;

    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid InvoiceId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The provider's name of what was asked.</summary>
    public required string Method { get; init; }

    public string Sent { get; init; } = "";

    /// <summary>The HTTP status of the answer; null where none came.</summary>
    public int? Status { get; init; }

    public string Said { get; init; } = "";

    /// <summary>How long the answer took.</summary>
    public int Milliseconds { get; init; }
}
