using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Invoices;

/// <summary>How pages word invoices.</summary>
static class InvoiceWords
{
    public static BadgeTone Tone(InvoiceState state) => state switch
    {
        InvoiceState.Issued => BadgeTone.Success,
        InvoiceState.Failed => BadgeTone.Danger,
        InvoiceState.GivenUp or InvoiceState.Reversed => BadgeTone.Light,
        _ => BadgeTone.Warning
    };

    /// <summary>The name of a provider; an empty code is that of people.</summary>
    public static string Provider(this IStringLocalizer<Texts> texts, string code) => texts["invoice-provider." + (code.Length == 0 ? "by-hand" : code)];
}
