using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>A tariff as written.</summary>
/// <param name="Definition">The rules as JSON. Their name becomes the tariff's.</param>
/// <param name="Newest">The tariff's newest version as it was when the writing began: what somebody else has saved or published since
/// is not written over.</param>
public sealed record DraftToSave(Guid TariffId, string Definition, TariffVersion Newest);

/// <summary>Writes a tariff's draft. Where all versions are published, it becomes the next one.</summary>
public sealed class SaveDraft(CitySessions sessions)
{
    /// <returns>The draft's id, <see cref="TariffInvalid"/> with every problem, or <see cref="DraftChanged"/>.</returns>
    public async Task<Result<Guid>> RunAsync(Actor actor, DraftToSave request, CancellationToken ct)
    {
        var tariffId = request.TariffId;
        await using var s = await sessions.OpenAsync(actor, TariffPermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity)
            return new TariffsAreTheCitys();
        if (await s.Db.Set<TariffPlan>().FirstOrDefaultAsync(t => t.Id == tariffId && t.RetiredAt == null, ct) is not { } plan)
            return new NotFound("tariff");
        var (tariff, problems) = TariffJson.Read(request.Definition);
        if (tariff is null)
            return new TariffInvalid(problems);
        if (ForCity(tariff, s.City) is { } foreign)
            return new TariffInvalid([foreign]);
        var name = tariff.Name.Trim();
        if (await s.Db.Set<TariffPlan>().AnyAsync(t => t.Name == name && t.Id != tariffId, ct))
            return new TariffInvalid([new("/name", "name.taken", "Another tariff has this name")]);
        plan.Name = name;

        var last = await s.Db.Set<TariffVersion>().Where(v => v.TariffId == tariffId).OrderByDescending(v => v.Number).FirstAsync(ct);
        if ((last.Id, last.RowVersion) != (request.Newest.Id, request.Newest.RowVersion))
            return DraftChanged.To(last);
        if (last.PublishedAt is not null)
            s.Db.Add(last = new TariffVersion { Id = Guid.CreateVersion7(), TariffId = tariffId, Number = last.Number + 1, Definition = "" });
        (last.Definition, last.SavedBy) = (TariffJson.Write(tariff with { Name = name }), actor.Name);
        return (await s.SaveAsync(ct)).Error switch
        {
            null => last.Id,
            ChangedMeanwhile => new DraftChanged(),
            var error => error
        };
    }

    /// <summary>What a tariff must be besides valid to be used in a city; null when it is.</summary>
    public static TariffProblem? ForCity(Tariff tariff, City city) =>
        tariff.Currency != city.Currency
            ? new("/currency", "currency.city", $"Must be {city.Currency.Code} with {city.Currency.Digits} digits, the currency of the city")
        : tariff.Name.Trim().Length > TariffsMapping.MaxName
            ? new("/name", "text.length", $"Must have 1 to {TariffsMapping.MaxName} characters")
        : null;
}
