using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web.Shell;

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

/// <summary>How screens speak of versions.</summary>
static class VersionWords
{
    /// <summary>Whether cars pay by a version, and since when or from when on.</summary>
    public static string StateOf(this IStringLocalizer<Texts> texts, TariffVersion version, TariffVersions versions, CityZone zone) =>
        version.PublishedAt is null ? texts["Draft"]
        : version.EffectiveFrom > versions.Now ? texts["from {0}", zone.Time(version.EffectiveFrom)]
        : version.Id == versions.InForce?.Id ? texts["In force since {0}", zone.Time(version.EffectiveFrom)]
        : texts["Past"];
}
