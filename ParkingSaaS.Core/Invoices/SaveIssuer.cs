using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>An issuer as entered.</summary>
/// <param name="Id">The issuer to change; null adds one.</param>
/// <param name="Name">1–100 characters.</param>
/// <param name="TaxNumber">See <see cref="Invoices.TaxNumber"/>.</param>
/// <param name="CompanyId">For the lots of this company; null with <paramref name="LotId"/> null: for the whole city.</param>
/// <param name="LotId">For this lot; not together with a company.</param>
/// <param name="Rate">In hundredths of a percent, 0–9999.</param>
/// <param name="TaxCode">19 digits.</param>
/// <param name="Provider">Code of an <see cref="IInvoiceProvider"/>; empty where people enter numbers.</param>
/// <param name="AppKey">Letters and digits; wanted with a provider that needs one.</param>
public sealed record IssuerDetails(Guid? Id, string? Name, string? TaxNumber, Guid? CompanyId, Guid? LotId, bool Enabled, string? Address, string? Phone,
    string? Bank, string? BankAccount, int? Rate, string? GoodsName, string? TaxCode, string? Drawer, string? Provider, string? AppKey)
{
    /// <summary>Letters and digits; empty keeps the one there is.</summary>
    public string? AppSecret { get; init; }

    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public IssuerDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with: without its secret, which nobody sees again.</summary>
    public static IssuerDetails Of(Issuer i) => new(i.Id, i.Name, i.TaxNumber, i.CompanyId, i.LotId, i.Enabled, i.Address, i.Phone, i.Bank, i.BankAccount,
        i.Rate, i.GoodsName, i.TaxCode, i.Drawer, i.Provider, i.AppKey);

    /// <summary>Names the issuer and none of its secrets.</summary>
    public override string ToString() => $"issuer {Id}";
}

/// <summary>Adds who issues invoices, or changes it. The security log says who did.</summary>
public sealed class SaveIssuer(CitySessions sessions, ChannelSecrets secrets, IEnumerable<IInvoiceProvider> providers, SecurityLog log)
{
    /// <summary>Saves and answers the issuer's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, IssuerDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, InvoicePermissions.Issuers, ct);
        var issuer = await s.Db.Set<Issuer>().FirstOrDefaultAsync(i => i.Id == request.Id, ct);
        if (!actor.Scope.IsWholeCity || (issuer is null && request.Id is not null))
            return new NotFound("issuer");
        if (s.City.Currency != Currency.Yuan)
            return new InvoicesOnlyInYuan();
        if (Problem(request, issuer) is { } invalid)
            return invalid;
        if (request.CompanyId is { } company && !await s.Db.Set<Company>().AnyAsync(c => c.Id == company, ct))
            return new NotFound("company");
        if (request.LotId is { } lot && !await s.Db.Set<Lot>().AnyAsync(l => l.Id == lot, ct))
            return new NotFound("lot");
        if (issuer is not null && Edits.Since(request.Seen, IssuerDetails.Of(issuer), request, issuer.ChangedBy) is { } changed)
            return changed;
        if (request.Enabled && await s.Db.Set<Issuer>().AsNoTracking().FirstOrDefaultAsync(i => i.Enabled && i.Id != request.Id
                && i.CompanyId == request.CompanyId && i.LotId == request.LotId, ct) is { } other)
            return new IssuerOverlap(other.Name);
        if (issuer is not null && issuer.TaxNumber != TaxNumber.Normalize(request.TaxNumber)
            && await s.Db.Set<Invoice>().AnyAsync(i => i.IssuerId == issuer.Id, ct))
            return new IssuerInUse();
        var isNew = issuer is null;
        if (issuer is null)
            s.Db.Add(issuer = new Issuer { Id = Guid.CreateVersion7() });
        Fill(issuer, request);
        (issuer.ChangedBy, issuer.ChangedAt) = (actor.Name, s.Now);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        log.Write(isNew ? SecurityEvent.IssuerAdded : SecurityEvent.IssuerChanged, s.City.Code, actor.Address, issuer.Id.ToString(), $"by {actor.Id}");
        return issuer.Id;
    }

    InvalidField? Problem(IssuerDetails r, Issuer? known)
    {
        var provider = providers.FirstOrDefault(p => p.Code == r.Provider);
        return Check.All(
            Check.Required(nameof(r.Name), r.Name, Issuer.MaxName),
            Check.That(TaxNumber.Normalize(r.TaxNumber) is not null, nameof(r.TaxNumber), "invalid", "tax-number"),
            Check.That(r.CompanyId is null || r.LotId is null, nameof(r.LotId), "invalid", "company-or-lot"),
            Check.Optional(nameof(r.Address), r.Address, Issuer.MaxContact),
            Check.Optional(nameof(r.Phone), r.Phone, 20),
            Check.Optional(nameof(r.Bank), r.Bank, Issuer.MaxContact),
            Check.Optional(nameof(r.BankAccount), r.BankAccount, 40),
            Check.That(r.Rate is not null, nameof(r.Rate), "required"),
            Check.Range(nameof(r.Rate), r.Rate, 0, InvoiceTax.Whole - 1),
            Check.Required(nameof(r.GoodsName), r.GoodsName, Issuer.MaxGoods),
            Check.That(r.TaxCode?.Trim() is { Length: Issuer.TaxCodeLength } code && code.All(char.IsAsciiDigit), nameof(r.TaxCode), "invalid", "tax-code"),
            Check.Required(nameof(r.Drawer), r.Drawer, Issuer.MaxDrawer),
            Check.That(provider is not null || string.IsNullOrEmpty(r.Provider), nameof(r.Provider), "invalid"),
            provider is not { NeedsKeys: true } ? null : Check.Required(nameof(r.AppKey), r.AppKey, 32),
            Check.That(Text(r.AppKey).All(char.IsAsciiLetterOrDigit), nameof(r.AppKey), "invalid", "letters-and-digits"),
            Check.That(provider is not { NeedsKeys: true } || Text(r.AppSecret) != "" || known is { AppSecret.Length: > 0 }, nameof(r.AppSecret), "required"),
            Check.That(Text(r.AppSecret) is { Length: <= 64 } secret && secret.All(char.IsAsciiLetterOrDigit), nameof(r.AppSecret), "invalid",
                "letters-and-digits"));
    }

    void Fill(Issuer i, IssuerDetails r)
    {
        (i.Name, i.TaxNumber, i.CompanyId, i.LotId, i.Enabled) = (r.Name!.Trim(), TaxNumber.Normalize(r.TaxNumber)!, r.CompanyId, r.LotId, r.Enabled);
        (i.Address, i.Phone, i.Bank, i.BankAccount) = (Text(r.Address), Text(r.Phone), Text(r.Bank), Text(r.BankAccount));
        (i.Rate, i.GoodsName, i.TaxCode, i.Drawer, i.Provider) = (r.Rate!.Value, r.GoodsName!.Trim(), r.TaxCode!.Trim(), r.Drawer!.Trim(), r.Provider ?? "");
        if (Text(r.AppKey) == i.AppKey && Text(r.AppSecret) == "")
            return;
        // What was lent to the application before is worth nothing to another.
        (i.AppKey, i.Token, i.TokenUntil) = (Text(r.AppKey), "", null);
        if (Text(r.AppSecret) is { Length: > 0 } secret)
            i.AppSecret = secrets.Seal(i.Id, secret);
    }

    static string Text(string? text) => text?.Trim() ?? "";
}
