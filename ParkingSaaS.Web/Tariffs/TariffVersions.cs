using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Web.Tariffs;

/// <summary>The versions of a tariff as of one moment.</summary>
/// <param name="All">The newest first; there is at least one.</param>
/// <param name="Now">The moment.</param>
public sealed record TariffVersions(IReadOnlyList<TariffVersion> All, DateTimeOffset Now)
{
    /// <summary>A draft, where there is one.</summary>
    public TariffVersion Newest => All[0];

    /// <summary>The version that is being written; null where all are published.</summary>
    public TariffVersion? Draft => Newest.PublishedAt is null ? Newest : null;

    /// <summary>By which a car pays that enters now; null before the first.</summary>
    public TariffVersion? InForce { get; } = All.AsQueryable().InForce(Now).FirstOrDefault();
}
