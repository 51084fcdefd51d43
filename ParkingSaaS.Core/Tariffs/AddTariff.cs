using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>A tariff to be added.</summary>
/// <param name="Name">1–64 characters, unique in the city.</param>
/// <param name="Template">Id of one of the <see cref="TariffTemplate"/>s for the city's currency to start from; null starts with one rule
/// that charges nothing.</param>
public sealed record NewTariff(string Name, string? Template);

/// <summary>Adds a tariff, whose first version is a draft.</summary>
public sealed class AddTariff(CitySessions sessions)
{
    /// <summary>Adds and answers the tariff's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, NewTariff request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, TariffPermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity)
            return new TariffsAreTheCitys();
        if (Check.Required(nameof(request.Name), request.Name, TariffsMapping.MaxName) is { } invalid)
            return invalid;
        var name = request.Name.Trim();
        var template = TariffTemplate.For(s.City.Currency).FirstOrDefault(t => t.Id == request.Template)?.Tariff;
        if (request.Template is not null && template is null)
            return new InvalidField(nameof(request.Template), "invalid");
        if (await s.Db.Set<TariffPlan>().AnyAsync(t => t.Name == name, ct))
            return new InvalidField(nameof(request.Name), "taken");
        var plan = new TariffPlan { Id = Guid.CreateVersion7(), Name = name };
        s.Db.Add(plan);
        s.Db.Add(new TariffVersion
        {
            Id = Guid.CreateVersion7(),
            TariffId = plan.Id,
            Number = 1,
            Definition = TariffJson.Write((template ?? Free(s.City.Currency)) with { Name = name })
        });
        return (await s.SaveAsync(ct)).Error is { } error ? error : plan.Id;
    }

    static Tariff Free(Currency currency) => new()
    {
        Schema = Tariff.SchemaId,
        Name = "",
        Currency = currency,
        Rules = [new TariffRule { Id = "all", Charge = new FreeCharge() }]
    };
}
