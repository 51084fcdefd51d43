namespace ParkingSaaS.Core.Tariffs;

/// <summary>Which version of a tariff prices an entry.</summary>
public static class VersionsInForce
{
    /// <summary>Those that have begun by then, that in force first: of two that begin together, the newer one replaces the older.</summary>
    /// <param name="versions">Of one tariff, or to be narrowed to one.</param>
    public static IQueryable<TariffVersion> InForce(this IQueryable<TariffVersion> versions, DateTimeOffset at) =>
        versions.Where(v => v.EffectiveFrom <= at).OrderByDescending(v => v.EffectiveFrom).ThenByDescending(v => v.Number);
}
