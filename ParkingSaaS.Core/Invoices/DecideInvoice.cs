using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>What a desk does with an invoice: it enters what was written elsewhere, sends what failed once more, gives up what is not issued, and has what
/// is issued taken back. Done twice it is done once.</summary>
public sealed class DecideInvoice(CitySessions sessions, SendInvoices send, LiveFeed live)
{
    /// <summary>Enters the number of an invoice that a person wrote elsewhere: of the invoice where it is asked for, else of the red one.</summary>
    /// <param name="number">8 or 20 digits.</param>
    /// <param name="code">10 or 12 digits beside a number of 8; may be empty.</param>
    /// <param name="reason">Why it is taken back, for a red one; 1–200 characters.</param>
    public Task<Result<Done>> EnterAsync(Actor actor, Guid id, string? number, string? code, string? reason, CancellationToken ct) => ChangeAsync(actor, id,
        async (s, invoice) =>
        {
            var (typed, older) = (number?.Trim() ?? "", code?.Trim() ?? "");
            if (invoice.Number == typed && invoice.State is InvoiceState.Issued || invoice.ReverseNumber == typed && invoice.State is InvoiceState.Reversed)
                return null;
            if (invoice.State is not (InvoiceState.Asked or InvoiceState.Issued))
                return new WrongInvoiceState(invoice.State);
            if (await s.Db.Set<Issuer>().AnyAsync(i => i.Id == invoice.IssuerId && i.Provider != "", ct))
                return new InvoiceHasProvider();
            var reversal = invoice.State is InvoiceState.Issued;
            if (Check.All(
                    Check.That(typed is { Length: 8 or 20 } && typed.All(char.IsAsciiDigit), "Number", "invalid", "invoice-number"),
                    Check.That(older is { Length: 0 or 10 or 12 } && older.All(char.IsAsciiDigit), "Code", "invalid", "invoice-code"),
                    reversal ? Check.Required("Reason", reason, Invoice.MaxReason) : null) is { } invalid)
                return invalid;
            if (reversal)
            {
                invoice.ReverseReason = reason!.Trim();
                await invoice.ReverseAsync(s, typed, null, ct);
            }
            else
                invoice.Issue(s, new InvoiceProgress(InvoiceState.Issued) { Number = typed, Code = older });
            return null;
        }, ct);

    /// <summary>Sends what failed once more, made out as it is said now.</summary>
    public Task<Result<Done>> AgainAsync(Actor actor, Guid id, InvoiceTitle title, CancellationToken ct) => ChangeAsync(actor, id, (s, invoice) =>
    {
        if (title.Problem() is { } invalid)
            return Task.FromResult<Error?>(invalid);
        if (invoice.State is InvoiceState.Asked or InvoiceState.AtProvider)
            return Task.FromResult<Error?>(null);
        if (invoice.State is not InvoiceState.Failed)
            return Task.FromResult<Error?>(new WrongInvoiceState(invoice.State));
        invoice.Go(InvoiceState.Asked);
        invoice.MakeOut(title);
        // The provider has said that the one with the old number will never be.
        (invoice.Serial, invoice.Problem, invoice.Tries, invoice.AskAt) = (Invoice.NewSerial(s.Now), "", 0, s.Now);
        InvoiceOperation.Log(s, invoice, InvoiceOperationKind.SentAgain);
        return Task.FromResult<Error?>(null);
    }, ct);

    /// <summary>Gives up what is not issued and is at no provider: what was paid can be invoiced again.</summary>
    public Task<Result<Done>> GiveUpAsync(Actor actor, Guid id, CancellationToken ct) => ChangeAsync(actor, id, async (s, invoice) =>
    {
        if (invoice.State is InvoiceState.GivenUp)
            return null;
        // What the provider was told of once may yet be issued there.
        if (!InvoiceTransitions.Allows(invoice.State, InvoiceState.GivenUp) || invoice is { State: InvoiceState.Asked, Tries: > 0 })
            return new WrongInvoiceState(invoice.State);
        invoice.Go(InvoiceState.GivenUp);
        invoice.AskAt = null;
        await invoice.ReleaseAsync(s, ct);
        InvoiceOperation.Log(s, invoice, InvoiceOperationKind.GivenUp);
        return null;
    }, ct);

    /// <summary>Has an issued invoice taken back as a whole by a red one.</summary>
    /// <param name="reason">Why; 1–200 characters.</param>
    public Task<Result<Done>> ReverseAsync(Actor actor, Guid id, string? reason, CancellationToken ct) => ChangeAsync(actor, id, async (s, invoice) =>
    {
        if (invoice.State is InvoiceState.Reversing or InvoiceState.Reversed)
            return null;
        if (Check.Required("Reason", reason, Invoice.MaxReason) is { } invalid)
            return invalid;
        if (invoice.State is not InvoiceState.Issued)
            return new WrongInvoiceState(invoice.State);
        if (await s.Db.Set<Issuer>().AnyAsync(i => i.Id == invoice.IssuerId && i.Provider == "", ct))
            return new InvoiceByHand();
        invoice.Go(InvoiceState.Reversing);
        (invoice.ReverseReason, invoice.ReverseSerial) = (reason!.Trim(), Invoice.NewSerial(s.Now));
        (invoice.Problem, invoice.Tries, invoice.AskAt) = ("", 0, s.Now);
        InvoiceOperation.Log(s, invoice, InvoiceOperationKind.ReversalAsked, invoice.ReverseReason);
        return null;
    }, ct);

    async Task<Result<Done>> ChangeAsync(Actor actor, Guid id, Func<CitySession, Invoice, Task<Error?>> change, CancellationToken ct)
    {
        var result = await TakePayment.RaceAsync<Done>(async () =>
        {
            await using var s = await sessions.OpenAsync(actor, InvoicePermissions.Manage, ct);
            if (await s.Db.Set<Invoice>().FirstOrDefaultAsync(i => i.Id == id, ct) is not { } invoice)
                return new NotFound("invoice");
            if (await change(s, invoice) is { } refused)
                return refused;
            if ((await s.SaveAsync(ct)).Error is { } error)
                return error;
            live.Publish(s.City.Code, [new LiveNotice(LiveKind.Invoice, invoice.LotId, invoice.Id)]);
            return new Done();
        });
        if (result.Ok)
            await send.NowAsync(actor.City, id, ct);
        return result;
    }
}
