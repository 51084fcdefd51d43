using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>Who an invoice is made out to, and where it is sent.</summary>
/// <param name="Name">1–100 characters.</param>
/// <param name="TaxNumber">Of a company; see <see cref="Invoices.TaxNumber"/>.</param>
/// <param name="Contact">The company's address and telephone, at most 100 characters; may be empty.</param>
/// <param name="Bank">The company's bank and account, at most 100 characters; may be empty.</param>
/// <param name="Mail">Where it is sent; may be empty.</param>
/// <param name="Phone">A number that messages reach; may be empty.</param>
public sealed record InvoiceTitle(TitleKind Kind, string? Name, string? TaxNumber, string? Contact, string? Bank, string? Mail, string? Phone)
{
    /// <summary>What of it is not acceptable; null where nothing is.</summary>
    internal InvalidField? Problem() => Check.All(
        Check.That(Enum.IsDefined(Kind), nameof(Kind), "invalid"),
        Check.Required(nameof(Name), Name, Issuer.MaxName),
        Check.That(Kind is TitleKind.Individual || Invoices.TaxNumber.Normalize(TaxNumber) is not null, nameof(TaxNumber), "invalid", "tax-number"),
        Check.Optional(nameof(Contact), Contact, Issuer.MaxContact),
        Check.Optional(nameof(Bank), Bank, Issuer.MaxContact),
        Check.Optional(nameof(Mail), Mail, 50),
        Check.That(string.IsNullOrWhiteSpace(Mail) || MailAddress.TryCreate(Mail.Trim(), out _), nameof(Mail), "invalid", "mail"),
        Check.That(string.IsNullOrWhiteSpace(Phone) || Common.Phone.Normalize(Phone) is not null, nameof(Phone), "invalid"));
}

/// <summary>What is to be invoiced.</summary>
/// <param name="Id">Made up by the page, so that a second click is the same invoice.</param>
/// <param name="Items">1–50, of one issuer.</param>
/// <param name="Gross">What was shown: all that is left of them.</param>
public sealed record InvoiceRequest(Guid Id, IReadOnlyList<InvoiceItem> Items, Money Gross, InvoiceTitle Title)
{
    /// <summary>The beginning of the city's pages as the browser reached them, with a slash at the end; null where nobody knows.</summary>
    public Uri? Site { get; init; }
}

/// <summary>Asks for an invoice of what was paid, and hands it to its provider. What stands on it stands on no other: two who ask at once wait for each
/// other.</summary>
public sealed class AskInvoice(CitySessions sessions, SendInvoices send, LiveFeed live)
{
    public const int MaxItems = 50;

    /// <summary>Asks, and answers the invoice's id. That the provider has not heard of it yet is no refusal: it is told later.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, InvoiceRequest request, CancellationToken ct)
    {
        if (request.Title.Problem() is { } invalid)
            return invalid;
        if (request.Items.Count is 0 or > MaxItems)
            return new InvalidField(nameof(request.Items), "invalid");
        if ((await TakePayment.RaceAsync(() => AskAsync(actor, request, ct))).Error is { } error)
            return error;
        await send.NowAsync(actor.City, request.Id, ct);
        return request.Id;
    }

    async Task<Result<Done>> AskAsync(Actor actor, InvoiceRequest request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, InvoicePermissions.Ask, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        InvoiceItem[] items = [.. request.Items.Distinct().OrderBy(i => i.Id)];
        foreach (var item in items)
            await s.LockAsync(CityLock.Invoices, item.Id, ct);
        if (await s.Db.Set<Invoice>().AsNoTracking().FirstOrDefaultAsync(i => i.Id == request.Id, ct) is not null)
            return await s.Db.Set<InvoiceLine>().Where(l => l.InvoiceId == request.Id).AllAsync(l => items.Select(i => i.Id).Contains(l.PayableId), ct)
                ? new Done() : new NotFound("invoice");
        var wanted = new List<Invoiceable>();
        foreach (var item in items)
            if (await Invoiceable.OfAsync(s, item, ct) is not { } found)
                return new NotFound(item.Kind);
            else if (found.Left > Money.Zero)
                wanted.Add(found);
        if (wanted.Count == 0)
            return new NothingToInvoice();
        var gross = wanted.Aggregate(Money.Zero, (sum, w) => sum + w.Left);
        if (gross != request.Gross)
            return new AmountChanged(gross, s.City.Currency);
        Issuer? issuer = null;
        foreach (var lot in wanted.Select(w => w.LotId).Distinct())
            if (await Issuer.OfLotAsync(s, lot, ct) is not { } of)
                return new NoIssuer();
            else if ((issuer ??= of).Id != of.Id)
                return new DifferentIssuers();
        Add(s, request, issuer!, wanted);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        live.Publish(s.City.Code, [.. wanted.Select(w => new LiveNotice(LiveKind.Invoice, w.LotId, w.Id))]);
        return new Done();
    }

    static void Add(CitySession s, InvoiceRequest request, Issuer issuer, List<Invoiceable> wanted)
    {
        var lines = wanted.ConvertAll(w => new InvoiceLine
        {
            Id = Guid.CreateVersion7(),
            LotId = w.LotId,
            InvoiceId = request.Id,
            Kind = w.Kind,
            PayableId = w.Id,
            Gross = w.Left,
            Tax = w.Left - InvoiceTax.Net(w.Left, issuer.Rate)
        });
        var invoice = new Invoice
        {
            Id = request.Id,
            LotId = lines[0].LotId,
            IssuerId = issuer.Id,
            Serial = Invoice.NewSerial(s.Now),
            Rate = issuer.Rate,
            Gross = request.Gross,
            Tax = lines.Aggregate(Money.Zero, (sum, l) => sum + l.Tax),
            AskedBy = s.Actor.Name,
            AskedAt = s.Now,
            Notify = request.Site is { } site ? $"{new Uri(site, $"pay/invoice-told/{request.Id}")}" : null,
            AskAt = issuer.Provider == "" ? null : s.Now
        };
        invoice.MakeOut(request.Title);
        s.Db.Add(invoice);
        s.Db.AddRange(lines);
        InvoiceOperation.Log(s, invoice, InvoiceOperationKind.Asked);
    }
}
