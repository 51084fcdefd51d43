using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>A named set of prices that lots use; its rules live in versions.</summary>
public sealed class TariffPlan
{
    /// <summary>Row id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name, unique in the city.</summary>
    public required string Name { get; set; }

    /// <summary>No longer given to lots.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
}

/// <summary>One version of a tariff. A published version never changes; an order keeps the version in force at its entry.</summary>
public sealed class TariffVersion
{
    /// <summary>Row id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tariff.</summary>
    public required Guid TariffId { get; init; }

    /// <summary>1, 2, 3 … within the tariff.</summary>
    public required int Number { get; init; }

    /// <summary>The rules, in the documented JSON schema.</summary>
    public required string Definition { get; set; }

    /// <summary>From when on entries are priced by it; null while it is a draft.</summary>
    public DateTimeOffset? EffectiveFrom { get; set; }

    /// <summary>When it was published; null while it is a draft.</summary>
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Who published it.</summary>
    public string? PublishedBy { get; set; }
}

/// <summary>Which tariff a lot uses.</summary>
public sealed class LotTariff : ILotOwned
{
    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The tariff.</summary>
    public required Guid TariffId { get; set; }
}
