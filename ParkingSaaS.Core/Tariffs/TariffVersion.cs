using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>A named set of prices that lots use; its rules live in versions.</summary>
public sealed class TariffPlan
{
    public required Guid Id { get; init; }

    /// <summary>Its name, unique in the city.</summary>
    public required string Name { get; set; }

    /// <summary>No longer given to lots.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
}

/// <summary>One version of a tariff. A published version never changes; an order keeps the version in force at its entry.</summary>
public sealed class TariffVersion
{
    public required Guid Id { get; init; }

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

    /// <summary>Who saved its draft last; null where nobody noted it.</summary>
    public string? SavedBy { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>The rules. A draft must be valid today; what was published stays readable.</summary>
    public TariffReading Read() => PublishedAt is null ? TariffJson.Read(Definition) : new(TariffJson.ReadPublished(Definition), []);
}

/// <summary>Which tariff a lot uses or used, from when until when, and who said so. A lot has one that has not ended.</summary>
public sealed class LotTariff : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid TariffId { get; init; }

    /// <summary>From when on entries are priced by it; <see cref="DateTimeOffset.MinValue"/> where nobody noted it.</summary>
    public required DateTimeOffset UsedFrom { get; init; }

    /// <summary>Up to when; null while it is in use.</summary>
    public DateTimeOffset? UsedUntil { get; set; }

    /// <summary>Who gave it to the lot; null where nobody noted it.</summary>
    public string? AssignedBy { get; init; }
}
