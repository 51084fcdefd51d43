using static ParkingSaaS.Core.Invoices.InvoiceState;

namespace ParkingSaaS.Core.Invoices;

/// <summary>Which changes of state there are. Anything else is a fault of the program.</summary>
public static class InvoiceTransitions
{
    static readonly HashSet<(InvoiceState From, InvoiceState To)> Allowed =
    [
        (Asked, AtProvider),
        (Asked, Issued),        // at once, or a person entered its number
        (Asked, Failed),
        (Asked, GivenUp),
        (AtProvider, Issued),
        (AtProvider, Failed),
        (Failed, Asked),        // sent again
        (Failed, GivenUp),
        (Issued, Reversing),
        (Issued, Reversed),     // a person entered the red one's number
        (Reversing, Reversed),
        (Reversing, Issued)     // the provider refuses the red one
    ];

    /// <summary>True when an invoice may go from one state to the other.</summary>
    public static bool Allows(InvoiceState from, InvoiceState to) => Allowed.Contains((from, to));

    /// <summary>Changes the state.</summary>
    /// <exception cref="InvalidOperationException">The table has no such change.</exception>
    public static void Go(this Invoice invoice, InvoiceState to)
    {
        if (!Allows(invoice.State, to))
            throw new InvalidOperationException($"An invoice cannot go from {invoice.State} to {to}");
        invoice.State = to;
    }
}
