using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A company as entered.</summary>
/// <param name="Id">The company to change; null adds one.</param>
/// <param name="Name">1–64 characters, unique in the city.</param>
public sealed record CompanyDetails(Guid? Id, string Name, Guid AreaId)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public CompanyDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static CompanyDetails Of(Company company) => new(company.Id, company.Name, company.AreaId);
}

public sealed class SaveCompany(CitySessions sessions)
{
    /// <summary>Saves and answers the company's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, CompanyDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.ManageCompanies, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("company");
        if (Check.Required(nameof(request.Name), request.Name, 64) is { } invalid)
            return invalid;
        var name = request.Name.Trim();
        var company = request.Id is null ? null : await s.Db.Set<Company>().FindAsync([request.Id], ct);
        if (company is null && request.Id is not null)
            return new NotFound("company");
        if (company is not null && Edits.Since(request.Seen, CompanyDetails.Of(company), request) is { } changed)
            return changed;
        if (await s.Db.Set<Company>().AnyAsync(c => c.Name == name && c.Id != request.Id, ct))
            return new InvalidField(nameof(request.Name), "taken");
        if (!await s.Db.Set<Area>().AnyAsync(a => a.Id == request.AreaId, ct))
            return new InvalidField(nameof(request.AreaId), "invalid");
        if (company is null)
            s.Db.Set<Company>().Add(company = new Company { Id = Guid.CreateVersion7(), Name = name, AreaId = request.AreaId });
        (company.Name, company.AreaId) = (name, request.AreaId);
        return (await s.SaveAsync(ct)).Error is { } error ? error : company.Id;
    }
}

/// <summary>Takes a company out of use that operates no lot and has no account that can sign in.</summary>
public sealed class RetireCompany(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.ManageCompanies, ct);
        if (!actor.Scope.IsWholeCity || await s.Db.Set<Company>().FindAsync([id], ct) is not { } company)
            return new NotFound("company");
        if (await s.Db.Set<Lot>().AnyAsync(l => l.CompanyId == id && l.RetiredAt == null, ct)
            || await s.Db.Set<User>().AnyAsync(u => u.CompanyId == id && !u.Disabled, ct)
            || await s.Db.Set<ApiClient>().AnyAsync(c => c.CompanyId == id && c.RevokedAt == null, ct))
            return new StillUsed(company.Name);
        company.RetiredAt ??= s.Now;
        return await s.SaveAsync(ct);
    }
}
