using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Invoices;

/// <summary>A provider for showing and trying: it issues at once, no tax office hears of it, and its numbers say that they are specimens. It stands only
/// where the setting <c>Payments:Demo</c> allows it.</summary>
sealed class SpecimenInvoices : IInvoiceProvider
{
    public const string Name = "specimen";

    /// <inheritdoc/>
    public string Code => Name;

    /// <inheritdoc/>
    public bool NeedsKeys => false;

    /// <inheritdoc/>
    public Task<InvoiceProgress> IssueAsync(City city, InvoicePaper paper, CancellationToken ct) => Issued(paper.Invoice.Serial);

    /// <inheritdoc/>
    public Task<InvoiceProgress> ReverseAsync(City city, InvoicePaper paper, CancellationToken ct) => Issued(paper.Invoice.ReverseSerial!);

    /// <summary>The number of a specimen.</summary>
    public static string NumberOf(string serial) => "SPECIMEN-" + serial;

    static Task<InvoiceProgress> Issued(string serial) => Task.FromResult(new InvoiceProgress(InvoiceState.Issued) { Number = NumberOf(serial) });
}
