using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>Hands invoices and red ones to their provider, and asks what became of them: at once, then at growing distance for as long as it takes. What
/// was accepted is not issued, and a provider that is silent is asked about the same invoice, never handed another one.</summary>
public sealed class SendInvoices(CitySessions sessions, IEnumerable<IInvoiceProvider> providers, LiveFeed live)
{
    /// <summary>So many at a time, the longest due first.</summary>
    const int Most = 50;

    /// <summary>The provider is asked again when so much time is over; each time it is twice as much.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(15);

    /// <summary>After so many doublings the distance grows no more: it is an hour.</summary>
    const int Doublings = 8;

    internal static Actor ActorOf(string city) => Actor.Job(city, "send-invoices", InvoicePermissions.Send);

    /// <summary>Asks about all that is due.</summary>
    /// <returns>How many went a step further.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), InvoicePermissions.Send, ct);
        var due = await s.Db.Set<Invoice>().AsNoTracking().Where(i => i.AskAt <= s.Now).OrderBy(i => i.AskAt).Take(Most).ToListAsync(ct);
        var further = 0;
        foreach (var invoice in due)
            further += await StepAsync(s, invoice, ct) ? 1 : 0;
        return further;
    }

    /// <summary>Somebody waits for it: asks about one, if it is due.</summary>
    internal async Task NowAsync(string city, Guid invoiceId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), InvoicePermissions.Send, ct);
        if (await s.Db.Set<Invoice>().AsNoTracking().FirstOrDefaultAsync(i => i.Id == invoiceId && i.AskAt <= s.Now, ct) is { } invoice)
            await StepAsync(s, invoice, ct);
    }

    /// <summary>Somebody says that there is news. Nothing of what they say is believed: the provider is asked soon.</summary>
    /// <returns>Whether there is such an invoice.</returns>
    public async Task<bool> ToldAsync(string city, Guid invoiceId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), InvoicePermissions.Send, ct);
        DateTimeOffset? now = s.Now;
        await s.Db.Set<Invoice>().Where(i => i.Id == invoiceId && i.AskAt > now).ExecuteUpdateAsync(set => set.SetProperty(i => i.AskAt, now), ct);
        return await s.Db.Set<Invoice>().AnyAsync(i => i.Id == invoiceId, ct);
    }

    async Task<bool> StepAsync(CitySession s, Invoice invoice, CancellationToken ct)
    {
        // Another node may have been quicker; and whatever happens while the provider is asked, it is asked again later.
        DateTimeOffset? next = s.Now + FirstWait * (1 << Math.Min(invoice.Tries, Doublings));
        if (await s.Db.Set<Invoice>().Where(i => i.Id == invoice.Id && i.AskAt == invoice.AskAt)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.AskAt, next).SetProperty(i => i.Tries, i => i.Tries + 1), ct) == 0)
            return false;
        var issuer = await s.Db.Set<Issuer>().AsNoTracking().FirstAsync(i => i.Id == invoice.IssuerId, ct);
        if (providers.FirstOrDefault(p => p.Code == issuer.Provider) is not { } provider)
            return false;
        var paper = new InvoicePaper(invoice, issuer,
            await s.Db.Set<InvoiceLine>().AsNoTracking().Where(l => l.InvoiceId == invoice.Id).OrderBy(l => l.Id).ToListAsync(ct));
        var progress = invoice.State is InvoiceState.Reversing ? await provider.ReverseAsync(s.City, paper, ct) : await provider.IssueAsync(s.City, paper, ct);
        var same = progress.State is InvoiceState.Asked
            || (progress.State is InvoiceState.AtProvider && (invoice.State is InvoiceState.AtProvider or InvoiceState.Reversing));
        return !same && (await TakePayment.RaceAsync(() => SettleAsync(s.City.Code, invoice, progress, ct))).Ok;
    }

    /// <summary>Writes down how far the provider has come with what it was asked about; what has moved on since stays as it is.</summary>
    async Task<Result<Done>> SettleAsync(string city, Invoice asked, InvoiceProgress progress, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), InvoicePermissions.Send, ct);
        var invoice = await s.Db.Set<Invoice>().FirstAsync(i => i.Id == asked.Id, ct);
        if ((invoice.State, invoice.Serial, invoice.ReverseSerial) != (asked.State, asked.Serial, asked.ReverseSerial))
            return new Done();
        if (invoice.State is InvoiceState.Reversing)
            await ReversalAsync(s, invoice, progress, ct);
        else if (progress.State is InvoiceState.AtProvider)
        {
            invoice.Go(InvoiceState.AtProvider);
            InvoiceOperation.Log(s, invoice, InvoiceOperationKind.TakenUp);
        }
        else if (progress.State is InvoiceState.Issued)
            invoice.Issue(s, progress);
        else
        {
            invoice.Go(InvoiceState.Failed);
            (invoice.Problem, invoice.AskAt) = (Cut(progress.Problem), null);
            InvoiceOperation.Log(s, invoice, InvoiceOperationKind.Failed, invoice.Problem);
        }
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(city, [new LiveNotice(LiveKind.Invoice, invoice.LotId, invoice.Id)]);
        return new Done();
    }

    static async Task ReversalAsync(CitySession s, Invoice invoice, InvoiceProgress progress, CancellationToken ct)
    {
        if (progress.State is InvoiceState.Issued)
            await invoice.ReverseAsync(s, progress.Number, progress.IssuedAt, ct);
        else
        {
            invoice.Go(InvoiceState.Issued);
            (invoice.Problem, invoice.AskAt, invoice.ReverseReason, invoice.ReverseSerial) = (Cut(progress.Problem), null, "", null);
            InvoiceOperation.Log(s, invoice, InvoiceOperationKind.ReversalFailed, invoice.Problem);
        }
    }

    static string Cut(string problem) => problem.Length > Invoice.MaxReason ? problem[..Invoice.MaxReason] : problem;
}
