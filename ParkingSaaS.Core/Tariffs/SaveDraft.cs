using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Writes a tariff's draft. Where all versions are published, it becomes the next one.</summary>
public sealed class SaveDraft(CitySessions sessions)
{
    /// <param name="actor">Who does it.</param>
    /// <param name="tariffId">The tariff.</param>
    /// <param name="definition">The rules as JSON. Their name becomes the tariff's.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The draft's id, or <see cref="TariffInvalid"/> with every problem.</returns>
    public async Task<Result<Guid>> RunAsync(Actor actor, Guid tariffId, string definition, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, TariffPermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity)
            return new TariffsAreTheCitys();
        if (await s.Db.Tariffs.FirstOrDefaultAsync(t => t.Id == tariffId && t.RetiredAt == null, ct) is not { } plan)
            return new NotFound("tariff");
        var (tariff, problems) = TariffJson.Read(definition);
        if (tariff is null)
            return new TariffInvalid(problems);
        if (ForCity(tariff, s.City) is { } foreign)
            return new TariffInvalid([foreign]);
        var name = tariff.Name.Trim();
        if (await s.Db.Tariffs.AnyAsync(t => t.Name == name && t.Id != tariffId, ct))
            return new TariffInvalid([new("/name", "name.taken", "Another tariff has this name")]);
        plan.Name = name;

        var last = await s.Db.TariffVersions.Where(v => v.TariffId == tariffId).OrderByDescending(v => v.Number).FirstAsync(ct);
        if (last.PublishedAt is not null)
            s.Db.Add(last = new TariffVersion { Id = Guid.CreateVersion7(), TariffId = tariffId, Number = last.Number + 1, Definition = "" });
        last.Definition = TariffJson.Write(tariff with { Name = name });
        return (await s.SaveAsync(ct)).Error is { } error ? error : last.Id;
    }

    /// <summary>What a tariff must be besides valid to be used in a city; null when it is.</summary>
    public static TariffProblem? ForCity(Tariff tariff, City city) =>
        tariff.Currency.Code != city.Currency || tariff.Currency.Digits != 2
            ? new("/currency", "currency.city", $"Must be {city.Currency} with 2 digits, the currency of the city")
        : tariff.Name.Trim().Length > TariffsMapping.MaxName || tariff.Name.Any(char.IsControl)
            ? new("/name", "text.length", $"Must have 1 to {TariffsMapping.MaxName} characters")
        : null;
}
