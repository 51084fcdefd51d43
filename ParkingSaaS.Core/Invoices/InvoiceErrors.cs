using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Invoices;

/// <summary>Invoices are made out in renminbi alone, and the city has another currency.</summary>
public sealed record InvoicesOnlyInYuan() : Error("invoices.only-yuan");

/// <summary>Nobody issues invoices for that lot.</summary>
public sealed record NoIssuer() : Error("invoices.no-issuer");

/// <summary>Another issuer that is in use has the same lots.</summary>
public sealed record IssuerOverlap(string Name) : Error("invoices.issuer-overlap", new GivenName(Name));

/// <summary>Invoices name the issuer's tax number already: another seller is another issuer.</summary>
public sealed record IssuerInUse() : Error("invoices.issuer-in-use");

/// <summary>What is chosen has different issuers, and an invoice has one.</summary>
public sealed record DifferentIssuers() : Error("invoices.different-issuers");

/// <summary>Nothing of what is chosen can be invoiced: it is not over, nothing was paid, or all of it is on invoices already.</summary>
public sealed record NothingToInvoice() : Error("invoices.nothing-left");

/// <summary>The invoice is in a state in which that is not done.</summary>
public sealed record WrongInvoiceState(InvoiceState State) : Error("invoices.wrong-state", State);

/// <summary>A provider issues the invoice, so nobody enters its number.</summary>
public sealed record InvoiceHasProvider() : Error("invoices.has-provider");

/// <summary>People write the invoice, so they write the red one as well and enter its number.</summary>
public sealed record InvoiceByHand() : Error("invoices.by-hand");
