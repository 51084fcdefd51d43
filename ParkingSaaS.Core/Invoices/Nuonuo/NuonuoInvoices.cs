using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices.Nuonuo;

/// <summary>Fully digital invoices (数电普票) by 诺诺 (诺税通). It is first asked about the invoice, and handed it only where it does not know it: so a request
/// whose answer was lost makes no second one.</summary>
sealed class NuonuoInvoices(NuonuoClient client, ILogger<NuonuoInvoices> log) : IInvoiceProvider
{
    public const string Name = "nuonuo";

    const string IssueMethod = "nuonuo.OpeMplatform.requestBillingNew", FindMethod = "nuonuo.OpeMplatform.queryInvoiceResult",
        ReverseMethod = "nuonuo.OpeMplatform.saveInvoiceRedConfirm", FindReversalMethod = "nuonuo.OpeMplatform.queryInvoiceRedConfirm";

    /// <summary>A general digital invoice.</summary>
    const string Kind = "pc";

    /// <summary>The invoice was made out wrongly: the reason that needs no consent of the buyer's before it was booked.</summary>
    const string WronglyMadeOut = "2";

    /// <summary>States of a form for a red invoice in which none will come of it.</summary>
    static readonly string[] Dead = ["05", "06", "07", "08", "09", "10", "16"];

    /// <inheritdoc/>
    public string Code => Name;

    /// <inheritdoc/>
    public bool NeedsKeys => true;

    /// <inheritdoc/>
    public async Task<InvoiceProgress> IssueAsync(City city, InvoicePaper paper, CancellationToken ct) =>
        await FindAsync(city, paper, paper.Invoice.Serial, paper.Invoice.Gross, ct)
        ?? Taken(await client.AskAsync(city, paper, IssueMethod, new JsonObject { ["order"] = Order(city, paper) }, ct));

    /// <inheritdoc/>
    public async Task<InvoiceProgress> ReverseAsync(City city, InvoicePaper paper, CancellationToken ct)
    {
        var (invoice, issuer) = (paper.Invoice, paper.Issuer);
        var known = await client.AskAsync(city, paper, FindReversalMethod,
            new JsonObject { ["identity"] = "0", ["billId"] = invoice.ReverseSerial }, ct);
        if (known is null || known.Code is not (NuonuoAnswer.Good or NuonuoAnswer.Unknown))
            return InvoiceProgress.Unknown;
        if (known.Result is JsonObject found && found["list"] is JsonArray { Count: > 0 } forms)
            return Dead.Contains(NuonuoClient.Field(forms[0], "billStatus"))
                ? new InvoiceProgress(InvoiceState.Failed) { Problem = NuonuoClient.Field(forms[0], "billMessage") ?? "" }
                : await FindAsync(city, paper, invoice.ReverseSerial!, Money.Zero - invoice.Gross, ct) ?? InvoiceProgress.TakenUp;
        return Taken(await client.AskAsync(city, paper, ReverseMethod, new JsonObject
        {
            ["billId"] = invoice.ReverseSerial,
            ["orderNo"] = invoice.ReverseSerial,
            ["blueInvoiceLine"] = Kind,
            ["applySource"] = "0",
            ["blueElecInvoiceNumber"] = invoice.Number,
            ["sellerTaxNo"] = issuer.TaxNumber,
            ["sellerName"] = issuer.Name,
            ["buyerTaxNo"] = invoice.BuyerTaxNumber,
            ["buyerName"] = invoice.Buyer,
            ["redReason"] = WronglyMadeOut,
            ["autoInvoice"] = "1"
        }, ct));
    }

    /// <summary>Accepted is not issued.</summary>
    static InvoiceProgress Taken(NuonuoAnswer? answer) => answer is null ? InvoiceProgress.Unknown
        : answer.Code is NuonuoAnswer.Good or NuonuoAnswer.Known ? InvoiceProgress.TakenUp
        : answer.Refuses ? new InvoiceProgress(InvoiceState.Failed) { Problem = answer.Describe }
        : InvoiceProgress.Unknown;

    /// <returns>Null where it knows no invoice with that number.</returns>
    async Task<InvoiceProgress?> FindAsync(City city, InvoicePaper paper, string serial, Money gross, CancellationToken ct)
    {
        var answer = await client.AskAsync(city, paper, FindMethod,
            new JsonObject { ["orderNos"] = new JsonArray(serial), ["isOfferInvoiceDetail"] = "0" }, ct);
        if (answer?.Code is NuonuoAnswer.Unknown)
            return null;
        if (answer?.Code is not NuonuoAnswer.Good || answer.Result is not JsonArray all)
            return InvoiceProgress.Unknown;
        if (all.FirstOrDefault(i => NuonuoClient.Field(i, "orderNo") == serial) is not { } told)
            return null;
        string Said(string name) => NuonuoClient.Field(told, name) ?? "";
        if (Said("status") is "22")
            return new InvoiceProgress(InvoiceState.Failed) { Problem = Said("failCause") is { Length: > 0 } cause ? cause : Said("statusMsg") };
        if (Said("status") is not "2")
            return InvoiceProgress.TakenUp;
        var number = Said("allElectronicInvoiceNumber") is { Length: > 0 } digital ? digital : Said("invoiceNo");
        if (number.Length is 0 or > 64 || Amount(Said("exTaxAmount")) + Amount(Said("taxAmount")) is not { } sum || Currency.Yuan.Exact(sum) != gross)
        {
            log.LogWarning("What 诺诺 tells of invoice {Invoice} does not fit it", paper.Invoice.Id);
            return InvoiceProgress.TakenUp;
        }
        return new InvoiceProgress(InvoiceState.Issued)
        {
            Number = number,
            Code = Said("invoiceCode") is { Length: <= 16 } code ? code : "",
            IssuedAt = long.TryParse(Said("invoiceTime"), CultureInfo.InvariantCulture, out var at) && at is > 0 and < 4_102_444_800_000
                ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            Pdf = Link(Said("pdfUrl")),
            Ofd = Link(Said("ofdUrl"))
        };
    }

    static decimal? Amount(string text) => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    /// <summary>Drivers are led there, so it is an address of the web or none.</summary>
    static string? Link(string text) => text.Length <= 1024 && Uri.TryCreate(text, UriKind.Absolute, out var link) && link.Scheme is "http" or "https"
        ? text : null;

    static JsonObject Order(City city, InvoicePaper paper)
    {
        var (invoice, issuer) = (paper.Invoice, paper.Issuer);
        var phone = invoice.Phone.Length > 0 ? Phone.Show(invoice.Phone, whole: true) : "";
        var order = new JsonObject
        {
            ["buyerName"] = invoice.Buyer,
            ["buyerTaxNum"] = invoice.BuyerTaxNumber,
            ["buyerAddress"] = invoice.BuyerContact,
            ["buyerAccount"] = invoice.BuyerBank,
            ["salerTaxNum"] = issuer.TaxNumber,
            ["salerTel"] = issuer.Phone,
            ["salerAddress"] = issuer.Address,
            ["salerAccount"] = $"{issuer.Bank} {issuer.BankAccount}".Trim(),
            ["orderNo"] = invoice.Serial,
            ["invoiceDate"] = city.Zone.Local(invoice.AskedAt).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            ["clerk"] = issuer.Drawer,
            ["invoiceType"] = "1",
            ["invoiceLine"] = Kind,
            ["pushMode"] = (invoice.Mail.Length > 0, phone.Length > 0) switch { (true, true) => "2", (true, _) => "0", (_, true) => "1", _ => "-1" },
            ["email"] = invoice.Mail,
            ["buyerPhone"] = phone,
            ["invoiceDetail"] = new JsonArray([.. paper.Lines.Select(line => Line(line, issuer, invoice.Rate))])
        };
        if (invoice.Notify is { } notify)
            order["callBackUrl"] = notify;
        return order;
    }

    static JsonObject Line(InvoiceLine line, Issuer issuer, int rate) => new()
    {
        ["goodsName"] = issuer.GoodsName,
        ["goodsCode"] = issuer.TaxCode,
        ["withTaxFlag"] = "1",
        ["num"] = "1",
        ["price"] = Currency.Yuan.Plain(line.Gross),
        ["taxRate"] = ((decimal)rate / InvoiceTax.Whole).ToString("0.####", CultureInfo.InvariantCulture),
        ["tax"] = Currency.Yuan.Plain(line.Tax),
        ["taxExcludedAmount"] = Currency.Yuan.Plain(line.Gross - line.Tax),
        ["taxIncludedAmount"] = Currency.Yuan.Plain(line.Gross),
        ["invoiceLineProperty"] = "0"
    };
}
