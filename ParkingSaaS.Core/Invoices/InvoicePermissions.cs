namespace ParkingSaaS.Core.Invoices;

public static class InvoicePermissions
{
    /// <summary>See invoices.</summary>
    public const string View = "invoices.view";

    /// <summary>Ask for an invoice of what was paid: who works at a desk, and drivers.</summary>
    public const string Ask = "invoices.ask";

    /// <summary>Enter what was written elsewhere, send again, give up, reverse.</summary>
    public const string Manage = "invoices.manage";

    /// <summary>Say who issues invoices for which lots.</summary>
    public const string Issuers = "invoices.issuers";

    /// <summary>Hand invoices to their provider and ask what became of them. Held by the program itself.</summary>
    public const string Send = "invoices.send";
}
