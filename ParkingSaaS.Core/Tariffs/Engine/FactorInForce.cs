using System.Diagnostics;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>By what a vehicle's charges, and caps and minimum charge, are multiplied, and what that is called; null where nothing does.</summary>
internal readonly record struct FactorInForce(decimal OfCharges, string? ChargesId, decimal OfLimits, string? LimitsId)
{
    public static FactorInForce Of(Tariff tariff, in Stay stay)
    {
        var found = new FactorInForce(1, null, 1, null);
        for (var i = 0; i < tariff.Factors.Count; i++)
        {
            var factor = tariff.Factors[i];
            if (factor.AppliesTo?.MatchesVehicle(in stay) is false)
                continue;
            switch (tariff.FactorsTogether)
            {
                case FactorsTogether.First:
                    return found.Times(factor);
                case FactorsTogether.Multiply:
                    found = found.Times(factor);
                    break;
                case FactorsTogether.Largest:
                    if (found.ChargesId is null || factor.Factor > found.OfCharges)
                        found = new FactorInForce(1, null, 1, null).Times(factor);
                    break;
                default:
                    throw new UnreachableException($"Factors together: {tariff.FactorsTogether}");
            }
        }
        return found;
    }

    /// <summary>An amount of a cap or minimum charge for the vehicle.</summary>
    public decimal Limit(decimal amount) => LimitsId is null ? amount : decimal.Round(amount * OfLimits, StageMath.Decimals);

    private FactorInForce Times(TariffFactor factor) => new(
        OfCharges * factor.Factor, And(ChargesId, factor.Id),
        factor.ScaleLimits ? OfLimits * factor.Factor : OfLimits, factor.ScaleLimits ? And(LimitsId, factor.Id) : LimitsId);

    private static string And(string? before, string id) => before is null ? id : before + FeeLine.Times + id;
}
